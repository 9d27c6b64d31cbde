public import STUN
import STUNCodec
public import SansIO
import TransportAddress

/// An ICE agent: it finds out by checks which pairs of candidates work, and selects one for each
/// component (RFC 8445).
///
/// ```
///   gathered, remoteDescriptionReceived,
///   remoteCandidateReceived                   ┌───────────┐  send, selected, …
///   ─────────────────────────────────────────▶│           │──────────────────▶ nextAction
///   received: checks and responses            │ ICEAgent  │
///   ─────────────────────────────────────────▶│           │──────────────────▶ nextDeadline
///   timerFired: Ta, retransmission, consent   └───────────┘
///   ─────────────────────────────────────────▶
/// ```
/// It does no gathering: its driver, which has the sockets, tells it of each candidate. A base is known by its
/// address, so a relayed candidate is one as any other, and the driver knows what sends from it.
public struct ICEAgent: Sendable {
  /// What the agent was told about itself.
  public let configuration: ICEConfiguration
  /// Messages and candidates that were not taken, by reason.
  public internal(set) var drops = DropCounts<DropReason>()

  /// The number that decides role conflicts: the larger one controls (RFC 8445 §7.3.1.1).
  var tiebreaker: UInt64
  var current: Generation
  /// What is left of the generation before the last restart, while its pairs are still in use.
  var previous: EarlierGeneration?
  /// The pairs over which data may be sent, across generations.
  var paths: [StreamComponent: DataPath] = [:]

  var checks: Transactions<CheckTag>
  var consentChecks: Transactions<ConsentTag>
  var timers = DeadlineQueue<Timer>()
  /// When the next new check may be sent; nil while there is none to send.
  var nextCheck: Instant?
  /// When the last new check was sent, or a transaction of gathering began.
  var lastStart: Instant?
  /// The checklist whose turn is next (RFC 8445 §6.1.4.2).
  var nextStream = 0
  /// The state that the driver was last told of.
  var reportedState = AgentState.new
  /// Remote candidates that came before the description that they belong to.
  var early: [EarlySignal] = []
  /// Components whose first consent period is still to be drawn.
  var isConsentNew: Set<StreamComponent> = []
  var actions = ActionQueue<Action>()
  let writer = ResponseWriter()

  /// What a timer is for.
  enum Timer: Hashable, Sendable {
    case patience
    case lastChance
    case nomination(StreamComponent)
    case consent(StreamComponent)
    case consentExpiry(StreamComponent)
    case keepalive(StreamComponent)
    case liteFallback(PairID)
    case release(Int)
  }

  /// An agent with its first credentials.
  ///
  /// - Parameters:
  ///   - role: the initiating agent controls, unless it alone is lite (RFC 8445 §6.1.1).
  ///   - streams: the number of components of each data stream; their IDs count from 1.
  ///   - generator: where credentials and tiebreaker come from; it must be unpredictable.
  /// - Throws: for a configuration that cannot be obeyed.
  public init(
    role: AgentRole, streams: [Int] = [1], configuration: ICEConfiguration = .init(),
    using generator: inout some RandomNumberGenerator
  ) throws(AgentError) {
    try self.init(
      role: role, streams: streams, configuration: configuration,
      credentials: ICECredentials(using: &generator), tiebreaker: generator.next())
  }

  /// An agent with these credentials and this tiebreaker.
  ///
  /// - Throws: for a configuration that cannot be obeyed.
  public init(
    role: AgentRole, streams: [Int] = [1], configuration: ICEConfiguration = .init(),
    credentials: ICECredentials, tiebreaker: UInt64
  ) throws(AgentError) {
    guard configuration.pairLimit > 0 else { throw .noRoom(limit: configuration.pairLimit) }
    guard configuration.pacing >= ICEConstants.lowestPacing else {
      throw .pacing(configuration.pacing)
    }
    guard configuration.patience > .zero else { throw .patience(configuration.patience) }
    guard !streams.isEmpty, streams.allSatisfy({ (1...256).contains($0) }) else {
      throw .noComponents
    }
    self.configuration = configuration
    self.tiebreaker = tiebreaker
    current = Generation(
      number: 0, role: role, credentials: credentials, streams: streams,
      limit: configuration.pairLimit)
    checks = Self.makeTransactions()
    consentChecks = Self.makeTransactions()
  }

  static func makeTransactions<Tag: Sendable>() -> Transactions<Tag> {
    do throws(STUNConfigurationError) {
      return try Transactions(capacity: 1024)
    } catch {
      preconditionFailure("1024 is a capacity: \(error)")
    }
  }
}

// MARK: What it knows

extension ICEAgent {
  /// The agent's role, which a conflict may change.
  public var role: AgentRole { current.set.role }

  /// The agent's own credentials, to be signaled with its candidates.
  public var credentials: ICECredentials { current.credentials }

  /// How often the agent has restarted (RFC 8445 §9).
  public var generation: Int { current.number }

  /// The pairs, their order and states.
  public var checklists: ChecklistSet { current.set }

  /// The agent's own candidates of this generation, to be signaled.
  public var localCandidates: [Candidate] { current.candidates.candidates }

  /// The peer's description, once it has come.
  public var remoteDescription: RemoteDescription? { current.remote }

  /// The session's state.
  ///
  /// - Complexity: O(s) for s data streams.
  public var state: AgentState {
    guard current.remote != nil else { return .new }
    var failure: FailureReason?
    var isCompleted = false
    for stream in current.components.indices {
      switch state(ofStream: stream) {
      case .running: return .running
      case .completed: isCompleted = true
      case .failed(let reason): failure = failure ?? reason
      }
    }
    if !isCompleted, let failure { return .failed(failure) }
    return .completed
  }

  /// The state of a checklist; it runs unless all its components are selected, or one has failed.
  ///
  /// The last components do not count once they have failed because one agent has no candidates for
  /// them, as a peer that sends RTP and RTCP through one port (RFC 8445 §6.1.2.2).
  /// - Precondition: the agent has the stream.
  /// - Complexity: O(c) for c components.
  public func state(ofStream stream: Int) -> StreamState {
    var isCompleted = true
    let components = current.components[stream]
    let last = components.lastIndex { !$0.state.isWithoutCandidates } ?? components.startIndex
    for component in components[...last] {
      switch component.state {
      case .failed(let reason): return .failed(reason)
      case .selected: break
      case .new, .checking, .connected: isCompleted = false
      }
    }
    return isCompleted ? .completed : .running
  }

  /// The state of a component; nil if there is none.
  public func state(of component: StreamComponent) -> ComponentState? {
    guard current.contains(component) else { return nil }
    return current[component].state
  }

  /// The pair over which a component's data goes; nil if none is valid or consent has ended.
  ///
  /// After a restart this is the old pair, until the new generation has selected one (RFC 8445 §9).
  /// Before a pair is selected it is a valid one (RFC 8445 §12.1).
  /// - Complexity: O(1).
  public func pair(for component: StreamComponent = .init()) -> CandidatePair? {
    paths[component]?.pair
  }

  /// The valid pair that a check of this pair has made: its local candidate is the mapped address.
  public func validPair(_ id: PairID) -> CandidatePair? {
    guard let pair = current.set[id], let local = current.records[id]?.valid else { return nil }
    var valid = CandidatePair(local: local, remote: pair.remote, role: role)
    valid.state = pair.state
    return valid
  }

  /// When `timerFired` is to be called; nil when there is nothing to wait for.
  ///
  /// - Complexity: O(1).
  public var nextDeadline: Instant? {
    var next = nextCheck
    for deadline in [checks.nextDeadline, consentChecks.nextDeadline, timers.nextDeadline] {
      guard let deadline else { continue }
      next = next.map { min($0, deadline) } ?? deadline
    }
    return next
  }

  /// The next thing to do; nil when there is none until something happens.
  public mutating func nextAction() -> Action? { actions.next() }
}

// MARK: Inside

extension ICEAgent {
  /// Ta: the longer one of both agents'; who says nothing means the default (RFC 8445 §14.2).
  ///
  /// A peer that wants more than ``ICEConstants/highestPacing`` gets that: it must not stop the checks.
  var pacing: Duration {
    guard let remote = current.remote else { return configuration.pacing }
    let theirs = min(remote.pacing ?? ICEConstants.pacing, ICEConstants.highestPacing)
    return max(configuration.pacing, theirs)
  }

  /// Gives a component another state, and tells the driver of all that follows.
  mutating func setState(
    of component: StreamComponent, to next: ComponentState, at now: Instant
  ) {
    let old = current[component].state
    guard old != next else { return }
    // A mistake of this code, and whatever a peer sends must not end the program by it.
    guard old.canTransition(to: next) else {
      return assertionFailure("\(component) cannot go from \(old) to \(next)")
    }
    let streamBefore = state(ofStream: component.stream)
    current[component].state = next
    if case .failed = next {
      endChecks(of: component)
      if paths[component]?.generation == current.number { stopUsing(component) }
    }
    actions.append(.component(component, next))
    let stream = state(ofStream: component.stream)
    if stream != streamBefore {
      actions.append(.stream(component.stream, stream))
      if stream == .completed { completed(component.stream, at: now) }
    }
    reportState()
  }

  /// Tells the driver of the session's state, if it is another one.
  mutating func reportState() {
    let state = state
    guard state != reportedState else { return }
    reportedState = state
    actions.append(.agent(state))
  }

  @discardableResult
  mutating func drop(_ reason: DropReason) -> Arrival {
    drops.count(reason)
    return .dropped(reason)
  }
}
