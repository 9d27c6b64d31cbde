import STUNCodec

/// Tells to which protocol a packet belongs that has come to the socket of a
/// call (RFC 7983 §7).
///
/// The first byte decides:
///
///     0 to 3       .stun
///     20 to 63     .dtls
///     64 to 79     .channelData, if the packet comes from the relay
///     128 to 191   .rtp, or .rtcp if the second byte is 192 to 223
///
/// All else is `.unknown`, and is dropped. No bytes may make this crash. You
/// will need:
///
///     packet.first                 // nil if there is none
///     (20...63).contains(byte)
///     packet.count > 1
///     packet[1]
///
/// - Parameters:
///   - packet: the bytes that UDP has brought.
///   - isFromRelay: whether they come from the address of Alice's own relay.
func kind(of packet: [UInt8], isFromRelay: Bool) -> PacketKind {
  // Your code here.
  return .unknown
}
