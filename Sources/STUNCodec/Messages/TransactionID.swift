/// The 96 random bits that a response shares with its request (RFC 8489 §5).
///
/// They are stored inline as two numbers, so that comparing, hashing and storing never allocate.
/// An attacker who cannot see the request has to guess them to forge a response.
@frozen
public struct TransactionID: Hashable, Sendable {
  /// The first four bytes.
  public let high: UInt32
  /// The other eight.
  public let low: UInt64

  /// The ID of these two numbers.
  @inlinable
  public init(high: UInt32, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// The ID of these twelve bytes, or nil when they are not twelve.
  public init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count == 12 else { return nil }
    high = bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    low = bytes.dropFirst(4).reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// A new ID; the generator must be unpredictable where responses are not authenticated.
  @inlinable
  public static func random(using generator: inout some RandomNumberGenerator) -> TransactionID {
    let high: UInt64 = generator.next()
    return TransactionID(high: UInt32(truncatingIfNeeded: high), low: generator.next())
  }

  /// The twelve bytes in the order they are sent.
  public var bytes: [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: high >> (24 - 8 * $0)) }
      + (0..<8).map { UInt8(truncatingIfNeeded: low >> (56 - 8 * $0)) }
  }
}

extension TransactionID: CustomStringConvertible {
  /// 24 hexadecimal digits: `b7e7a701bc34d686fa87dfae`.
  public var description: String {
    String(Hexadecimal.number(UInt64(high), digits: 8).dropFirst(2)).lowercased()
      + String(Hexadecimal.number(low, digits: 16).dropFirst(2)).lowercased()
  }
}
