import TestSupport
import Testing

/// `workbook connect` and libnice, the agent of GStreamer and of many servers.
@Suite(.serialized, .waitsForChildren, .timeLimit(.minutes(5))) struct LibniceTests {
  /// What ours is.
  static let sides = ["offer", "answer"]
  static let stun = "--stun stun:\(ConnectStreet.server)"
  static let turn = "--turn turn:\(ConnectStreet.server) --user alice:pass"

  @Test(
    "libnice connects from either side, whichever way it nominates",
    .needsNetworks("nft"), .needsLibrary("libnice.so.10"), arguments: sides, ["", "--aggressive"])
  func hosts(side: String, options: String) throws {
    let street = try ConnectStreet()
    let types = try street.meet(.libnice, side, theirs: options)
    #expect(types == ["host", "host"], "\(street.log)")
    #expect(street.text("alice.err").contains("directly"), "\(street.log)")
  }

  @Test(
    "libnice as a lite agent is controlled, whoever offers", .needsNetworks("nft"),
    .needsLibrary("libnice.so.10"), arguments: sides)
  func lite(side: String) throws {
    let street = try ConnectStreet()
    #expect(try street.meet(.libnice, side, theirs: "--lite") == ["host", "host"])
  }

  @Test(
    "Behind the kernel's NATs, libnice is met by the addresses that serve has told both",
    .needsNetworks("nft"), .needsLibrary("libnice.so.10"), arguments: sides)
  func reflexive(side: String) throws {
    let street = try ConnectStreet(.kernel("masquerade"), .kernel("masquerade"))
    try street.start(.serve)
    let types = try street.meet(.libnice, side, Self.stun, theirs: "--stun")
    #expect(!types.contains("relay"), "\(street.log)")
    #expect(street.text("alice.err").contains("directly"), "\(street.log)")
  }

  @Test(
    "Behind NATs that give each peer another port, libnice is met through relays of serve",
    .needsNetworks("nft"), .needsLibrary("libnice.so.10"), arguments: sides)
  func relayed(side: String) throws {
    let random = ConnectStreet.Router.kernel("masquerade fully-random")
    let street = try ConnectStreet(random, random)
    try street.start(.serve)
    try street.meet(.libnice, side, "\(Self.stun) \(Self.turn)", theirs: "--stun --turn udp")
    #expect(street.text("alice.err").contains("relay"), "\(street.log)")
  }

  @Test(
    "libnice reaches through serve alone, asked over UDP and TCP", .needsNetworks("nft"),
    .needsLibrary("libnice.so.10"), arguments: sides, ["udp", "tcp"])
  func relayOnly(side: String, transport: String) throws {
    let street = try ConnectStreet()
    try street.start(.serve)
    let types = try street.meet(
      .libnice, side, "\(Self.turn) --relay-only", theirs: "--turn \(transport) --relay-only")
    #expect(types == ["relay", "relay"], "\(street.log)")
    #expect(street.text("alice.err").contains("through both relays"), "\(street.log)")
    // libnice allocates twice over TCP, and gives all of them back.
    try waitFor("the end of all allocations") {
      let lines = street.text("relay").split(separator: "\n")
      return lines.count { $0.hasPrefix("ended ") } == lines.count { $0.hasPrefix("allocated ") }
    }
  }
}
