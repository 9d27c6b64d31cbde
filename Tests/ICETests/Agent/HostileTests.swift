import ICE
import STUN
import STUNCodec
import SansIO
import Testing
import TransportAddress

/// Peers that send whatever they like, with the right password and without (RFC 8445 §19).
@Suite struct HostileTests {
  /// Some message: of any class, with any attributes, with either agent's password or none.
  private func message(_ desk: inout Desk, answering checks: [Desk.Check]) throws -> [UInt8] {
    func chance(_ percent: Int) -> Bool {
      Int.random(in: 0..<100, using: &desk.generator) < percent
    }
    if chance(5) {
      return (0..<Int.random(in: 0..<60, using: &desk.generator)).map { _ in
        UInt8.random(in: 0...255, using: &desk.generator)
      }
    }
    let classes: [MessageClass] = [
      .request, .request, .request, .successResponse, .errorResponse, .indication,
    ]
    let type = MessageType(classes.randomElement(using: &desk.generator)!, .binding)
    var id = TransactionID.random(using: &desk.generator)
    let check = checks.randomElement(using: &desk.generator)
    if type.class != .request, let check, chance(80) { id = check.message.transactionID }
    let passwords = [Desk.own.password, Desk.peer.password, "whateverPasswordOf22Char"]
    let password =
      chance(80)
      ? (type.class == .request ? passwords[0] : passwords[1])
      : passwords.randomElement(using: &desk.generator)!
    let number = desk.generator.next()
    let port = UInt16.random(in: 1...400, using: &desk.generator)
    let flags = (0..<8).map { _ in chance(50) }
    let code = [ErrorCode.roleConflict, .badRequest, .forbidden, .serverError]
      .randomElement(using: &desk.generator)!
    return try STUNMessage.encode(type, transactionID: id) {
      (message: inout STUNMessageBuilder) throws(STUNEncodingError) in
      if flags[0] || flags[1] {
        try message.append(priority: UInt32(truncatingIfNeeded: number >> (flags[7] ? 1 : 33)))
      }
      if flags[2] { try message.append(iceControlling: number) }
      if flags[3] { try message.append(iceControlled: ~number) }
      if flags[4] { try message.appendUseCandidate() }
      if flags[5] {
        try message.append(xorMappedAddress: TransportAddress("203.0.113.7", port: port))
      }
      if type.class == .errorResponse { try message.append(errorCode: code) }
      if flags[6] || flags[0] { try message.append(username: "ownU:peer") }
      try message.appendMessageIntegrity(MessageIntegrityKey(shortTermPassword: password))
      try message.appendFingerprint()
    }
  }

  @Test("Whatever comes, work and memory have bounds and the invariants hold", arguments: 0..<40)
  func anything(_ seed: UInt64) throws {
    var configuration = ICEConfiguration()
    configuration.pairLimit = 40
    configuration.isLite = seed % 10 == 9
    var desk = try Desk(
      seed % 2 == 0 ? .controlling : .controlled, configuration: configuration,
      local: configuration.isLite
        ? [.host(Desk.base)]
        : [.host(Desk.base), .relayed("198.51.100.1:49152", mapped: "203.0.113.7:4")],
      remotes: seed % 3 == 0 ? nil : [host(Desk.remote)])
    desk.generator = SeededGenerator(seed: seed)
    var checks: [Desk.Check] = []
    for round in 0..<1500 {
      let message = try message(&desk, answering: checks.suffix(20))
      let port = UInt16.random(in: 6000...6300, using: &desk.generator)
      let base: TransportAddress =
        round % 3 == 0 && !configuration.isLite ? "198.51.100.1:49152" : Desk.base
      desk.deliver(message, from: TransportAddress("203.0.113.9", port: port), to: base)
      if round == 700, desk.agent.remoteDescription == nil {
        try desk.agent.remoteDescriptionReceived(RemoteDescription(Desk.peer), at: desk.now)
      }
      if round == 1000, seed % 4 == 0 {
        desk.agent.restarted(at: desk.now, using: &desk.generator)
        try desk.agent.gathered(.host(Desk.base), at: desk.now)
      }
      for check in try desk.wait(.milliseconds(Int64.random(in: 0...30, using: &desk.generator)))
      where check.message.type == .bindingRequest {
        if checks.contains(where: { $0.message.transactionID == check.message.transactionID }) {
          continue
        }
        checks.append(check)
      }
      #expect(desk.agent.checklists.count <= 40)
      #expect(desk.agent.checklists.checklists[0].local.count <= 42)
      #expect(desk.agent.checklists.checklists[0].remote.count <= 40)
    }
    // No more checks than Ta allows, whatever was triggered.
    #expect(checks.count <= Int(desk.now.nanoseconds / 50_000_000) + 20)
    #expect(!desk.agent.explanation.isEmpty)
  }

  @Test("Without the password nothing but answers comes of it: no pair, no check, no consent")
  func strangers() throws {
    for role in AgentRole.allCases {
      var desk = try Desk(role, remotes: [])
      for port in 1...300 as ClosedRange<UInt16> {
        let request = try desk.request(
          use: true, role: role.opposite, password: "guessedPasswordOf22chars")
        desk.deliver(request, from: TransportAddress("203.0.113.9", port: port))
        // The answer is not longer than the request: nobody's traffic is multiplied.
        let sent = try desk.messages()
        #expect(sent.count == 1 && sent[0].bytes.count <= request.count)
      }
      #expect(desk.pairs.isEmpty && desk.agent.pair() == nil && desk.agent.role == role)
      #expect(try desk.wait(.seconds(30)).isEmpty)
    }
  }

  @Test(
    "To addresses that a peer names go no more checks than the limit of pairs (§6.1.2.5, §19.5.1)")
  func flooding() throws {
    var configuration = ICEConfiguration()
    configuration.pairLimit = 20
    var desk = try Desk(configuration: configuration, remotes: [])
    for port in 1...500 as ClosedRange<UInt16> {
      try desk.agent.remoteCandidateReceived(
        host(
          TransportAddress("198.51.100.99", port: port),
          foundation: CandidateFoundation(number: UInt32(port))), at: desk.now)
    }
    let sent = try desk.wait(.seconds(200))
    #expect(Set(sent.map(\.message.transactionID)).count <= 20)
    #expect(sent.count <= 7 * 20)
  }

  @Test("A peer with the password fills a quarter of the pairs with addresses, and no more")
  func manySources() throws {
    let signaled = (0..<10).map { number in
      host(
        TransportAddress("203.0.113.77", port: 1000 + UInt16(number)),
        foundation: CandidateFoundation(number: UInt32(number)), localPreference: 1)
    }
    var desk = try Desk(.controlled, remotes: signaled)
    for port in 2000...2300 as ClosedRange<UInt16> {
      let request = try desk.request(role: .controlling)
      desk.deliver(request, from: TransportAddress("203.0.113.9", port: port))
    }
    #expect(desk.pairs.count == 10 + 25)
    #expect(desk.agent.drops[.tooManyPairs] == 301 - 25)
    #expect(signaled.allSatisfy { candidate in desk.pairs.contains { $0.remote == candidate } })
    // The signaled ones get their turn among the triggered ones.
    let sent = try desk.wait(.seconds(1)).map(\.remote.address)
    #expect(sent.contains("203.0.113.77"))
  }

  @Test("Two NATs that show every check from another port end by the relay, not never")
  func endlessDiscovery() throws {
    for seed in 0..<10 as Range<UInt64> {
      var world = try World(
        .behind(.addressAndPort, .endpoint, 0), .behind(.addressAndPort, .endpoint, 1), seed: seed)
      try world.connect()
      #expect(world.agents.allSatisfy { $0.state == .completed })
      #expect(world.selectsTheSame)
      #expect(world.agents.allSatisfy { $0.checklists.count <= ICEConstants.pairLimit })
    }
  }
}
