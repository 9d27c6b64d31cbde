internal import STUNCodec
internal import SansIO
internal import TransportAddress

/// Makes nonces that a server recognises without remembering them.
///
/// A nonce is the cookie, the time in seconds, and a code over both and the client's address that
/// only this server can make. So anybody may ask for as many as they like: nothing is stored before
/// a request is authenticated (pitfall 27). RFC 8489 §9.2 and §14.10.
struct NonceMaker: Sendable {
  private let key: MessageIntegrityKey
  private let cookie: String
  private let lifetime: Duration

  init(secret: [UInt8], features: SecurityFeatures, lifetime: Duration) {
    key = MessageIntegrityKey(bytes: secret)
    cookie = features.isEmpty ? "" : NonceCookie.text(promising: features)
    self.lifetime = lifetime
  }

  func nonce(for client: TransportAddress, at now: Instant) -> String {
    nonce(for: client, seconds: now.nanoseconds / 1_000_000_000)
  }

  /// Whether this server has made the nonce, for this client, and not too long ago.
  func isFresh(_ nonce: String, for client: TransportAddress, at now: Instant) -> Bool {
    let digits = nonce.utf8.dropFirst(cookie.utf8.count).prefix(16)
    guard digits.count == 16,
      let seconds = Int64(String(decoding: digits, as: UTF8.self), radix: 16),
      // The whole nonce is made anew and compared: nothing in it is believed before that.
      self.nonce(for: client, seconds: seconds) == nonce
    else { return false }
    let age = Instant.seconds(seconds).duration(to: now)
    return age >= .zero && age <= lifetime
  }

  private func nonce(for client: TransportAddress, seconds: Int64) -> String {
    let text = String(seconds, radix: 16)
    let stamp = cookie + String(repeating: "0", count: max(0, 16 - text.utf8.count)) + text
    let code = key.authenticationCode(of: Array("\(stamp) \(client)".utf8))
    return stamp + Hexadecimal.text(code.prefix(12)).replacing(" ", with: "")
  }
}
