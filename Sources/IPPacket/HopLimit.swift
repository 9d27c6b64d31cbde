/// What a router does to each packet that it forwards.
public enum HopLimit {
  /// Takes one off the time to live, or hop limit, of a packet (RFC 1812 §5.3.1, RFC 8200 §3).
  ///
  /// - Returns: whether the packet may go on; if not it is unchanged, and its sender is to get an
  ///   ICMP time exceeded.
  @inlinable
  public static func decrement(_ bytes: inout MutableSpan<UInt8>) -> Bool {
    guard bytes.count >= 20 else { return false }
    if bytes[0] >> 4 == 6 {
      guard bytes[7] > 1 else { return false }
      bytes[7] -= 1
      return true
    }
    guard bytes[8] > 1 else { return false }
    let old = bytes.span.word(at: 8)
    // Cannot borrow from the other byte's half: the time to live is the upper one, and above 1.
    let new = old - 0x100
    var delta = ChecksumDelta()
    delta.replace(old, by: new)
    bytes.write(new, at: 8)
    bytes.write(delta.applied(to: bytes.span.word(at: 10)), at: 10)
    return true
  }
}
