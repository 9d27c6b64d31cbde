// Fails: What is too short does not crash it
// You read the second byte without asking whether there is one. Anybody can send a packet of one byte
// to your port, and would end your call with it.
import STUNCodec

func kind(of packet: [UInt8], isFromRelay: Bool) -> PacketKind {
  guard let first = packet.first else { return .unknown }
  switch first {
  case 0...3: return .stun
  case 20...63: return .dtls
  case 64...79: return isFromRelay ? .channelData : .unknown
  case 128...191: return (192...223).contains(packet[1]) ? .rtcp : .rtp
  default: return .unknown
  }
}
