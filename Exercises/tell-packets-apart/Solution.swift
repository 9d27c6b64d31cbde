import STUNCodec

func kind(of packet: [UInt8], isFromRelay: Bool) -> PacketKind {
  guard let first = packet.first else { return .unknown }
  switch first {
  case 0...3: return .stun
  case 20...63: return .dtls
  case 64...79: return isFromRelay ? .channelData : .unknown
  case 128...191:
    let isReport = packet.count > 1 && (192...223).contains(packet[1])
    return isReport ? .rtcp : .rtp
  default: return .unknown
  }
}
