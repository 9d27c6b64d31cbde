internal import STUNCodec
public import SansIO
public import TransportAddress

/// Finds out how the NAT between a client and a server behaves, one question at a time.
///
///     test I: the server's primary address        no answer ─▶ blocked
///       │ no OTHER-ADDRESS ─▶ ends here
///       ▼
///     filtering II: answer from the other address and port    came ─▶ endpoint-independent
///     filtering III: answer from the other port               came ─▶ address-dependent, else both
///       ▼
///     mapping II: the other address, the same port            same ─▶ endpoint-independent
///     mapping III: the other address, the other port          same ─▶ address-dependent, else both
///       ▼
///     hairpin: from a second port to the mapped address       came ─▶ yes
///
/// Filtering comes before mapping: asking the other address makes the NAT let it in (RFC 5780 §4.4
/// and §4.5). What is found holds for this moment, this port and this load, no longer (§4).
public struct BehaviorDiscovery<Generator: RandomNumberGenerator & Sendable>: Sendable {
  /// The sockets that a test needs: two ports of one host.
  public enum Socket: Hashable, Sendable {
    /// The one that is examined. It should have sent nothing lately. RFC 5780 §4.1.
    case examined
    /// Another, for the hairpin test.
    case other
  }

  /// What is to be done now.
  public typealias Action = DiscoveryAction<Socket, DiscoveredBehavior>

  enum Test: Hashable, Sendable {
    case connectivity
    case filteringOtherAddress
    case filteringOtherPort
    case mappingOtherAddress
    case mappingOtherPort
    case hairpin
  }

  /// The server's primary address.
  public let server: TransportAddress
  /// The examined socket's own address, to see whether there is a NAT at all.
  public let local: TransportAddress
  private let schedule: RetransmissionSchedule
  private var generator: Generator
  private var current: (test: Test, transaction: ClientTransaction)?
  private var target: TransportAddress
  private var found = DiscoveredBehavior()
  private var other: TransportAddress?
  private var secondMapping: TransportAddress?

  /// - Parameter schedule: how long each test waits. A test that is answered by silence takes all of
  ///   it, which is 39.5 s with the RFC's numbers; three sends do where the path is known to be good.
  public init(
    server: TransportAddress, local: TransportAddress,
    schedule: RetransmissionSchedule = .init(sendCount: 3, lastWaitFactor: 4), generator: Generator
  ) {
    self.server = server
    self.local = local
    self.schedule = schedule
    self.generator = generator
    target = server
  }

  /// When `timerFired` is to be called.
  public var nextDeadline: Instant? { current?.transaction.nextDeadline }

  public mutating func started(at now: Instant) -> Action {
    begin(.connectivity, to: server, at: now)
  }

  public mutating func timerFired(at now: Instant) -> Action {
    guard let action = current?.transaction.timerFired(at: now), let current else { return .wait }
    switch action {
    case .wait: return .wait
    case .send: return send(current)
    case .timeOut: return ended(current.test, with: nil, at: now)
    }
  }

  /// Takes bytes that came to one of the sockets.
  public mutating func received(_ bytes: [UInt8], on socket: Socket, at now: Instant) -> Action {
    guard let current, let message = try? STUNMessage(bytes),
      message.verifyFingerprint() != .wrong
    else { return .wait }
    if current.test == .hairpin {
      // It is the client's own request that should come round. RFC 5780 §3.4.
      guard socket == .examined, message.type == .bindingRequest,
        message.transactionID == current.transaction.id
      else { return .wait }
      found.hairpins = true
      return finish()
    }
    guard socket == .examined, current.transaction.isAnswered(by: message) else { return .wait }
    return ended(current.test, with: message, at: now)
  }

  // MARK: - The tests in their order

  private mutating func ended(
    _ test: Test, with answer: STUNMessage?, at now: Instant
  ) -> Action {
    let isSuccess = answer?.type.class == .successResponse
    let mapped = isSuccess ? try? answer?.xorMappedAddress : nil
    switch test {
    case .connectivity:
      guard let answer, let mapped else { return finish() }
      found.mapped = mapped
      found.hasALG = (try? answer.mappedAddress).map { $0 != mapped } ?? false
      other = try? answer.otherAddress
      guard let other, other.address != server.address, other.port != server.port else {
        return finish()
      }
      return begin(.filteringOtherAddress, to: server, [.ip, .port], at: now)
    case .filteringOtherAddress:
      // 420 and its like say nothing about the NAT.
      if answer != nil, !isSuccess { return beginMapping(at: now) }
      guard answer == nil else {
        found.filtering = .endpointIndependent
        return beginMapping(at: now)
      }
      return begin(.filteringOtherPort, to: server, .port, at: now)
    case .filteringOtherPort:
      if answer == nil || isSuccess {
        found.filtering = answer == nil ? .addressAndPortDependent : .addressDependent
      }
      return beginMapping(at: now)
    case .mappingOtherAddress:
      guard let mapped, let other else { return beginHairpin(at: now) }
      if mapped == found.mapped {
        found.mapping = .endpointIndependent
        return beginHairpin(at: now)
      }
      secondMapping = mapped
      return begin(.mappingOtherPort, to: other, at: now)
    case .mappingOtherPort:
      if let mapped {
        found.mapping = mapped == secondMapping ? .addressDependent : .addressAndPortDependent
      }
      return beginHairpin(at: now)
    case .hairpin:
      found.hairpins = false
      return finish()
    }
  }

  private mutating func beginMapping(at now: Instant) -> Action {
    guard let other else { return finish() }
    // RFC 5780 §4.3: without a NAT there is nothing to find out.
    if found.mapped == local {
      found.mapping = .endpointIndependent
      return beginHairpin(at: now)
    }
    return begin(
      .mappingOtherAddress, to: TransportAddress(other.address, port: server.port), at: now)
  }

  private mutating func beginHairpin(at now: Instant) -> Action {
    guard let mapped = found.mapped, mapped != local else { return finish() }
    return begin(.hairpin, to: mapped, at: now)
  }

  private mutating func begin(
    _ test: Test, to target: TransportAddress, _ change: ChangeRequest? = nil, at now: Instant
  ) -> Action {
    self.target = target
    let transaction = ClientTransaction.started(schedule, &generator, at: now) {
      (message: inout STUNMessageBuilder) throws(STUNEncodingError) in
      if let change { try message.append(changeRequest: change) }
    }
    guard let transaction else { return finish() }
    let next = (test, transaction)
    current = next
    return send(next)
  }

  private func send(_ current: (test: Test, transaction: ClientTransaction)) -> Action {
    .send(
      current.transaction.request, to: target,
      from: current.test == .hairpin ? .other : .examined)
  }

  private mutating func finish() -> Action {
    current = nil
    found.isLocal = found.mapped.map { $0 == local } ?? false
    return .finished(found)
  }
}
