internal import STUNCodec
internal import SansIO
internal import TransportAddress

/// Makes nonces that a server recognizes without remembering them.
///
/// A nonce is the cookie, the time in seconds, and a code over both and the client's address that
/// only this server can make. So nothing is stored before a request is authenticated
/// (RFC 8489 §9.2 and §14.10).
///
///     obMatJos2 wAAA 000000000000002A 8f3c…e1 (24 digits)
///     cookie         seconds          code
struct NonceGenerator: Sendable {
  private let key: MessageIntegrityKey
  /// The cookie, or nothing for a server that promises nothing.
  private let cookie: [UInt8]
  private let lifetime: Duration

  private static var timeDigitCount: Int { 16 }
  private static var codeByteCount: Int { 12 }

  init(secret: [UInt8], features: SecurityFeatures, lifetime: Duration) {
    key = MessageIntegrityKey(bytes: secret)
    cookie = features.isEmpty ? [] : Array(NonceCookie.text(promising: features).utf8)
    self.lifetime = lifetime
  }

  func nonce(for client: TransportAddress, at now: Instant) -> String {
    String(decoding: bytes(for: client, seconds: seconds(now)), as: UTF8.self)
  }

  /// Whether this server has made the nonce, for this client, and not too long ago.
  func isFresh(_ nonce: RawSpan, for client: TransportAddress, at now: Instant) -> Bool {
    guard nonce.byteCount == cookie.count + Self.timeDigitCount + 2 * Self.codeByteCount else {
      return false
    }
    var time: UInt64 = 0
    for index in cookie.count..<cookie.count + Self.timeDigitCount {
      guard let digit = Self.value(ofHex: nonce.byte(index)) else { return false }
      time = time << 4 | UInt64(digit)
    }
    // The whole nonce is made anew and compared: nothing in it is believed before that.
    let expected = bytes(for: client, seconds: time)
    guard isEqualInConstantTime(expected.span.bytes, nonce) else { return false }
    let age = Instant.seconds(Int64(clamping: time)).duration(to: now)
    return age >= .zero && age <= lifetime
  }

  private func seconds(_ now: Instant) -> UInt64 { UInt64(max(0, now.nanoseconds) / 1_000_000_000) }

  private func bytes(for client: TransportAddress, seconds: UInt64) -> [UInt8] {
    var text = cookie
    text.reserveCapacity(cookie.count + Self.timeDigitCount + 2 * Self.codeByteCount)
    for shift in stride(from: 60, through: 0, by: -4) {
      text.append(Self.hexDigit(UInt8(truncatingIfNeeded: seconds >> UInt64(shift) & 0xF)))
    }
    var subject: [UInt8] = []
    subject.reserveCapacity(text.count + 19)
    subject.append(contentsOf: text)
    switch client.address {
    case .v4(let address): subject.append(bigEndian: address.rawValue)
    case .v6(let address):
      subject.append(bigEndian: address.high)
      subject.append(bigEndian: address.low)
    }
    subject.append(bigEndian: client.port)
    for byte in key.authenticationCode(of: subject).prefix(Self.codeByteCount) {
      text.append(Self.hexDigit(byte >> 4))
      text.append(Self.hexDigit(byte & 0xF))
    }
    return text
  }

  private static func hexDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }

  private static func value(ofHex digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    default: nil
    }
  }
}

extension [UInt8] {
  fileprivate mutating func append(bigEndian value: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
  }
}
