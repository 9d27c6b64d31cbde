public import STUNCodec
public import SansIO
public import TransportAddress

/// A STUN server: it tells a client where the client's request came from.
///
/// With a second address it also serves behavior discovery. It keeps no state of its clients: a
/// Binding request that comes again is processed again, and gets the same response, so that strangers
/// cannot make the server remember anything (RFC 8489 §6.3.1 and §12, RFC 5780 §6).
public struct BindingServer: Sendable {
  /// The addresses that the server listens at.
  public struct Addresses: Hashable, Sendable {
    /// The address that clients are told.
    public let primary: TransportAddress
    /// The other address and the other port; nil for a server that has only one.
    public let alternate: TransportAddress?

    /// A server with one address.
    public init(_ primary: TransportAddress) {
      self.primary = primary
      alternate = nil
    }

    /// A server with two addresses and two ports, four endpoints in all.
    ///
    /// - Throws: unless both address and port differ, in one family: a server that cannot change both
    ///   must not claim that it can (RFC 5780 §6).
    public init(
      _ primary: TransportAddress, alternate: TransportAddress
    ) throws(STUNConfigurationError) {
      guard alternate.address != primary.address, alternate.port != primary.port,
        alternate.address.isSameFamily(as: primary.address)
      else { throw .wrongAlternateAddress }
      self.primary = primary
      self.alternate = alternate
    }
  }

  /// What is to be done now.
  public enum Action: Hashable, Sendable {
    /// Send these bytes from this address of the server's to that one.
    case send([UInt8], from: TransportAddress, to: TransportAddress)
  }

  /// Why a packet gets no response.
  public enum DropReason: Hashable, Sendable {
    /// The bytes are no STUN message.
    case notSTUN
    /// FINGERPRINT is there and wrong.
    case wrongFingerprint
    /// An indication or a response.
    case notARequest
    /// The method is not Binding (RFC 8489 §6.3).
    case unknownMethod
    /// The sender has not proven who it is, and cannot be told.
    case notAuthentic
    /// The response does not fit a message.
    case cannotEncode(STUNEncodingError.Code)
  }

  /// The addresses that the server listens at.
  public let addresses: Addresses
  /// Whose requests are taken.
  public let authenticator: Authenticator
  /// Packets that got no response, by reason.
  public private(set) var drops = DropCounts<DropReason>()
  private let writer: ResponseWriter
  private var actions = ActionQueue<Action>()

  /// A server at these addresses.
  public init(
    _ addresses: Addresses, authenticator: Authenticator = .init(),
    writer: ResponseWriter = .init()
  ) {
    self.addresses = addresses
    self.authenticator = authenticator
    self.writer = writer
  }

  /// The next thing to do; nil when there is none until something happens.
  public mutating func nextAction() -> Action? { actions.next() }

  /// Takes a packet that a client has sent to one of the server's addresses.
  ///
  /// - Complexity: O(*n*) in the packet's bytes.
  public mutating func received(
    _ bytes: Span<UInt8>, from client: TransportAddress, to local: TransportAddress,
    at now: Instant
  ) {
    let request: STUNMessageView
    do throws(STUNDecodingError) {
      request = try STUNMessageView(bytes.bytes)
    } catch {
      guard let response = classicResponse(to: bytes, from: client) else { return }
      return actions.append(.send(response, from: local, to: client))
    }
    guard isBindingRequest(request),
      let response = response(to: request, from: client, to: local, at: now)
    else { return }
    do throws(STUNEncodingError) {
      let message = try STUNMessage.encode(
        response.type, transactionID: request.transactionID
      ) { (message: inout STUNMessageBuilder) throws(STUNEncodingError) in
        try append(response, to: &message, request, from: client)
      }
      actions.append(.send(message, from: response.origin, to: response.destination))
    } catch {
      drops.count(.cannotEncode(error.code))
    }
  }

  /// Answers a packet at once, with a response at the beginning of the caller's buffer.
  ///
  /// The same as ``received(_:from:to:at:)`` and ``nextAction()``, for drivers that answer thousands
  /// of clients.
  ///
  /// - Returns: where the response is to be sent from and to, and its length in bytes; nil for a
  ///   packet that gets none. A response that does not fit the buffer is dropped and counted.
  /// - Complexity: O(*n*) in the packet's bytes; allocates nothing for a client without credentials.
  public mutating func respond(
    to bytes: Span<UInt8>, from client: TransportAddress, to local: TransportAddress,
    at now: Instant, into buffer: consuming MutableRawSpan
  ) -> (byteCount: Int, origin: TransportAddress, destination: TransportAddress)? {
    let request: STUNMessageView
    do throws(STUNDecodingError) {
      request = try STUNMessageView(bytes.bytes)
    } catch {
      guard let response = classicResponse(to: bytes, from: client) else { return nil }
      guard response.count <= buffer.byteCount else {
        drops.count(.cannotEncode(.bufferTooSmall))
        return nil
      }
      for (index, byte) in response.enumerated() {
        buffer.storeBytes(of: byte, toByteOffset: index, as: UInt8.self)
      }
      return (response.count, local, client)
    }
    guard isBindingRequest(request),
      let response = response(to: request, from: client, to: local, at: now)
    else { return nil }
    do throws(STUNEncodingError) {
      var message = try STUNMessageBuilder(
        response.type, transactionID: request.transactionID, into: buffer)
      try append(response, to: &message, request, from: client)
      return (message.byteCount, response.origin, response.destination)
    } catch {
      drops.count(.cannotEncode(error.code))
      return nil
    }
  }

  /// What bytes get that are no STUN message, but a request of classic STUN, which can prove nothing;
  /// nil for others, which are counted.
  private mutating func classicResponse(
    to bytes: Span<UInt8>, from client: TransportAddress
  ) -> [UInt8]? {
    if case .open = authenticator.policy,
      let response = ClassicBinding.response(to: bytes, from: client)
    {
      return response
    }
    drops.count(.notSTUN)
    return nil
  }

  /// Whether a message is an undamaged Binding request; others are counted.
  private mutating func isBindingRequest(_ message: STUNMessageView) -> Bool {
    let reason: DropReason
    if message.verifyFingerprint() == .wrong {
      reason = .wrongFingerprint
    } else if message.type.class != .request {
      reason = .notARequest
    } else if message.type.method != .binding {
      reason = .unknownMethod
    } else {
      return true
    }
    drops.count(reason)
    return false
  }

  /// What a request gets; nil where it gets nothing.
  private mutating func response(
    to request: STUNMessageView, from client: TransportAddress, to local: TransportAddress,
    at now: Instant
  ) -> BindingResponse? {
    // RFC 8489 §9: authentication comes before anything else in the message is believed.
    let protection: ResponseProtection?
    switch authenticator.authenticate(request, from: client, at: now) {
    case .drop:
      drops.count(.notAuthentic)
      return nil
    case .rejected(let rejection):
      return BindingResponse(content: .rejection(rejection), origin: local, destination: client)
    case .anonymous: protection = nil
    case .user(let user): protection = user.protection
    }
    let content = BindingContent(to: request, hasAlternate: addresses.alternate != nil)
    var response = BindingResponse(
      content: content, origin: local, destination: client, protection: protection)
    if case .address(let change, let port, _) = content {
      // RFC 5780 §6.1, table 1.
      if let other = addresses.other(than: local) {
        response.other = other
        if change.contains(.ip) { response.origin.address = other.address }
        if change.contains(.port) { response.origin.port = other.port }
      }
      if let port { response.destination.port = port }
    }
    return response
  }

  @_lifetime(message: copy message)
  private func append(
    _ response: BindingResponse, to message: inout STUNMessageBuilder, _ request: STUNMessageView,
    from client: TransportAddress
  ) throws(STUNEncodingError) {
    switch response.content {
    case .address(_, _, let paddingByteCount):
      try message.append(xorMappedAddress: client)
      try message.append(mappedAddress: client)
      try message.append(responseOrigin: response.origin)
      if let other = response.other { try message.append(otherAddress: other) }
      if let paddingByteCount { try message.append(paddingByteCount: paddingByteCount) }
    case .unknownAttributes(let types):
      try message.appendError(unknownAttributes: types)
    case .badRequest:
      try message.append(errorCode: .badRequest)
    case .rejection(let rejection):
      try message.appendError(rejection)
    }
    try writer.finish(&message, to: request, protectedBy: response.protection)
  }
}

extension BindingServer.Addresses {
  /// Ca and Cp: what differs from the address that a request came to, in both parts.
  func other(than local: TransportAddress) -> TransportAddress? {
    guard let alternate else { return nil }
    return TransportAddress(
      local.address == primary.address ? alternate.address : primary.address,
      port: local.port == primary.port ? alternate.port : primary.port)
  }
}

/// What a Binding request gets, from where and to where.
private struct BindingResponse {
  let content: BindingContent
  var origin: TransportAddress
  var destination: TransportAddress
  /// What OTHER-ADDRESS says.
  var other: TransportAddress?
  var protection: ResponseProtection?

  var type: MessageType {
    if case .address = content { .bindingSuccessResponse } else { .bindingErrorResponse }
  }
}

/// What stands in the response to a Binding request.
private enum BindingContent {
  /// The address that it came from, sent from another address or to another port where that is asked
  /// for. RFC 5780 §6.1 wants the address in both forms.
  case address(ChangeRequest, responsePort: UInt16?, paddingByteCount: Int?)
  case unknownAttributes([AttributeType])
  case badRequest
  /// Its sender has not proven who it is.
  case rejection(Authenticator.Rejection)

  /// What a request gets whose sender may have a response.
  ///
  /// - Parameter hasAlternate: a server with one address understands CHANGE-REQUEST no more than a
  ///   server that has never heard of it (RFC 5780 §6.1).
  init(to request: STUNMessageView, hasAlternate: Bool) {
    // The usual request asks for nothing in particular.
    guard request.bytes.byteCount > STUNHeader.byteCount else {
      self = .address([], responsePort: nil, paddingByteCount: nil)
      return
    }
    var unknown: [AttributeType] = []
    request.forEachUnknownComprehensionRequired { type in
      type == .changeRequest ? hasAlternate : type.isUnderstoodInBinding
    } _: { type in
      if !unknown.contains(type) { unknown.append(type) }
    }
    guard unknown.isEmpty else {
      self = .unknownAttributes(unknown)
      return
    }
    do throws(STUNDecodingError) {
      let change = try request.changeRequest ?? []
      let port = try request.responsePort
      let paddingByteCount = request.padding?.byteCount
      guard paddingByteCount == nil || port == nil else {
        self = .badRequest
        return
      }
      // As much padding as came, not an MTU of it: a server must not send more than it got.
      self = .address(
        change, responsePort: port, paddingByteCount: paddingByteCount.map { min($0, 1400) })
    } catch {
      self = .badRequest
    }
  }
}

extension AttributeType {
  /// What a Binding server takes in a request besides CHANGE-REQUEST: its own attributes, those of
  /// authentication, and those that checks have.
  fileprivate var isUnderstoodInBinding: Bool {
    switch self {
    case .username, .userhash, .realm, .nonce, .messageIntegrity, .messageIntegritySHA256,
      .passwordAlgorithm, .padding, .responsePort, .priority, .useCandidate:
      true
    default: false
    }
  }
}
