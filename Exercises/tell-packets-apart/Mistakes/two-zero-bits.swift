// Fails: A first byte from 0 to 3 is STUN
// You take every first byte that begins with two zero bits for STUN. That was enough when STUN was
// alone with RTP; DTLS begins with two zero bits, too.
import STUNCodec

func kind(of packet: [UInt8], isFromRelay: Bool) -> PacketKind {
  guard let first = packet.first else { return .unknown }
  switch first >> 6 {
  case 0: return .stun
  case 1: return isFromRelay && first < 80 ? .channelData : .unknown
  case 2:
    let isReport = packet.count > 1 && (192...223).contains(packet[1])
    return isReport ? .rtcp : .rtp
  default: return .unknown
  }
}
