/// A packet's part in a datagram that was cut up on its way (RFC 791 §3.2, RFC 8200 §4.5).
@frozen
public struct Fragment: Hashable, Sendable {
  /// The number that the fragments of one datagram have in common.
  public var identification: UInt32

  /// Where the fragment's data stood in the datagram, in bytes; only the one at 0 has the ports.
  public var offset: UInt16

  /// Whether another fragment follows.
  public var moreFollow: Bool

  /// The part of a datagram from an offset in bytes.
  @inlinable
  public init(identification: UInt32, offset: UInt16, moreFollow: Bool) {
    self.identification = identification
    self.offset = offset
    self.moreFollow = moreFollow
  }
}

extension Fragment: CustomStringConvertible {
  /// `fragment 7 from byte 1480, the last`.
  public var description: String {
    "fragment \(identification) from byte \(offset)\(moreFollow ? "" : ", the last")"
  }
}
