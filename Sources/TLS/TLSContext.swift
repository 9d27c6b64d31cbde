internal import CTLS

/// What many TLS sessions share: a server's certificate, or whom a client trusts.
///
/// TLS 1.2 and 1.3 (RFC 8996), by the system's OpenSSL. A server keeps no sessions that are over, and
/// asks clients for no certificates.
public final class TLSContext: @unchecked Sendable {
  // OpenSSL counts the references to a context and locks it: sessions of several threads may share it.
  let pointer: OpaquePointer
  /// Whether its sessions are servers' ends.
  public let isServer: Bool

  /// A server's context.
  ///
  /// - Throws: where certificate and key cannot be read, or do not belong together.
  public init(server identity: TLSIdentity) throws(TLSConfigurationError) {
    var problem: UnsafePointer<CChar>?
    let made = tls_server_context(
      identity.chain, UInt(identity.chain.utf8.count), identity.key,
      UInt(identity.key.utf8.count), &problem)
    guard let made else { throw TLSConfigurationError(problem) }
    pointer = made
    isServer = true
  }

  /// A client's context, which trusts the system's issuers.
  ///
  /// - Parameter issuers: further ones as PEM text, such as a server's own certificate.
  /// - Throws: where `issuers` has no certificate.
  public init(clientTrusting issuers: String? = nil) throws(TLSConfigurationError) {
    var problem: UnsafePointer<CChar>?
    let made =
      if let issuers {
        tls_client_context(issuers, UInt(issuers.utf8.count), &problem)
      } else {
        tls_client_context(nil, 0, &problem)
      }
    guard let made else { throw TLSConfigurationError(problem) }
    pointer = made
    isServer = false
  }

  deinit { tls_context_free(pointer) }

  /// The SHA-256 of the certificate that a server shows; nil for a client.
  public var fingerprint: [UInt8]? {
    var digest = [UInt8](repeating: 0, count: 32)
    return tls_context_fingerprint(pointer, &digest) == 0 ? digest : nil
  }
}
