/// The constants of the STUN header (RFC 8489 §5).
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
///     |0 0|       Message Type        |        Message Length         |
///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
///     |                   Magic Cookie (0x2112A442)                   |
///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
///     |                                                               |
///     |                   Transaction ID (96 bits)                    |
///     |                                                               |
///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
public enum STUNHeader {
  /// How many bytes the header has; Message Length counts what follows them.
  @inlinable public static var byteCount: Int { 20 }

  /// The fixed value that distinguishes STUN from other protocols on the same port.
  @inlinable public static var magicCookie: UInt32 { 0x2112_A442 }

  /// The size of the longest message: the header and the largest multiple of four in 16 bits.
  public static let maximumMessageByteCount = 20 + 0xFFFC
}
