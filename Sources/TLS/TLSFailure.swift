internal import CTLS

/// Why a TLS handshake has failed, or a session is broken.
public struct TLSFailure: Error, Hashable, Sendable {
  /// The kinds of reasons.
  public enum Reason: Hashable, Sendable, CaseIterable {
    /// The other end does not speak TLS.
    case notTLS
    /// No version of TLS that both ends take.
    case version
    /// No cipher that both ends take.
    case cipher
    /// The certificate's time is over, by this machine's clock.
    case expired
    /// The certificate's time has not begun, by this machine's clock.
    case notYetValid
    /// The certificate is another name's.
    case name
    /// The certificate is of no issuer that is trusted.
    case unknownIssuer
    /// The certificate cannot be used for another reason.
    case certificate
    /// The other end has refused, by an alert.
    case alert
    /// Something else.
    case other
  }

  /// What kind of reason it is.
  public let reason: Reason
  /// OpenSSL's own words; empty where it has none.
  public let text: String

  /// A failure for this reason.
  public init(_ reason: Reason, _ text: String) {
    (self.reason, self.text) = (reason, text)
  }
}

extension TLSFailure: CustomStringConvertible {
  /// The reason in words, with OpenSSL's.
  public var description: String { text.isEmpty ? "\(reason)" : "\(reason) (\(text))" }
}

extension TLSFailure.Reason: CustomStringConvertible {
  /// The reason as a phrase.
  public var description: String {
    switch self {
    case .notTLS: "the other end does not speak TLS"
    case .version: "no version of TLS that both ends take"
    case .cipher: "no cipher that both ends take"
    case .expired: "the certificate's time is over"
    case .notYetValid: "the certificate's time has not begun"
    case .name: "the certificate is another name's"
    case .unknownIssuer: "the certificate is of no issuer that is trusted"
    case .certificate: "the certificate cannot be used"
    case .alert: "the other end refuses"
    case .other: "TLS failed"
    }
  }

  init(_ reason: tls_reason) {
    self =
      switch reason {
      case tls_reason_not_tls: .notTLS
      case tls_reason_version: .version
      case tls_reason_cipher: .cipher
      case tls_reason_expired: .expired
      case tls_reason_not_yet_valid: .notYetValid
      case tls_reason_name: .name
      case tls_reason_unknown_issuer: .unknownIssuer
      case tls_reason_certificate: .certificate
      case tls_reason_alert: .alert
      default: .other
      }
  }
}
