internal import STUNCodec
public import SansIO
public import TransportAddress

/// Finds out how the NAT between a client and a server behaves, one test at a time.
///
///     test I: the server's primary address          no response ─▶ blocked
///       │ no OTHER-ADDRESS ─▶ ends here
///       ▼
///     filtering II: response from the other address and port  came ─▶ endpoint-independent
///     filtering III: response from the other port             came ─▶ address-dependent, else both
///       ▼
///     mapping II: the other address, the same port            same ─▶ endpoint-independent
///     mapping III: the other address, the other port          same ─▶ address-dependent, else both
///       ▼
///     hairpin: from a second port to the mapped address       came ─▶ yes
///
/// Filtering comes before mapping: asking the other address makes the NAT let it in (RFC 5780 §4.4
/// and §4.5). What is found holds for this moment, this port and this load, no longer (RFC 5780 §4).
public struct BehaviorDiscovery: Sendable {
  /// The sockets that a test needs: two ports of one host.
  public enum Socket: Hashable, Sendable {
    /// The one that is examined. It should have sent nothing lately (RFC 5780 §4.1).
    case examined
    /// Another, for the hairpin test.
    case other
  }

  /// What is to be done now.
  public typealias Action = DiscoveryAction<Socket, DiscoveredBehavior>

  /// What test I has found: where the client is mapped, and the server's other address and port.
  private struct Path: Sendable {
    let mapped: TransportAddress
    let other: TransportAddress
  }

  private enum Test: Sendable {
    case connectivity
    case filteringOtherAddress(Path)
    case filteringOtherPort(Path)
    case mappingOtherAddress(Path)
    case mappingOtherPort(Path, second: TransportAddress)
    case hairpin
  }

  private enum State: Sendable {
    /// Can transition to `testing`.
    case ready
    /// A test's request is on its way. Can transition to itself with the next test, and to
    /// `finished`.
    case testing(Test, TransactionID, target: TransportAddress)
    /// Final.
    case finished
  }

  /// The server's primary address.
  public let server: TransportAddress
  /// The examined socket's own address, to see whether there is a NAT at all.
  public let local: TransportAddress
  private var state = State.ready
  private var transactions: Transactions<Socket>
  private var actions = ActionQueue<Action>()
  private var found = DiscoveredBehavior()

  /// - Parameter schedule: how long each test waits. A test that is answered by silence takes all of
  ///   it, which is 39.5 s with the RFC's numbers; three sends do where the path is known to be good.
  public init(
    server: TransportAddress, local: TransportAddress, schedule: RetransmissionSchedule = .short
  ) {
    self.server = server
    self.local = local
    // Each test is another measurement of another path, so an RTO learned from one is no use for
    // the next; the schedule says how long silence lasts.
    transactions = Transactions(unchecked: .datagrams(schedule), capacity: 1)
  }

  /// When `timerFired` is to be called; nil before the start and after the end.
  public var nextDeadline: Instant? { transactions.nextDeadline }

  /// Messages that were no response to the test, by reason.
  public var drops: DropCounts<ResponseDropReason> { transactions.drops }

  /// The next thing to do; nil when there is none until something happens.
  public mutating func nextAction() -> Action? { actions.next() }

  /// Begins with the first test.
  ///
  /// - Throws: when it has begun before.
  public mutating func started(
    at now: Instant, using generator: inout some RandomNumberGenerator
  ) throws(DiscoveryError) {
    guard case .ready = state else { throw .alreadyStarted }
    begin(.connectivity, to: server, at: now, using: &generator)
  }

  /// Sends again what is due, and goes on to the next test when one has been answered by silence.
  public mutating func timerFired(
    at now: Instant, using generator: inout some RandomNumberGenerator
  ) {
    transactions.timerFired(at: now)
    takeActions(at: now, using: &generator)
  }

  /// Takes bytes that came to one of the sockets.
  public mutating func received(
    _ bytes: Span<UInt8>, from source: TransportAddress, on socket: Socket, at now: Instant,
    using generator: inout some RandomNumberGenerator
  ) {
    guard case .testing(let test, let id, let target) = state else { return }
    let message: STUNMessageView
    do throws(STUNDecodingError) {
      message = try STUNMessageView(bytes.bytes)
    } catch {
      return transactions.countDrop(.notSTUN)
    }
    guard socket == .examined else { return transactions.countDrop(.unexpectedSocket) }
    if case .hairpin = test {
      // It is the client's own request that is to come round (RFC 5780 §3.4).
      guard message.type == .bindingRequest, message.transactionID == id,
        message.verifyFingerprint() == .verified
      else { return transactions.countDrop(.unknownTransaction) }
      found.supportsHairpinning = true
      transactions.cancel(id)
      return finish()
    }
    guard transactions.match(message, from: source) != nil else { return }
    let result = Result(message, from: source)
    // Only a success says that the server has answered from where it was asked to. An error response
    // and one to a test of the mapping come from the address that was asked.
    let expected: TransportAddress? =
      switch test {
      case .filteringOtherAddress, .filteringOtherPort: result.isSuccess ? nil : target
      default: target
      }
    guard expected == nil || source == expected else {
      return transactions.countDrop(.unexpectedSource)
    }
    transactions.complete(id, at: now)
    ended(test, with: result, at: now, using: &generator)
  }

  // MARK: - The tests in their order

  /// What a test has brought.
  private enum Result {
    case silence
    /// The server could not do what was asked, which says nothing about the NAT.
    case error
    case mapped(
      TransportAddress?, plain: TransportAddress?, other: TransportAddress?,
      source: TransportAddress)

    init(_ message: STUNMessageView, from source: TransportAddress) {
      guard message.type.class == .successResponse else {
        self = .error
        return
      }
      self = .mapped(
        try? message.xorMappedAddress, plain: try? message.mappedAddress,
        other: try? message.otherAddress, source: source)
    }

    var isSuccess: Bool { if case .mapped = self { true } else { false } }

    var mapped: TransportAddress? {
      if case .mapped(let address, _, _, _) = self { address } else { nil }
    }
  }

  private mutating func ended(
    _ test: Test, with result: Result, at now: Instant,
    using generator: inout some RandomNumberGenerator
  ) {
    switch test {
    case .connectivity:
      guard case .mapped(let mapped?, let plain, let other, _) = result else { return finish() }
      found.mapped = mapped
      found.hasALG = plain.map { $0 != mapped } ?? false
      guard let other, other.address != server.address, other.port != server.port else {
        return finish()
      }
      let path = Path(mapped: mapped, other: other)
      begin(
        .filteringOtherAddress(path), to: server, change: [.ip, .port], at: now, using: &generator)
    case .filteringOtherAddress(let path):
      switch result {
      case .silence:
        return begin(
          .filteringOtherPort(path), to: server, change: .port, at: now, using: &generator)
      case .mapped(_, _, _, source: path.other): found.filtering = .endpointIndependent
      // A server that has answered from elsewhere has not done what it was asked to.
      case .mapped, .error: break
      }
      beginMapping(path, at: now, using: &generator)
    case .filteringOtherPort(let path):
      switch result {
      case .silence: found.filtering = .addressAndPortDependent
      case .mapped(_, _, _, source: TransportAddress(server.address, port: path.other.port)):
        found.filtering = .addressDependent
      case .mapped, .error: break
      }
      beginMapping(path, at: now, using: &generator)
    case .mappingOtherAddress(let path):
      guard let mapped = result.mapped else {
        return beginHairpin(at: now, using: &generator)
      }
      if mapped == path.mapped {
        found.mapping = .endpointIndependent
        return beginHairpin(at: now, using: &generator)
      }
      begin(
        .mappingOtherPort(path, second: mapped), to: path.other, at: now, using: &generator)
    case .mappingOtherPort(_, let second):
      if let mapped = result.mapped {
        found.mapping = mapped == second ? .addressDependent : .addressAndPortDependent
      }
      beginHairpin(at: now, using: &generator)
    case .hairpin:
      found.supportsHairpinning = false
      finish()
    }
  }

  private mutating func beginMapping(
    _ path: Path, at now: Instant, using generator: inout some RandomNumberGenerator
  ) {
    // RFC 5780 §4.3: without a NAT there is nothing to find out.
    if path.mapped == local {
      found.mapping = .endpointIndependent
      return beginHairpin(at: now, using: &generator)
    }
    begin(
      .mappingOtherAddress(path), to: TransportAddress(path.other.address, port: server.port),
      at: now, using: &generator)
  }

  private mutating func beginHairpin(
    at now: Instant, using generator: inout some RandomNumberGenerator
  ) {
    guard let mapped = found.mapped, mapped != local else { return finish() }
    begin(.hairpin, to: mapped, at: now, using: &generator)
  }

  private mutating func begin(
    _ test: Test, to target: TransportAddress, change: ChangeRequest? = nil, at now: Instant,
    using generator: inout some RandomNumberGenerator
  ) {
    let socket: Socket = if case .hairpin = test { .other } else { .examined }
    let id = transactions.beginTest(
      tag: socket, to: target, at: now, using: &generator, change: change)
    state = .testing(test, id, target: target)
    takeActions(at: now, using: &generator)
  }

  private mutating func takeActions(
    at now: Instant, using generator: inout some RandomNumberGenerator
  ) {
    while let action = transactions.nextAction() {
      switch action {
      case .send(let bytes, let target, let socket):
        actions.append(.send(bytes, to: target, from: socket))
      case .timedOut:
        guard case .testing(let test, _, _) = state else { continue }
        ended(test, with: .silence, at: now, using: &generator)
      }
    }
  }

  private mutating func finish() {
    state = .finished
    found.isLocal = found.mapped == local
    actions.append(.finished(found))
  }
}
