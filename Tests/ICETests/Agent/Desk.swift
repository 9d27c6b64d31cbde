import ICE
import STUN
import STUNCodec
import SansIO
import Testing
import TransportAddress

/// One agent, and a peer that the test plays message by message.
struct Desk {
  static let own = try! ICECredentials(
    usernameFragment: "ownU", password: "ownPasswordOf22ice+chars")
  static let peer = try! ICECredentials(
    usernameFragment: "peer", password: "peerPasswordOf22ice/char")
  static let base: TransportAddress = "10.0.0.2:5000"
  static let remote: TransportAddress = "203.0.113.9:6000"

  var agent: ICEAgent
  var now = Instant.zero
  var generator = SeededGenerator(seed: 7)

  /// An agent with this tiebreaker, and with candidates and a description if these are wanted.
  init(
    _ role: AgentRole = .controlling, tiebreaker: UInt64 = 1000, streams: [Int] = [1],
    configuration: ICEConfiguration = .init(), local: [GatheredCandidate] = [.host(base)],
    remotes: [Candidate]? = [ICETests.host(remote)], peerIsLite: Bool = false,
    isGathered: Bool = false
  ) throws {
    agent = try ICEAgent(
      role: role, streams: streams, configuration: configuration, credentials: Self.own,
      tiebreaker: tiebreaker)
    for candidate in local { try agent.gathered(candidate, at: now) }
    if isGathered {
      for stream in streams.indices { try agent.gatheringFinished(stream: stream, at: now) }
    }
    guard let remotes else { return }
    try agent.remoteDescriptionReceived(
      RemoteDescription(Self.peer, isLite: peerIsLite), at: now)
    for candidate in remotes { try agent.remoteCandidateReceived(candidate, at: now) }
  }

  // MARK: The agent

  /// A request of the agent's.
  struct Check {
    var bytes: [UInt8]
    var message: STUNMessage
    var base: TransportAddress
    var remote: TransportAddress
    var useCandidate: Bool { (try? message.useCandidate) ?? false }
  }

  /// All that the agent wants done now.
  mutating func actions() -> [ICEAgent.Action] {
    var list: [ICEAgent.Action] = []
    while let action = agent.nextAction() { list.append(action) }
    return list
  }

  /// The messages that the agent sends now.
  mutating func messages() throws -> [Check] {
    try actions().compactMap { action in
      guard case .send(let bytes, let base, let remote) = action else { return nil }
      return Check(bytes: bytes, message: try STUNMessage(bytes), base: base, remote: remote)
    }
  }

  /// Lets time pass, and returns what is sent in it.
  @discardableResult
  mutating func wait(_ duration: Duration = .zero) throws -> [Check] {
    let end = now.advanced(by: duration)
    var list = try messages()
    while let deadline = agent.nextDeadline, deadline <= end {
      now = max(now, deadline)
      agent.timerFired(at: now, using: &generator)
      list += try messages()
    }
    now = end
    return list
  }

  /// The first request of the agent's within a second.
  mutating func nextCheck(within duration: Duration = .seconds(1)) throws -> Check {
    let end = now.advanced(by: duration)
    var list = try messages()
    while list.allSatisfy({ $0.message.type != .bindingRequest }),
      let deadline = agent.nextDeadline, deadline <= end
    {
      now = max(now, deadline)
      agent.timerFired(at: now, using: &generator)
      list += try messages()
    }
    return try #require(list.first { $0.message.type == .bindingRequest })
  }

  /// Hands bytes to the agent.
  @discardableResult
  mutating func deliver(
    _ bytes: [UInt8], from source: TransportAddress = remote, to base: TransportAddress = base
  ) -> ICEAgent.Arrival {
    agent.received(bytes.span, from: source, to: base, at: now, using: &generator)
  }

  // MARK: The peer

  /// A check of the peer's.
  mutating func request(
    use: Bool = false, role: AgentRole = .controlled, tiebreaker: UInt64 = 1,
    priority: UInt32? = 1_862_270_975, username: String? = "ownU:peer",
    password: String? = own.password, id: TransactionID? = nil, hasFingerprint: Bool = true,
    extra: (inout STUNMessageBuilder) throws(STUNEncodingError) -> Void = { _ in }
  ) throws -> [UInt8] {
    let id = id ?? .random(using: &generator)
    return try STUNMessage.encode(.bindingRequest, transactionID: id) {
      (message: inout STUNMessageBuilder) throws(STUNEncodingError) in
      if let priority { try message.append(priority: priority) }
      switch role {
      case .controlling: try message.append(iceControlling: tiebreaker)
      case .controlled: try message.append(iceControlled: tiebreaker)
      }
      if use { try message.appendUseCandidate() }
      try extra(&message)
      if let username { try message.append(username: username) }
      if let password {
        try message.appendMessageIntegrity(MessageIntegrityKey(shortTermPassword: password))
      }
      if hasFingerprint { try message.appendFingerprint() }
    }
  }

  /// The peer's success response to a check.
  func success(
    _ check: Check, mapped: TransportAddress? = nil, password: String = peer.password,
    hasFingerprint: Bool = true
  ) throws -> [UInt8] {
    try STUNMessage.encode(
      .bindingSuccessResponse, transactionID: check.message.transactionID
    ) { (message: inout STUNMessageBuilder) throws(STUNEncodingError) in
      try message.append(xorMappedAddress: mapped ?? check.base)
      try message.appendMessageIntegrity(MessageIntegrityKey(shortTermPassword: password))
      if hasFingerprint { try message.appendFingerprint() }
    }
  }

  /// The peer's error response to a check.
  func failure(
    _ check: Check, _ code: ErrorCode, password: String? = peer.password
  ) throws -> [UInt8] {
    try STUNMessage.encode(
      .bindingErrorResponse, transactionID: check.message.transactionID
    ) { (message: inout STUNMessageBuilder) throws(STUNEncodingError) in
      try message.append(errorCode: code)
      if let password {
        try message.appendMessageIntegrity(MessageIntegrityKey(shortTermPassword: password))
      }
      try message.appendFingerprint()
    }
  }

  /// Answers a check from where it was sent to.
  @discardableResult
  mutating func answer(
    _ check: Check, mapped: TransportAddress? = nil
  ) throws -> ICEAgent.Arrival {
    deliver(try success(check, mapped: mapped), from: check.remote, to: check.base)
  }

  /// Leads the agent to a selected pair: both check, and the controlling side nominates.
  mutating func select() throws {
    try answer(try nextCheck())
    if agent.role == .controlling {
      let nomination = try nextCheck()
      #expect(nomination.useCandidate)
      try answer(nomination)
    } else {
      deliver(try request(use: true, role: .controlling))
    }
    _ = actions()
  }

  // MARK: What there is

  var pairs: [CandidatePair] { agent.checklists.checklists[0].pairs }
  var ids: [PairID] { agent.checklists.checklists[0].order }
  var component: ComponentState { agent.state(of: StreamComponent()) ?? .new }
}

extension ComponentState {
  var isSelected: Bool { if case .selected = self { true } else { false } }
  var isConnected: Bool { if case .connected = self { true } else { false } }
}
