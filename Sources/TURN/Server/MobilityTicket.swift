internal import ByteOrder
internal import STUNCodec

/// A ticket with which an allocation moves to another 5-tuple (RFC 8016 §3.3).
///
///     number   8 bytes, the key of the server's table of tickets
///     secret  16 bytes, compared in constant time
///
/// All of it is random, and says nothing: what it stands for is in the server's table alone, where
/// there are two for an allocation at most. So there is nothing to forge, and nothing to encrypt. No byte
/// is zero: coturn's client keeps a ticket as text, which would end there.
struct MobilityTicket: Sendable {
  private static var byteCount: Int { 24 }

  let number: UInt64
  private let secret: (high: UInt64, low: UInt64)

  /// A ticket with a number that no other one has.
  init(using generator: inout some RandomNumberGenerator, isTaken: (UInt64) -> Bool) {
    var number = Self.word(using: &generator)
    while isTaken(number) { number = Self.word(using: &generator) }
    self.number = number
    secret = (Self.word(using: &generator), Self.word(using: &generator))
  }

  /// Eight random bytes, of which none is zero.
  private static func word(using generator: inout some RandomNumberGenerator) -> UInt64 {
    var word: UInt64 = generator.next()
    for shift in stride(from: 0, to: UInt64.bitWidth, by: 8) where word >> shift & 0xFF == 0 {
      word |= 1 << shift
    }
    return word
  }

  /// The ticket in a value of MOBILITY-TICKET; nil where the length is none of this server's tickets.
  init?(_ value: RawSpan) {
    guard value.byteCount == Self.byteCount else { return nil }
    number = value.bigEndian64(at: 0)
    secret = (value.bigEndian64(at: 8), value.bigEndian64(at: 16))
  }

  /// The value of MOBILITY-TICKET.
  var bytes: [UInt8] {
    [number, secret.high, secret.low].flatMap { word in
      withUnsafeBytes(of: word.bigEndian) { Array($0) }
    }
  }

  /// Whether it is the other one, in a time that does not tell how much of it is the same.
  func matches(_ other: MobilityTicket) -> Bool {
    (number ^ other.number) | (secret.high ^ other.secret.high) | (secret.low ^ other.secret.low)
      == 0
  }
}
