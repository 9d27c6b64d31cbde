import ICE
import TestSupport
import Testing
import TransportAddress

/// `workbook connect`, and an agent of ours, with libjuice, the agent of libdatachannel.
@Suite(.serialized, .waitsForChildren, .timeLimit(.minutes(5))) struct LibjuiceTests {
  /// What ours is.
  static let sides = ["offer", "answer"]
  static let stun = "--stun stun:\(ConnectStreet.server)"
  static let turn = "--turn turn:\(ConnectStreet.server) --user alice:pass"

  @Test(
    "libjuice connects from either side",
    .needsNetworks("nft"), .needsPython("pylibdatachannel"), arguments: sides)
  func hosts(side: String) throws {
    let street = try ConnectStreet()
    let types = try street.meet(.libjuice, side)
    // A check of ours can come before our description.
    #expect(types == ["host", "host"] || types == ["host", "prflx"], "\(street.log)")
    #expect(street.text("alice.err").contains("directly"), "\(street.log)")
  }

  @Test(
    "Behind the kernel's NATs, libjuice is met by the addresses that serve has told both",
    .needsNetworks("nft"), .needsPython("pylibdatachannel"), arguments: sides)
  func reflexive(side: String) throws {
    let street = try ConnectStreet(.kernel("masquerade"), .kernel("masquerade"))
    try street.start(.serve)
    let types = try street.meet(.libjuice, side, Self.stun, theirs: "--stun")
    #expect(!types.contains("relay"), "\(street.log)")
    #expect(street.text("alice.err").contains("directly"), "\(street.log)")
  }

  @Test(
    "Behind the kernel's NATs, candidates are told in a room of serve as either side gathers them",
    .needsNetworks("nft"), .needsPython("pylibdatachannel"), arguments: sides)
  func trickled(side: String) throws {
    let street = try ConnectStreet(.kernel("masquerade"), .kernel("masquerade"))
    try street.start(.serve, withSignaling: true)
    let types = try street.meet(
      .libjuice, side, Self.stun, theirs: "--stun --room room",
      by: "--signal ws://203.0.113.9:8080/room")
    #expect(!types.contains("relay"), "\(street.log)")
    #expect(street.text("alice.err").contains("directly"), "\(street.log)")
  }

  @Test(
    "Behind NATs that give each peer another port, libjuice is met through relays",
    .needsNetworks("nft", "turnserver"), .needsPython("pylibdatachannel"), arguments: sides,
    ConnectStreet.Server.allCases)
  func relayed(side: String, server: ConnectStreet.Server) throws {
    let random = ConnectStreet.Router.kernel("masquerade fully-random")
    let street = try ConnectStreet(random, random)
    try street.loseOtherPackets()
    try street.start(server)
    try street.meet(.libjuice, side, "\(Self.stun) \(Self.turn)", theirs: "--stun --turn")
    #expect(street.text("alice.err").contains("relay"), "\(street.log)")
  }

  @Test(
    "libjuice reaches through a relay alone", .needsNetworks("nft", "turnserver"),
    .needsPython("pylibdatachannel"), arguments: sides, ConnectStreet.Server.allCases)
  func relayOnly(side: String, server: ConnectStreet.Server) throws {
    let street = try ConnectStreet()
    try street.start(server)
    let types = try street.meet(
      .libjuice, side, "\(Self.turn) --relay-only", theirs: "--turn --relay-only")
    #expect(types == ["relay", "relay"], "\(street.log)")
    #expect(street.text("alice.err").contains("through both relays"), "\(street.log)")
  }

  // MARK: Line by line

  static let roles = [AgentRole.controlling, .controlled]

  /// Starts libjuice at Bob's with the other role, or with the same one, and gives the files of both.
  private func converse(
    _ role: AgentRole, _ street: ConnectStreet, options: String = ""
  ) throws -> (peer: BackgroundProgram, own: String, other: String) {
    let (own, other) = role == .controlling ? ("offer", "answer") : ("answer", "offer")
    let peer = try OtherAgent.libjuice.start(
      street, street.bob, "bob", other, "--lines \(options)")
    return (peer, own, other)
  }

  @Test(
    "Candidates are told one by one, ours long after libjuice's checks could have begun",
    .needsNetworks("nft"), .needsPython("pylibdatachannel"), arguments: roles)
  func late(role: AgentRole) throws {
    let street = try ConnectStreet()
    let (peer, own, other) = try converse(role, street)
    try street.alice.inside {
      var ours = try LineAgent(role, at: "198.51.100.2", telling: own, told: other, street)
      try ours.tellCredentials()
      try ours.wait("libjuice's last candidate") { $0.isOtherComplete }
      // Neither has anything to check yet.
      #expect(ours.agent.checklists.checklists[0].pairs.isEmpty)
      try ours.tellCandidate()
      try ours.wait("a pair") { $0.agent.state == .completed }
      try ours.converse("hello")
      try ours.say("end")
    }
    #expect(peer.wait() == 0, "\(street.log)")
  }

  @Test(
    "Where libjuice takes the role that ours has, one of the two gives way",
    .needsNetworks("nft"), .needsPython("pylibdatachannel"), arguments: roles)
  func conflict(role: AgentRole) throws {
    let street = try ConnectStreet()
    let (peer, own, other) = try converse(role, street, options: "--conflict")
    try street.alice.inside {
      var ours = try LineAgent(role, at: "198.51.100.2", telling: own, told: other, street)
      try ours.tellCredentials()
      try ours.tellCandidate()
      try ours.wait("a pair") { $0.agent.state == .completed }
      try ours.converse("hello")
      try ours.say("end")
      #expect(ours.agent.role != role || street.text("bob.err").contains("ICE role conflict"))
    }
    #expect(peer.wait() == 0, "\(street.log)")
  }

  // libjuice itself refuses the credentials of a restart. What is tested is ours.
  @Test(
    "After a restart, data goes over a pair of the new generation, with another agent of libjuice's",
    .needsNetworks("nft"), .needsPython("pylibdatachannel"), arguments: roles,
    ["ours", "libjuice"])
  func restarted(role: AgentRole, by restarting: String) throws {
    let street = try ConnectStreet()
    let (peer, own, other) = try converse(role, street)
    try street.alice.inside {
      var ours = try LineAgent(role, at: "198.51.100.2", telling: own, told: other, street)
      try ours.tellCredentials()
      try ours.tellCandidate()
      try ours.wait("a pair") { $0.agent.state == .completed }
      try ours.converse("before")
      let first = ours.agent.pair()
      if restarting == "ours" {
        try ours.restart()
      } else {
        try ours.say("restart")
      }
      try ours.wait("the new generation") {
        $0.agent.generation == 1 && $0.agent.state == .completed
      }
      // The other agent has another socket.
      #expect(first?.remote.address != ours.agent.pair()?.remote.address)
      try ours.converse("after")
      try ours.say("end")
    }
    #expect(peer.wait() == 0, "\(street.log)")
  }
}
