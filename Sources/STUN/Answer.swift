internal import STUNCodec
internal import TransportAddress

/// What a server has to say to a request.
enum Answer: Sendable {
  /// Where the request came from. RFC 5780 §6.1 wants it in both forms.
  case address(paddingByteCount: Int?)
  case refuse(ErrorCode, unknown: [AttributeType])
  case challenge(ErrorCode, realm: String, nonce: String, algorithms: [PasswordAlgorithm])

  enum Source {
    case refusal(Authenticator.Refusal)
  }

  init(_ source: Source) {
    switch source {
    case .refusal(let refusal):
      guard let challenge = refusal.challenge else {
        self = .refuse(refusal.code, unknown: [])
        return
      }
      self = .challenge(
        refusal.code, realm: challenge.realm, nonce: challenge.nonce,
        algorithms: challenge.algorithms)
    }
  }

  /// The answer to a request whose sender may have one.
  init(_ request: STUNMessage, _ server: BindingServer) {
    var unknown = request.unknownComprehensionRequired { $0.isUnderstoodInBinding }
    // A server with one address understands CHANGE-REQUEST no more than a server that has never
    // heard of it (pitfall 16). RFC 5780 §6.1.
    if server.addresses.alternate == nil, request.value(of: .changeRequest) != nil {
      unknown.append(.changeRequest)
    }
    let hasPadding = request.value(of: .padding) != nil
    if !unknown.isEmpty {
      self = .refuse(.unknownAttribute, unknown: unknown)
    } else if hasPadding, request.value(of: .responsePort) != nil {
      self = .refuse(.badRequest, unknown: [])
    } else if !request.hasReadableBehaviorAttributes {
      self = .refuse(.badRequest, unknown: [])
    } else {
      // As much padding as came, not an MTU of it: nobody can make the server send more than it got.
      let count = request.value(of: .padding).map { min($0.count, 1400) }
      self = .address(paddingByteCount: hasPadding ? count : nil)
    }
  }

  var isSuccess: Bool {
    if case .address = self { true } else { false }
  }

  @_lifetime(message: copy message)
  func append(
    to message: inout STUNMessageBuilder, client: TransportAddress, origin: TransportAddress,
    other: TransportAddress?
  ) throws(STUNEncodingError) {
    switch self {
    case .address(let paddingByteCount):
      try message.append(xorMappedAddress: client)
      try message.append(mappedAddress: client)
      try message.append(responseOrigin: origin)
      if let other { try message.append(otherAddress: other) }
      if let paddingByteCount { try message.append(paddingByteCount: paddingByteCount) }
    case .refuse(let code, let unknown):
      try message.append(errorCode: code)
      if !unknown.isEmpty { try message.append(unknownAttributes: unknown) }
    case .challenge(let code, let realm, let nonce, let algorithms):
      try message.append(errorCode: code)
      try message.append(realm: realm)
      try message.append(nonce: nonce)
      if !algorithms.isEmpty { try message.append(passwordAlgorithms: algorithms) }
    }
  }
}

extension AttributeType {
  /// What a Binding server takes in a request: its own, what seals it, and what checks bring along.
  fileprivate var isUnderstoodInBinding: Bool {
    switch self {
    case .username, .userhash, .realm, .nonce, .messageIntegrity, .messageIntegritySHA256,
      .passwordAlgorithm, .changeRequest, .padding, .responsePort, .priority, .useCandidate:
      true
    default: false
    }
  }
}

extension STUNMessage {
  fileprivate var hasReadableBehaviorAttributes: Bool {
    (try? (changeRequest, responsePort)) != nil
  }
}
