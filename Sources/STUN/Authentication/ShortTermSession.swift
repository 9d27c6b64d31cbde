public import STUNCodec

/// A client's side of the short-term credential mechanism, its key prepared once (RFC 8489 §9.1).
///
/// ICE makes one for each pair of user fragments: `remote:local` and the remote side's password, with
/// MESSAGE-INTEGRITY alone and FINGERPRINT (RFC 8445 §7.2.2, §7.2.4 and §7.3).
public struct ShortTermSession: Hashable, Sendable {
  /// USERNAME, prepared.
  public let username: String
  /// Which integrity attributes requests get, and which ones a response may have.
  public let integrity: IntegrityAttributes
  /// Whether requests get FINGERPRINT.
  public let fingerprint: Bool
  private let key: MessageIntegrityKey

  /// A session with this name and password.
  ///
  /// - Throws: when OpaqueString takes one of them not (RFC 8489 §9.1.1).
  public init(
    username: String, password: String, integrity: IntegrityAttributes = .both,
    fingerprint: Bool = false
  ) throws(OpaqueStringError) {
    self.username = try OpaqueString.prepare(username)
    key = MessageIntegrityKey(shortTermPassword: try OpaqueString.prepare(password))
    self.integrity = integrity
    self.fingerprint = fingerprint
  }

  /// How requests are protected, to check their responses.
  public var protection: RequestProtection { .integrity(key, integrity) }

  /// Appends USERNAME, the integrity attributes, and FINGERPRINT where it is wanted.
  ///
  /// Whatever else the request has must stand before them.
  ///
  /// - Throws: where they do not fit.
  @_lifetime(message: copy message)
  public func protect(_ message: inout STUNMessageBuilder) throws(STUNEncodingError) {
    try message.append(username: username)
    try message.append(integrity, key)
    if fingerprint { try message.appendFingerprint() }
  }
}
