// Fails: ChannelData comes from the relay alone
// You take ChannelData from everybody. A channel is agreed on with the relay: from any other address
// such a packet is somebody's attempt to pass for Bob.
import STUNCodec

func kind(of packet: [UInt8], isFromRelay: Bool) -> PacketKind {
  guard let first = packet.first else { return .unknown }
  switch first {
  case 0...3: return .stun
  case 20...63: return .dtls
  case 64...79: return .channelData
  case 128...191:
    let isReport = packet.count > 1 && (192...223).contains(packet[1])
    return isReport ? .rtcp : .rtp
  default: return .unknown
  }
}
