internal import ICE
internal import STUNCodec
internal import SansIO
internal import TransportAddress

/// What happens to an agent whose peer does whatever it likes: checks and responses with any password,
/// candidates, descriptions, ends, ICMP errors, noise, restarts, and time between them.
struct AgentStory {
  static let own = credentials("ownU", "ownPasswordOf22ice+chars")
  static let peer = credentials("peer", "peerPasswordOf22ice/char")
  private static let base = address("10.0.0.2:5000")
  private static let places = [
    "203.0.113.9:1", "203.0.113.9:2", "198.51.100.9:1", "[2001:db8::9]:1", "255.255.255.255:9",
    "203.0.113.9:0", "10.0.0.2:5000",
  ].map(address)
  private static let peerKey = MessageIntegrityKey(shortTermPassword: peer.password)

  /// A request of the agent's that got no response yet.
  private struct Check {
    let id: TransactionID
    let base: TransportAddress
    let remote: TransportAddress
  }

  private var reader: FuzzReader
  private var agent: ICEAgent
  private var generator = SeededGenerator(seed: 8445)
  private var now = Instant.zero
  private var open: [Check] = []
  private var ownKey = MessageIntegrityKey(shortTermPassword: own.password)
  /// Whether the peer has described itself by the agent's own credentials.
  private var mirrors = false
  /// When a valid response last came, by base and remote address.
  private var lastResponse: [[TransportAddress]: Instant] = [:]
  /// How many new checks have been sent, and when the first was.
  private var checkCount = 0
  private var started: Instant?

  init(_ reader: FuzzReader) {
    self.reader = reader
    let choice = self.reader.byte()
    var configuration = ICEConfiguration()
    configuration.pairLimit = 1 + Int(choice & 15)
    configuration.renominates = choice & 16 != 0
    configuration.isLite = choice & 0xE0 == 0xE0
    configuration.earlyCheckLimit = 4
    guard
      let agent = try? ICEAgent(
        role: choice & 32 != 0 ? .controlling : .controlled,
        streams: choice & 64 != 0 ? [2, 1] : [1],
        configuration: configuration, credentials: Self.own, tiebreaker: 1000)
    else { fatalError("an agent can have the configuration") }
    self.agent = agent
    gather()
  }

  static func credentials(_ fragment: String, _ password: String) -> ICECredentials {
    guard let made = try? ICECredentials(usernameFragment: fragment, password: password) else {
      fatalError("ice-chars")
    }
    return made
  }

  static func address(_ text: String) -> TransportAddress {
    guard let made = try? TransportAddress(parsing: text) else { fatalError("\(text)") }
    return made
  }

  var isOver: Bool { reader.isAtEnd }

  // MARK: - What happens

  mutating func step() {
    switch reader.byte() {
    case 0..<80: respond()
    case 80..<150: request()
    case 150..<185: signalCandidate()
    case 185..<215: describe()
    case 215..<220: try? agent.remoteCandidatesEnded(stream: stream(), at: now)
    case 220..<225: try? agent.gatheringFinished(stream: stream(), at: now)
    case 225..<230: agent.unreachable(place(), from: Self.base, at: now)
    case 230..<234: agent.refused(place().address, from: Self.base, at: now)
    case 234..<246: deliver(reader.bytes(Int(reader.byte() & 63)), from: place(), to: Self.base)
    case 246..<249: restart()
    default: gather()
    }
    takeActions()
    pass(reader.one(of: [0, 0, 1, 5, 20, 50, 200, 1000, 6000, 45_000]))
    check()
  }

  private mutating func stream() -> Int {
    reader.bool() ? 0 : agent.checklists.checklists.count - 1
  }

  private mutating func place() -> TransportAddress { reader.one(of: Self.places) }

  private mutating func gather() {
    _ = try? agent.gathered(.host(Self.base), at: now)
    guard reader.bool(), !agent.configuration.isLite else { return }
    _ = try? agent.gathered(
      .serverReflexive(place(), base: Self.base), stream: stream(), at: now)
  }

  private mutating func restart() {
    agent.restarted(at: now, using: &generator)
    ownKey = MessageIntegrityKey(shortTermPassword: agent.credentials.password)
    // A new generation sends at once; consent to the old pair is still checked.
    (checkCount, started) = (0, nil)
    gather()
  }

  private mutating func describe() {
    let choice = reader.byte()
    let pacing: Duration? =
      choice & 1 == 0 ? nil : .milliseconds(Int64(reader.word()) << Int64(choice & 15))
    if choice & 0xE0 == 0 { mirrors = true }
    try? agent.remoteDescriptionReceived(
      RemoteDescription(
        choice & 0xE0 == 0 ? Self.own : Self.peer, isLite: choice & 0x1E == 2, pacing: pacing,
        renominates: choice & 4 != 0, trickles: choice & 8 != 0), at: now)
  }

  private mutating func signalCandidate() {
    let choice = reader.byte()
    let priority: UInt32 =
      choice & 3 == 0
      ? reader.one(of: [0, 1, 1 << 31, .max]) : UInt32(reader.word()) << 15 | UInt32(choice)
    let candidate = Candidate(
      remote: reader.one(of: CandidateType.allCases), place(),
      foundation: CandidateFoundation(number: UInt32(choice >> 5)), priority: priority,
      component: choice & 4 == 0 ? 1 : 2, transport: choice & 0x18 == 0 ? .tcp : .udp)
    try? agent.remoteCandidateReceived(
      candidate, stream: stream(), usernameFragment: reader.one(of: [nil, "peer", "what"]), at: now)
  }

  private mutating func deliver(
    _ bytes: [UInt8], from source: TransportAddress, to base: TransportAddress
  ) {
    agent.received(bytes.span, from: source, to: base, at: now, using: &generator)
  }

  /// A check of the peer's, sound or wrong in something.
  private mutating func request() {
    let choice = reader.byte()
    let fragment = agent.credentials.usernameFragment
    let username = choice & 7 == 0 ? reader.one(of: ["x", "\(fragment):x"]) : "\(fragment):peer"
    let key = choice & 0x38 == 0 ? Self.peerKey : ownKey
    let (tiebreaker, nomination) = (UInt64(reader.word()), UInt32(reader.byte() & 15))
    let priority: UInt32 = reader.one(of: [1_862_270_975, 1_694_498_815, 1, 0, .max])
    let kind = reader.byte()
    let message = try? STUNMessage.encode(
      .bindingRequest, transactionID: .random(using: &generator)
    ) { (message: inout STUNMessageBuilder) throws(STUNEncodingError) in
      if kind & 1 != 0 { try message.append(priority: priority) }
      if kind & 2 != 0 {
        try message.append(iceControlling: tiebreaker)
      } else {
        try message.append(iceControlled: tiebreaker)
      }
      if kind & 12 == 0 { try message.appendUseCandidate() }
      if kind & 48 == 0 { try message.append(nomination: nomination) }
      try message.append(username: username)
      try message.appendMessageIntegrity(key)
      if kind & 192 != 192 { try message.appendFingerprint() }
    }
    if let message { deliver(message, from: place(), to: Self.base) }
  }

  /// A response to one of the agent's checks: sound, or wrong in something.
  private mutating func respond() {
    guard !open.isEmpty else { return }
    let check = open[Int(reader.byte()) % open.count]
    let choice = reader.byte()
    let mapped = choice & 3 == 0 ? place() : check.base
    let code: ErrorCode? =
      choice & 12 == 0
      ? reader.one(of: [.roleConflict, .forbidden, .badRequest, .serverError]) : nil
    let isOfPeer = choice & 0x30 != 0
    let isAuthentic = isOfPeer || mirrors
    let source = choice & 0xC0 == 0 ? place() : check.remote
    let (key, type) = (
      isOfPeer ? Self.peerKey : ownKey,
      code == nil ? MessageType.bindingSuccessResponse : .bindingErrorResponse
    )
    let message = try? STUNMessage.encode(type, transactionID: check.id) {
      (message: inout STUNMessageBuilder) throws(STUNEncodingError) in
      if let code { try message.append(errorCode: code) }
      if code == nil { try message.append(xorMappedAddress: mapped) }
      try message.appendMessageIntegrity(key)
      try message.appendFingerprint()
    }
    guard let message else { return }
    if isAuthentic, code == nil, source == check.remote {
      lastResponse[[check.base, check.remote]] = now
    }
    deliver(message, from: source, to: check.base)
  }

  private mutating func pass(_ milliseconds: Int) {
    let end = now.advanced(by: .milliseconds(milliseconds))
    var turns = 0
    while let deadline = agent.nextDeadline, deadline <= end {
      now = max(now, deadline)
      turns += 1
      demand(turns < 10_000, "deadlines without end")
      agent.timerFired(at: now, using: &generator)
      takeActions()
    }
    now = end
  }

  private mutating func takeActions() {
    var count = 0
    while let action = agent.nextAction() {
      count += 1
      demand(count < 1000, "one event causes a thousand actions")
      guard case .send(let bytes, let base, let remote) = action,
        let message = try? STUNMessage(bytes), message.type == .bindingRequest
      else { continue }
      demand(base == Self.base, "a check from a base that there is not")
      guard !open.contains(where: { $0.id == message.transactionID }) else { continue }
      started = started ?? now
      checkCount += 1
      open.append(Check(id: message.transactionID, base: base, remote: remote))
      if open.count > 16 { open.removeFirst() }
    }
  }

  // MARK: - What must hold

  private func check() {
    let lists = agent.checklists
    let limit = agent.configuration.pairLimit
    demand(lists.count <= limit, "more pairs than the limit")
    for list in lists.checklists {
      demand(list.local.count <= limit + 16, "more own candidates than the limit")
      demand(list.remote.count <= limit, "more of the peer's candidates than the limit")
      demand(
        zip(list.pairs, list.pairs.dropFirst()).allSatisfy { $0.priority >= $1.priority },
        "the checklist is not in order")
    }
    // Data goes nowhere without an authentic response by the pair's own path in the last 30 s.
    if let pair = agent.pair(), !agent.configuration.isLite {
      let response = lastResponse[[pair.base, pair.remote.address]]
      demand(
        response.map { $0.duration(to: now) < ICEConstants.consentLifetime } == true,
        "data may go to \(pair.remote.address) without consent")
    }
    // One new check in each Ta of 50 ms, and one consent check in four seconds; copies are no new ones.
    if let started {
      let elapsed = started.duration(to: now) / .milliseconds(1)
      let most = 40 + Int(elapsed / 50) + 3 * Int(elapsed / 4000)
      demand(checkCount <= most, "\(checkCount) checks in \(elapsed) ms")
    }
    _ = agent.explanation(of: StreamComponent())
  }
}

/// A story of an agent and a peer that does whatever it likes; what must hold is looked at after each
/// step.
func besiege(_ input: [UInt8]) {
  var story = AgentStory(FuzzReader(input))
  var steps = 0
  while !story.isOver, steps < 64 {
    steps += 1
    story.step()
  }
}
