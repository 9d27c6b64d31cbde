// Fails: A voice packet is RTP, and a report is RTCP
// You look at the first byte alone. RTP and RTCP share its range, and the second byte tells the two
// apart.
import STUNCodec

func kind(of packet: [UInt8], isFromRelay: Bool) -> PacketKind {
  guard let first = packet.first else { return .unknown }
  switch first {
  case 0...3: return .stun
  case 20...63: return .dtls
  case 64...79: return isFromRelay ? .channelData : .unknown
  case 128...191: return .rtp
  default: return .unknown
  }
}
