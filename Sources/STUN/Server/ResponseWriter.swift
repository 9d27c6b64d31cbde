public import STUNCodec

/// Writes responses to requests: success, error and challenge.
///
/// Every response has the request's method and transaction ID, then what the server says, SOFTWARE,
/// the integrity attribute, and FINGERPRINT where the request had it (RFC 8489 §6.3.1). The Binding
/// server, a TURN server and an ICE agent's responder write with it.
public struct ResponseWriter: Sendable {
  /// SOFTWARE; nil for none.
  public let software: String?
  /// The same as bytes, as each response has it.
  private let softwareBytes: [UInt8]

  /// A writer without SOFTWARE.
  public init() {
    software = nil
    softwareBytes = []
  }

  /// A writer that appends this SOFTWARE.
  ///
  /// - Throws: when it has more than 509 bytes or 127 characters (RFC 8489 §14.14).
  public init(software: String?) throws(STUNConfigurationError) {
    self.software = software
    softwareBytes = Array((software ?? "").utf8)
    guard let software else { return }
    do throws(STUNEncodingError) {
      _ = try STUNMessage.encode(
        .bindingSuccessResponse, transactionID: TransactionID(high: 0, low: 0)
      ) { (message: inout STUNMessageBuilder) throws(STUNEncodingError) in
        try message.append(software: software)
      }
    } catch {
      throw .cannotEncode(error)
    }
  }

  /// A success response; `body` appends its own attributes, and may be called more than once.
  ///
  /// - Throws: when the response does not fit a message.
  public func success(
    to request: STUNMessageView, protectedBy protection: ResponseProtection? = nil,
    _ body: (inout STUNMessageBuilder) throws(STUNEncodingError) -> Void
  ) throws(STUNEncodingError) -> [UInt8] {
    try write(.successResponse, to: request, protection, body)
  }

  /// An error response; `body` appends what it has besides ERROR-CODE.
  ///
  /// - Throws: when the response does not fit a message.
  public func error(
    _ code: ErrorCode, reason: String? = nil, to request: STUNMessageView,
    protectedBy protection: ResponseProtection? = nil,
    _ body: (inout STUNMessageBuilder) throws(STUNEncodingError) -> Void = { _ in }
  ) throws(STUNEncodingError) -> [UInt8] {
    try write(.errorResponse, to: request, protection) {
      (message: inout STUNMessageBuilder) throws(STUNEncodingError) in
      try message.append(errorCode: code, reason: reason)
      try body(&message)
    }
  }

  /// The error response 420, which lists the attributes that are not understood (RFC 8489 §6.3.1).
  ///
  /// - Throws: when the response does not fit a message.
  public func unknownAttributes(
    _ types: [AttributeType], to request: STUNMessageView,
    protectedBy protection: ResponseProtection? = nil
  ) throws(STUNEncodingError) -> [UInt8] {
    try write(.errorResponse, to: request, protection) {
      (message: inout STUNMessageBuilder) throws(STUNEncodingError) in
      try message.appendError(unknownAttributes: types)
    }
  }

  /// The error response to a request that is not authentic, with the challenge where there is one.
  ///
  /// It is not protected, as no key is agreed on (RFC 8489 §9.1.3 and §9.2.4).
  ///
  /// - Throws: when the response does not fit a message.
  public func rejection(
    _ rejection: Authenticator.Rejection, of request: STUNMessageView
  ) throws(STUNEncodingError) -> [UInt8] {
    try write(.errorResponse, to: request, nil) {
      (message: inout STUNMessageBuilder) throws(STUNEncodingError) in
      try message.appendError(rejection)
    }
  }

  /// Appends what ends every response: SOFTWARE, the integrity attribute, and FINGERPRINT.
  ///
  /// For a server that builds a response where it is to be sent from; the others call it themselves.
  ///
  /// - Throws: when the response does not fit.
  @_lifetime(message: copy message)
  public func finish(
    _ message: inout STUNMessageBuilder, to request: STUNMessageView,
    protectedBy protection: ResponseProtection? = nil
  ) throws(STUNEncodingError) {
    // Its length was checked once, in the initializer.
    if software != nil { try message.append(.software, value: softwareBytes.span.bytes) }
    try protection?.append(to: &message)
    if request.first(.fingerprint) != nil { try message.appendFingerprint() }
  }

  private func write(
    _ messageClass: MessageClass, to request: STUNMessageView,
    _ protection: ResponseProtection?,
    _ body: (inout STUNMessageBuilder) throws(STUNEncodingError) -> Void
  ) throws(STUNEncodingError) -> [UInt8] {
    try STUNMessage.encode(
      MessageType(messageClass, request.type.method), transactionID: request.transactionID
    ) { (message: inout STUNMessageBuilder) throws(STUNEncodingError) in
      try body(&message)
      try finish(&message, to: request, protectedBy: protection)
    }
  }
}

extension STUNMessageBuilder {
  /// Appends ERROR-CODE 420 and the attributes that are not understood (RFC 8489 §6.3.1).
  @_lifetime(self: copy self)
  mutating func appendError(unknownAttributes types: [AttributeType]) throws(STUNEncodingError) {
    try append(errorCode: .unknownAttribute)
    try append(unknownAttributes: types)
  }

  /// Appends ERROR-CODE of a rejection, and the challenge where there is one.
  @_lifetime(self: copy self)
  mutating func appendError(
    _ rejection: Authenticator.Rejection
  ) throws(STUNEncodingError) {
    try append(errorCode: rejection.code)
    if let challenge = rejection.challenge { try append(challenge) }
  }

  /// Appends REALM, NONCE and PASSWORD-ALGORITHMS of a challenge.
  @_lifetime(self: copy self)
  private mutating func append(_ challenge: Authenticator.Challenge) throws(STUNEncodingError) {
    try append(realm: challenge.realm)
    try append(nonce: challenge.nonce)
    if !challenge.algorithms.isEmpty { try append(passwordAlgorithms: challenge.algorithms) }
  }
}
