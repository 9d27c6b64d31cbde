/// The numbers every STUN header is made of.
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
///
/// RFC 8489 §5.
public enum STUNHeader {
  /// How many bytes the header has; Message Length counts what follows them.
  @inlinable public static var byteCount: Int { 20 }

  /// The number that tells STUN from whatever else arrives on the port.
  @inlinable public static var magicCookie: UInt32 { 0x2112_A442 }

  /// The most bytes a message can have: the header, and what 16 bits can count in fours.
  public static let maximumMessageByteCount = 20 + 0xFFFC
}
