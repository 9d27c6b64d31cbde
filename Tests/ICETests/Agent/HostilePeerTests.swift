import ICE
import STUN
import STUNCodec
import SansIO
import Testing
import TransportAddress

/// A peer that does whatever it likes, in any order and at any time: messages, candidates, ends.
///
/// A step that the agent's own state machines do not have stops a test's program, see `move`: that
/// all seeds come to their end says that no peer can lead it there.
@Suite struct HostilePeerTests {
  /// The agent under attack, and what the test knows of it.
  private struct Siege {
    var desk: Desk
    /// The agent's requests that got no response yet, the latest last.
    var open: [Desk.Check] = []
    /// When a valid response of the peer's last came, by the path of its request.
    var lastResponse: [[TransportAddress]: Instant] = [:]
    var hasDescription = false
    /// After how many steps data could be sent.
    var usedCount = 0

    init(_ seed: UInt64) throws {
      var configuration = ICEConfiguration()
      configuration.pairLimit = 12
      configuration.renominates = seed % 4 < 2
      desk = try Desk(
        seed % 2 == 0 ? .controlling : .controlled, streams: seed % 3 == 0 ? [2, 1] : [1],
        configuration: configuration, remotes: nil)
      desk.generator = SeededGenerator(seed: seed)
    }

    mutating func chance(_ percent: Int) -> Bool { number(100) < percent }

    mutating func number(_ count: Int) -> Int {
      Int.random(in: 0..<count, using: &desk.generator)
    }

    mutating func one<Element>(of list: [Element]) -> Element { list[number(list.count)] }

    // MARK: What the peer does

    mutating func step() throws {
      switch number(20) {
      case 0..<8: deliver(try response())
      case 8..<14: deliver(try request())
      case 14..<16: try candidate()
      case 16:
        if chance(5) {
          try desk.agent.remoteCandidatesEnded(
            stream: number(desk.agent.checklists.checklists.count), at: desk.now)
        }
      case 17:
        desk.agent.unreachable(address(), from: Desk.base, at: desk.now)
      case 18: deliver((0..<number(60)).map { _ in UInt8(number(256)) })
      default: try describe()
      }
      if chance(1), chance(50) {
        desk.agent.restarted(at: desk.now, using: &desk.generator)
        hasDescription = false
        if chance(80) { try desk.agent.gathered(.host(Desk.base), at: desk.now) }
      }
      let pause = one(of: [0, 0, 1, 5, 20, 50, 200, 1000, 6000])
      for check in try desk.wait(.milliseconds(Int64(number(pause + 1))))
      where check.message.type == .bindingRequest
        && !open.contains(where: { $0.message.transactionID == check.message.transactionID })
      {
        open.append(check)
        if open.count > 30 { open.removeFirst() }
      }
    }

    private mutating func describe() throws {
      if hasDescription {
        _ = try? desk.agent.remoteDescriptionReceived(
          RemoteDescription(chance(50) ? Desk.peer : Desk.own), at: desk.now)
        return
      }
      guard chance(20) else { return }
      hasDescription = true
      try desk.agent.remoteDescriptionReceived(
        RemoteDescription(
          Desk.peer, isLite: chance(10),
          pacing: chance(20) ? .milliseconds(Int64(number(100_000))) : nil,
          renominates: chance(50)), at: desk.now)
    }

    private mutating func candidate() throws {
      let candidate = Candidate(
        remote: one(of: CandidateType.allCases), address(),
        foundation: CandidateFoundation(number: UInt32(number(5))),
        priority: chance(80) ? UInt32(1 + number(1 << 31 - 1)) : one(of: [0, 1, .max]),
        component: ComponentID(rawValue: UInt16(1 + number(3))) ?? 1,
        transport: chance(95) ? .udp : .tcp)
      try desk.agent.remoteCandidateReceived(
        candidate, stream: number(desk.agent.checklists.checklists.count),
        usernameFragment: one(of: [nil, "peer", "what"]), at: desk.now)
    }

    private mutating func address() -> TransportAddress {
      TransportAddress(
        one(of: ["203.0.113.9", "203.0.113.9", "198.51.100.9", "255.255.255.255", "2001:db8::9"]),
        port: UInt16(number(8)))
    }

    private mutating func deliver(_ bytes: [UInt8]) {
      desk.deliver(bytes, from: address(), to: chance(95) ? Desk.base : "10.9.9.9:9")
    }

    private mutating func request() throws -> [UInt8] {
      let (use, isControlling) = (chance(30), chance(50))
      let tiebreaker = desk.generator.next()
      let nomination: UInt32? = chance(30) ? UInt32(number(10)) : nil
      let priority: UInt32? = one(of: [1_862_270_975, 1, nil, 0, .max])
      return try desk.request(
        use: use, role: isControlling ? .controlling : .controlled, tiebreaker: tiebreaker,
        priority: priority,
        username: one(of: ["\(fragment):peer", "\(fragment):peer", "\(fragment):x", "x", nil]),
        password: one(of: [own, own, own, Desk.peer.password, nil]), hasFingerprint: chance(95)
      ) { (message: inout STUNMessageBuilder) throws(STUNEncodingError) in
        if let nomination { try message.append(nomination: nomination) }
      }
    }

    private var own: String { desk.agent.credentials.password }
    private var fragment: String { desk.agent.credentials.usernameFragment }

    /// A response to one of the latest checks: right in everything, or wrong in something.
    private mutating func response() throws -> [UInt8] {
      guard let place = open.indices.randomElement(using: &desk.generator) else { return [] }
      let check = open[place]
      if chance(50) {
        let bytes = try desk.success(check, mapped: chance(50) ? address() : nil)
        let drops = desk.agent.drops[.unknownTransaction] + desk.agent.drops[.otherGeneration]
        desk.deliver(bytes, from: check.remote, to: check.base)
        let isTaken =
          drops == desk.agent.drops[.unknownTransaction] + desk.agent.drops[.otherGeneration]
        if isTaken { lastResponse[[check.base, check.remote]] = desk.now }
        open.remove(at: place)
        return bytes
      }
      if chance(50) { return try desk.success(check, password: own) }
      let password = one(of: [Desk.peer.password, Desk.peer.password, own])
      return try desk.failure(
        check, one(of: [.roleConflict, .forbidden, .badRequest, .serverError]),
        password: chance(80) ? password : nil)
    }

    // MARK: What must hold

    mutating func check() throws {
      let lists = desk.agent.checklists
      #expect(lists.count <= 12)
      for list in lists.checklists {
        #expect(list.local.count <= 13 && list.remote.count <= 12)
        #expect(list.order.count == Set(list.order).count)
        #expect(zip(list.pairs, list.pairs.dropFirst()).allSatisfy { $0.priority >= $1.priority })
      }
      #expect(hasDescription == (desk.agent.remoteDescription != nil))
      // No data without consent: an authentic response by the pair's own path, 30 s ago at most.
      if let pair = desk.agent.pair() {
        usedCount += 1
        let response = try #require(lastResponse[[pair.base, pair.remote.address]])
        #expect(response.duration(to: desk.now) < ICEConstants.consentLifetime)
      }
      switch desk.component {
      case .selected(let id), .connected(let id): #expect(desk.agent.validPair(id) != nil)
      case .new, .checking, .failed: break
      }
    }
  }

  @Test(
    "2 000 steps of any kind lead to no impossible state, and none gets data without consent",
    arguments: 0..<24)
  func anything(_ seed: UInt64) throws {
    var siege = try Siege(seed)
    for _ in 0..<2_000 {
      try siege.step()
      try siege.check()
    }
    // It is led where there is something to lose, too.
    #expect(siege.usedCount > 20)
  }
}
