public import STUNCodec
public import SansIO
public import TransportAddress

/// A STUN server: it tells whoever asks where the question came from.
///
/// With a second address it also serves behaviour discovery. It holds no state of its clients but
/// the answers of the last 40 seconds. RFC 8489 §6.3 and §12, RFC 5780 §6.
public struct BindingServer: Sendable {
  /// Where the server listens.
  public struct Addresses: Hashable, Sendable {
    public let primary: TransportAddress
    /// The other address and the other port, or nil for a server that has only one.
    public let alternate: TransportAddress?

    /// - Parameter alternate: taken only if both its address and its port differ: a server that
    ///   cannot change both must not claim that it can (RFC 5780 §6).
    public init(_ primary: TransportAddress, alternate: TransportAddress? = nil) {
      self.primary = primary
      self.alternate = alternate.flatMap {
        $0.address != primary.address && $0.port != primary.port ? $0 : nil
      }
    }
  }

  /// What is to be done about a packet.
  public enum Action: Hashable, Sendable {
    /// Send these bytes, from this address of the server's.
    case reply([UInt8], from: TransportAddress, to: TransportAddress)
    case ignore(Reason)
  }

  /// Why a packet is not answered.
  public enum Reason: Hashable, Sendable {
    case notSTUN(STUNDecodingError)
    case wrongFingerprint
    /// An indication or a response: neither is answered.
    case notARequest
    /// The method is not Binding: RFC 8489 §6.3 has it dropped.
    case unknownMethod
    case notAuthenticated
  }

  public let addresses: Addresses
  public let authenticator: Authenticator
  public let software: String?
  private var memory: ResponseMemory

  public init(
    _ addresses: Addresses, authenticator: Authenticator = .init(), software: String? = nil,
    memory: ResponseMemory = .init()
  ) {
    self.addresses = addresses
    self.authenticator = authenticator
    self.software = software
    self.memory = memory
  }

  /// Takes a packet from a client to one of the server's addresses.
  public mutating func received(
    _ bytes: [UInt8], from client: TransportAddress, to local: TransportAddress, at now: Instant
  ) -> Action {
    let request: STUNMessage
    do throws(STUNDecodingError) {
      request = try STUNMessage(bytes)
    } catch {
      return .ignore(.notSTUN(error))
    }
    guard request.verifyFingerprint() != .wrong else { return .ignore(.wrongFingerprint) }
    guard request.type.class == .request else { return .ignore(.notARequest) }
    guard request.type.method == .binding else { return .ignore(.unknownMethod) }
    // RFC 8489 §9: authentication comes before anything else in the message is believed.
    switch authenticator.judge(request, from: client, at: now) {
    case .drop: return .ignore(.notAuthenticated)
    case .refuse(let refusal):
      return reply(to: request, client, local, Answer(.refusal(refusal)), seal: nil)
    case .anonymous: return answer(request, client, local, seal: nil, now)
    case .user(_, let key, let seal): return answer(request, client, local, seal: (key, seal), now)
    }
  }

  private typealias Seal = (key: MessageIntegrityKey, type: AttributeType)

  private mutating func answer(
    _ request: STUNMessage, _ client: TransportAddress, _ local: TransportAddress, seal: Seal?,
    _ now: Instant
  ) -> Action {
    if let bytes = memory.response(to: request.transactionID, from: client, at: now) {
      let place = place(of: request, client, local)
      return .reply(bytes, from: place.origin, to: place.destination)
    }
    let action = reply(to: request, client, local, Answer(request, self), seal: seal)
    if case .reply(let bytes, _, _) = action {
      memory.remember(bytes, to: request.transactionID, from: client, at: now)
    }
    return action
  }

  /// From where the answer goes, and where to. RFC 5780 §6.1, table 1.
  private func place(
    of request: STUNMessage, _ client: TransportAddress, _ local: TransportAddress
  ) -> (origin: TransportAddress, destination: TransportAddress) {
    var (origin, destination) = (local, client)
    if let other = addresses.other(than: local), let change = try? request.changeRequest {
      if change.contains(.ip) { origin.address = other.address }
      if change.contains(.port) { origin.port = other.port }
    }
    if let port = try? request.responsePort { destination.port = port }
    return (origin, destination)
  }

  private func reply(
    to request: STUNMessage, _ client: TransportAddress, _ local: TransportAddress,
    _ answer: Answer, seal: Seal?
  ) -> Action {
    let isSuccess = answer.isSuccess
    let place = isSuccess ? place(of: request, client, local) : (origin: local, destination: client)
    let hasFingerprint = request.value(of: .fingerprint) != nil
    let bytes = try? STUNMessage.encode(
      MessageType(isSuccess ? .successResponse : .errorResponse, request.type.method),
      transactionID: request.transactionID
    ) { (message: inout STUNMessageBuilder) throws(STUNEncodingError) in
      try answer.append(
        to: &message, client: client, origin: place.origin, other: addresses.other(than: local))
      if let software { try message.append(software: software) }
      switch seal {
      case .some((let key, .messageIntegrity)): try message.appendMessageIntegrity(key)
      case .some((let key, _)): try message.appendMessageIntegritySHA256(key)
      case nil: break
      }
      if hasFingerprint { try message.appendFingerprint() }
    }
    guard let bytes else { return .ignore(.notARequest) }
    return .reply(bytes, from: place.origin, to: place.destination)
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
