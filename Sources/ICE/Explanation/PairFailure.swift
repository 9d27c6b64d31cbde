public import STUNCodec
public import TransportAddress

/// Why the check of a pair has failed (RFC 8445 §7.2.5.2).
public enum PairFailure: Hashable, Sendable {
  /// No response has come (RFC 8445 §7.2.5.2.3).
  case timedOut
  /// The response came by another path than the request's (RFC 8445 §7.2.5.2.1).
  case notSymmetric(from: TransportAddress, to: TransportAddress)
  /// ICMP said that the address cannot be reached (RFC 8445 §7.2.5.2.2).
  case unreachable
  /// The peer has refused (RFC 8445 §7.2.5.2.4).
  case refused(ErrorCode)
  /// The response has no mapped address, or an attribute that is not understood.
  case unusableResponse
  /// It was valid, and no valid response has come for 30 seconds (RFC 7675 §5.1).
  case consentExpired
}

extension PairFailure: CustomStringConvertible {
  /// The failure as a sentence.
  public var description: String {
    switch self {
    case .timedOut: "no response has come (RFC 8445 §7.2.5.2.3)"
    case .notSymmetric(let source, let base):
      "the response came from \(source) to \(base), which is another path (RFC 8445 §7.2.5.2.1)"
    case .unreachable: "ICMP says that the address cannot be reached (RFC 8445 §7.2.5.2.2)"
    case .refused(let code): "the peer has refused with \(code) (RFC 8445 §7.2.5.2.4)"
    case .unusableResponse: "the response has no mapped address, or is not understood"
    case .consentExpired: "it was valid, and its consent has expired (RFC 7675 §5.1)"
    }
  }
}
