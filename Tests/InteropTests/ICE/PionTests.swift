import ICE
import TLS
import TestSupport
import Testing
import TransportAddress

/// `workbook connect`, and an agent of ours, with pion/ice, the agent of many servers in Go.
@Suite(.serialized, .waitsForChildren, .timeLimit(.minutes(5))) struct PionTests {
  /// What ours is.
  static let sides = ["offer", "answer"]
  static let stun = "--stun stun:\(ConnectStreet.server)"
  static let turn = "--turn turn:\(ConnectStreet.server) --user alice:pass"

  @Test(
    "pion connects from either side, and as a lite agent",
    .needsNetworks("nft"), .needsGo("github.com/pion/ice/v2"), arguments: sides, ["", "-lite"])
  func hosts(side: String, options: String) throws {
    let street = try ConnectStreet()
    let types = try street.meet(.pion, side, theirs: options)
    // A check of ours can come before our description.
    #expect(types == ["host", "host"] || types == ["host", "prflx"], "\(street.log)")
    #expect(street.text("alice.err").contains("directly"), "\(street.log)")
  }

  @Test(
    "Behind the kernel's NATs, pion is met by the addresses that serve has told both",
    .needsNetworks("nft"), .needsGo("github.com/pion/ice/v2"), arguments: sides)
  func reflexive(side: String) throws {
    let street = try ConnectStreet(.kernel("masquerade"), .kernel("masquerade"))
    try street.start(.serve)
    let types = try street.meet(.pion, side, Self.stun, theirs: "-stun")
    #expect(!types.contains("relay"), "\(street.log)")
    #expect(street.text("alice.err").contains("directly"), "\(street.log)")
  }

  @Test(
    "Behind NATs that give each peer another port, pion is met through relays of serve",
    .needsNetworks("nft"), .needsGo("github.com/pion/ice/v2"), arguments: sides)
  func relayed(side: String) throws {
    let random = ConnectStreet.Router.kernel("masquerade fully-random")
    let street = try ConnectStreet(random, random)
    try street.start(.serve)
    try street.meet(.pion, side, "\(Self.stun) \(Self.turn)", theirs: "-stun -turn udp")
    #expect(street.text("alice.err").contains("relay"), "\(street.log)")
  }

  @Test(
    "pion reaches through serve alone, asked over UDP, TCP and TLS", .needsNetworks("nft"),
    .needsGo("github.com/pion/ice/v2"), arguments: sides, ["udp", "tcp", "tls"])
  func relayOnly(side: String, transport: String) throws {
    let street = try ConnectStreet()
    try street.start(.serve, try TLSIdentity(selfSignedFor: ["203.0.113.9"]))
    let types = try street.meet(
      .pion, side, "\(Self.turn) --relay-only", theirs: "-turn \(transport) -relay-only")
    #expect(types == ["relay", "relay"], "\(street.log)")
    #expect(street.text("alice.err").contains("through both relays"), "\(street.log)")
  }

  // MARK: Line by line

  static let roles = [AgentRole.controlling, .controlled]

  @Test(
    "Candidates are told one by one, ours long after pion's checks could have begun",
    .needsNetworks("nft"), .needsGo("github.com/pion/ice/v2"), arguments: roles)
  func trickled(role: AgentRole) throws {
    let street = try ConnectStreet()
    let (own, other) = role == .controlling ? ("offer", "answer") : ("answer", "offer")
    let peer = try OtherAgent.pion.start(street, street.bob, "bob", other, "-lines")
    try street.alice.inside {
      var ours = try LineAgent(role, at: "198.51.100.2", telling: own, told: other, street)
      try ours.tellCredentials()
      try ours.wait("pion's last candidate") { $0.isOtherComplete }
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
    "After a restart by either agent, data goes over a pair of the new generation",
    .needsNetworks("nft"), .needsGo("github.com/pion/ice/v2"), arguments: roles, ["ours", "pion"])
  func restarted(role: AgentRole, by restarting: String) throws {
    let street = try ConnectStreet()
    let (own, other) = role == .controlling ? ("offer", "answer") : ("answer", "offer")
    let peer = try OtherAgent.pion.start(street, street.bob, "bob", other, "-lines")
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
      // pion has opened other sockets.
      #expect(first?.remote.address != ours.agent.pair()?.remote.address)
      try ours.converse("after")
      try ours.say("end")
    }
    #expect(peer.wait() == 0, "\(street.log)")
  }
}
