public import STUNCodec

/// Why a datagram, or what is in it, was not taken.
public enum MediaDiscard: Hashable, Sendable {
  /// It is neither RTP nor RTCP.
  case otherProtocol(PacketKind)
  /// Its bytes are no RTP packet, or no compound RTCP packet.
  case malformed(RTPError.Code)
  /// It comes from another source than the first packet.
  case otherSource
  /// It comes from this side's own source: two have drawn the same number, or a packet came back (RFC 3550
  /// §8.2).
  case ownSource
  /// Its payload is nothing that can be played.
  case payloadType(PayloadType)
  /// Its sequence number is too far from the others' (RFC 3550 A.1).
  case jump
  /// Its time to be played is more than two seconds ahead.
  case early
}
