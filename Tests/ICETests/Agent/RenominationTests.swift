import ICE
import STUNCodec
import SansIO
import Testing
import TransportAddress

/// Several nominations, one after the other (draft-thatcher-ice-renomination-01).
@Suite struct RenominationTests {
  private static let better = Desk.remote
  private static let worse: TransportAddress = "203.0.113.10:6000"

  private func desk(
    _ role: AgentRole, own: Bool = true, peers: Bool = true
  ) throws -> Desk {
    var configuration = ICEConfiguration()
    configuration.renominates = own
    var desk = try Desk(role, configuration: configuration, remotes: nil)
    try desk.agent.remoteDescriptionReceived(
      RemoteDescription(Desk.peer, renominates: peers), at: desk.now)
    let other = Candidate(
      remote: .serverReflexive, Self.worse, foundation: "2", priority: 1_694_498_815)
    for candidate in [host(Self.better), other] {
      try desk.agent.remoteCandidateReceived(candidate, at: desk.now)
    }
    return desk
  }

  /// A nomination of the peer's with this number.
  private func nominate(
    _ desk: inout Desk, _ source: TransportAddress, _ number: UInt32, use: Bool = true
  ) throws {
    let request = try desk.request(use: use, role: .controlling) {
      (message: inout STUNMessageBuilder) throws(STUNEncodingError) in
      try message.append(nomination: number)
    }
    desk.deliver(request, from: source)
  }

  @Test("A better pair that succeeds after the selection is nominated, with a higher number")
  func controlling() throws {
    var desk = try desk(.controlling)
    let checks = try desk.wait(.milliseconds(60))
    try desk.answer(checks[1])
    let first = try desk.nextCheck()
    #expect(first.remote == Self.worse && first.useCandidate && first.message.nomination == 1)
    try desk.answer(first)
    #expect(desk.component.isSelected)
    let explanation = desk.agent.explanation(of: desk.ids[0])
    #expect(explanation == .checking(since: .zero, checks: 1))
    try desk.answer(checks[0])
    let second = try desk.nextCheck()
    #expect(second.remote == Self.better && second.useCandidate && second.message.nomination == 2)
    // Until the peer has heard of it nothing changes.
    #expect(desk.agent.pair()?.remote.address == Self.worse)
    try desk.answer(second)
    #expect(desk.agent.pair()?.remote.address == Self.better && desk.component.isSelected)
  }

  @Test("If the second nomination fails, the first stands")
  func failed() throws {
    var desk = try desk(.controlling)
    let checks = try desk.wait(.milliseconds(60))
    try desk.answer(checks[1])
    try desk.answer(try desk.nextCheck())
    try desk.answer(checks[0])
    let second = try desk.nextCheck()
    desk.deliver(try desk.failure(second, .serverError))
    #expect(desk.component.isSelected && desk.agent.pair()?.remote.address == Self.worse)
  }

  @Test("Unless both agents agree there is one nomination (§3)", arguments: [true, false])
  func disagreement(_ own: Bool) throws {
    var desk = try desk(.controlling, own: own, peers: !own)
    let checks = try desk.wait(.milliseconds(60))
    try desk.answer(checks[1])
    let first = try desk.nextCheck()
    #expect(first.useCandidate && first.message.nomination == nil)
    try desk.answer(first)
    try desk.answer(checks[0])
    let later = try desk.wait(.seconds(20))
    #expect(later.allSatisfy { !$0.useCandidate && $0.remote == Self.worse })
  }

  @Test("The controlled agent selects the pair with the highest number, in whatever order (§4)")
  func controlled() throws {
    for order in [[1, 2, 3], [3, 2, 1], [2, 3, 1], [1, 3, 2]] as [[UInt32]] {
      var desk = try desk(.controlled)
      for check in try desk.wait(.milliseconds(60)) { try desk.answer(check) }
      for number in order {
        try nominate(&desk, number == 3 ? Self.worse : Self.better, number)
      }
      #expect(desk.agent.pair()?.remote.address == Self.worse, "\(order)")
    }
  }

  @Test("The number alone nominates, as libwebrtc sends it; any number goes before none (§4)")
  func alone() throws {
    var desk = try desk(.controlled)
    for check in try desk.wait(.milliseconds(60)) { try desk.answer(check) }
    try nominate(&desk, Self.worse, 1, use: false)
    #expect(desk.component.isSelected && desk.agent.pair()?.remote.address == Self.worse)
    desk.deliver(try desk.request(use: true, role: .controlling), from: Self.better)
    #expect(desk.agent.pair()?.remote.address == Self.worse)
    var other = try self.desk(.controlled, peers: false)
    for check in try other.wait(.milliseconds(60)) { try other.answer(check) }
    try nominate(&other, Self.worse, 1, use: false)
    #expect(!other.component.isSelected)
  }

  @Test("The option is in the description where the agent has it, and read from the peer's")
  func description() throws {
    var desk = try desk(.controlling)
    let text = "\(desk.agent.localDescription(media: ["audio 9 UDP/TLS/RTP/SAVPF 0"]))"
    #expect(text.contains("a=ice-options:ice2 trickle renomination"))
    #expect(try ICEDescription(parsing: text).remoteDescription?.renominates == true)
    desk = try Desk()
    #expect(!"\(desk.agent.localDescription(media: ["audio 9 X 0"]))".contains("renomination"))
  }
}
