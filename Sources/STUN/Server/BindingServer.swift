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
      return drops.count(.notSTUN)
    }
    guard request.verifyFingerprint() != .wrong else { return drops.count(.wrongFingerprint) }
    guard request.type.class == .request else { return drops.count(.notARequest) }
    guard request.type.method == .binding else { return drops.count(.unknownMethod) }
    do throws(STUNEncodingError) {
      // RFC 8489 §9: authentication comes before anything else in the message is believed.
      switch authenticator.authenticate(request, from: client, at: now) {
      case .drop: drops.count(.notAuthentic)
      case .rejected(let rejection):
        let response = try writer.rejection(rejection, of: request)
        actions.append(.send(response, from: local, to: client))
      case .anonymous:
        try respond(to: request, from: client, to: local, protection: nil)
      case .user(let user):
        try respond(to: request, from: client, to: local, protection: user.protection)
      }
    } catch {
      drops.count(.cannotEncode(error.code))
    }
  }

  /// Answers a request whose sender may have a response.
  private mutating func respond(
    to request: STUNMessageView, from client: TransportAddress, to local: TransportAddress,
    protection: ResponseProtection?
  ) throws(STUNEncodingError) {
    let plan = BindingResponse(to: request, hasAlternate: addresses.alternate != nil)
    var (origin, destination) = (local, client)
    if case .address(let change, let port, _) = plan {
      // RFC 5780 §6.1, table 1.
      if let other = addresses.other(than: local) {
        if change.contains(.ip) { origin.address = other.address }
        if change.contains(.port) { origin.port = other.port }
      }
      if let port { destination.port = port }
    }
    let response = try write(
      plan, to: request, from: client, origin: origin, other: addresses.other(than: local),
      protection)
    actions.append(.send(response, from: origin, to: destination))
  }

  private func write(
    _ plan: BindingResponse, to request: STUNMessageView, from client: TransportAddress,
    origin: TransportAddress, other: TransportAddress?, _ protection: ResponseProtection?
  ) throws(STUNEncodingError) -> [UInt8] {
    switch plan {
    case .address(_, _, let paddingByteCount):
      try writer.success(to: request, protectedBy: protection) {
        (message: inout STUNMessageBuilder) throws(STUNEncodingError) in
        try message.append(xorMappedAddress: client)
        try message.append(mappedAddress: client)
        try message.append(responseOrigin: origin)
        if let other { try message.append(otherAddress: other) }
        if let paddingByteCount { try message.append(paddingByteCount: paddingByteCount) }
      }
    case .unknownAttributes(let types):
      try writer.unknownAttributes(types, to: request, protectedBy: protection)
    case .badRequest:
      try writer.error(.badRequest, to: request, protectedBy: protection)
    }
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

/// What a Binding request gets, once its sender may have a response.
private enum BindingResponse {
  /// The address that it came from, sent from another address or to another port where that is asked
  /// for. RFC 5780 §6.1 wants the address in both forms.
  case address(ChangeRequest, responsePort: UInt16?, paddingByteCount: Int?)
  case unknownAttributes([AttributeType])
  case badRequest

  /// - Parameter hasAlternate: a server with one address understands CHANGE-REQUEST no more than a
  ///   server that has never heard of it (RFC 5780 §6.1).
  init(to request: STUNMessageView, hasAlternate: Bool) {
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
