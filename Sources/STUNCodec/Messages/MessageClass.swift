/// The class of a STUN message: two bits (RFC 8489 §5).
public enum MessageClass: UInt8, Hashable, Sendable, CaseIterable {
  /// Asks for a response and is retransmitted until it gets one.
  case request = 0b00
  /// Gets no response and is not retransmitted.
  case indication = 0b01
  /// Responds to a request that was carried out.
  case successResponse = 0b10
  /// Responds to a request that was refused; carries ERROR-CODE.
  case errorResponse = 0b11
}

extension MessageClass: CustomStringConvertible {
  /// The name in lower case: `success response`.
  public var description: String {
    switch self {
    case .request: "request"
    case .indication: "indication"
    case .successResponse: "success response"
    case .errorResponse: "error response"
    }
  }
}
