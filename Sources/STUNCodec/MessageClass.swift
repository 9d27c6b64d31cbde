/// The part a message plays in a conversation: two bits, all four values taken. RFC 8489 §5.
public enum MessageClass: UInt8, Hashable, Sendable, CaseIterable {
  /// Wants an answer, and is sent again until it gets one.
  case request = 0b00
  /// Wants no answer.
  case indication = 0b01
  /// Answers a request that was carried out.
  case successResponse = 0b10
  /// Answers a request that was refused; carries ERROR-CODE.
  case errorResponse = 0b11
}

extension MessageClass: CustomStringConvertible {
  public var description: String {
    switch self {
    case .request: "request"
    case .indication: "indication"
    case .successResponse: "success response"
    case .errorResponse: "error response"
    }
  }
}
