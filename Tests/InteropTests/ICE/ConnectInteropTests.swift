import FoundationEssentials
import Glibc
import TestSupport
import Testing

/// `workbook connect` over real sockets: with aioice, and with itself behind the kernel's NATs.
@Suite(.serialized, .waitsForChildren, .timeLimit(.minutes(5))) struct ConnectInteropTests {
  static let sides = [("offer", "answer"), ("answer", "offer")]
  static let stun = "--stun stun:\(ConnectStreet.server)"
  static let turn = "--turn turn:\(ConnectStreet.server) --user alice:pass"

  // MARK: aioice

  @Test(
    "Connects to aioice from either side, and both hear each other",
    .needsNetworks("nft"), .needsPython("aioice"), arguments: sides)
  func direct(own: String, other: String) throws {
    let street = try ConnectStreet()
    let ours = try street.connect(street.alice, "alice", own, saying: "from ours")
    let peer = try AioicePeer.start(
      street, street.bob, "bob", other, relay: false, saying: "from aioice")
    #expect(ours.wait() == 0, "\(street.log)")
    #expect(peer.wait() == 0, "\(street.log)")
    #expect(street.text("alice.out") == "from aioice\n", "\(street.log)")
    #expect(street.text("bob.out") == "from ours\n", "\(street.log)")
    #expect(street.text("alice.err").contains("directly"))
  }

  @Test(
    "Connects to aioice through relays of coturn and of serve, from either side",
    .needsNetworks("nft", "turnserver"), .needsPython("aioice"),
    arguments: ConnectStreet.Server.allCases, sides)
  func relayed(server: ConnectStreet.Server, sides: (own: String, other: String)) throws {
    let street = try ConnectStreet()
    try street.start(server)
    let ours = try street.connect(
      street.alice, "alice", "\(sides.own) \(Self.turn) --relay-only", saying: "from ours")
    let peer = try AioicePeer.start(
      street, street.bob, "bob", sides.other, relay: true, saying: "from aioice")
    #expect(ours.wait() == 0, "\(street.log)")
    #expect(peer.wait() == 0, "\(street.log)")
    #expect(street.text("alice.out") == "from aioice\n", "\(street.log)")
    #expect(street.text("bob.out") == "from ours\n", "\(street.log)")
    #expect(street.text("alice.err").contains("relay"), "\(street.log)")
  }

  // MARK: Two of ours

  @Test(
    "Two of ours connect through masquerading routers, by a relay where one has random ports",
    .needsNetworks("nft"),
    arguments: [
      ("masquerade", "masquerade", stun, "directly"),
      ("masquerade", "masquerade fully-random", "\(stun) \(turn)", "relay"),
      ("masquerade fully-random", "masquerade fully-random", "\(stun) \(turn)", "relay"),
    ])
  func kernelNATs(first: String, second: String, servers: String, route: String) throws {
    let street = try ConnectStreet(first, second)
    try street.start(.serve)
    let sides = [
      try street.connect(street.alice, "alice", "offer \(servers)", saying: "from alice"),
      try street.connect(street.bob, "bob", "answer \(servers)", saying: "from bob"),
    ]
    for side in sides { #expect(side.wait() == 0, "\(street.log)") }
    #expect(street.text("alice.out") == "from bob\n", "\(street.log)")
    #expect(street.text("bob.out") == "from alice\n", "\(street.log)")
    #expect(street.text("alice.err").contains(route), "\(street.log)")
  }

  @Test(
    "Every event is documented, and with --explain each pair is among them", .needsNetworks("nft"))
  func json() throws {
    let street = try ConnectStreet("masquerade", "masquerade")
    try street.start(.serve)
    let options = "\(Self.stun) --json --explain"
    let sides = [
      try street.connect(street.alice, "alice", "offer \(options)", saying: "ä"),
      try street.connect(street.bob, "bob", "answer \(options)", saying: "x"),
    ]
    for side in sides { #expect(side.wait() == 0, "\(street.log)") }
    let schema = try JSONSchema.documented()
    let lines = try street.text("bob.out").split(separator: "\n").map { try JSONValue($0) }
    for line in lines { #expect(schema.problems(of: line, in: "connect") == []) }
    let events = Set(lines.compactMap { $0["event"] })
    for event in ["candidate", "description", "peer", "pair", "selected", "data", "ended"] {
      #expect(events.contains(.string(event)), "\(street.log)")
    }
    let data = try #require(lines.first { $0["event"] == .string("data") })
    #expect(data["text"] == .string("ä\n"))
  }

  @Test(
    "Ctrl-C ends one side with 130, and the other, which is told, with 0", .needsNetworks("nft"))
  func interrupted() throws {
    let street = try ConnectStreet()
    // Standard input that stays open, as a terminal's.
    func start(_ network: TestNetwork, _ name: String, _ side: String) throws -> BackgroundProgram {
      try network.start(
        """
        cd \(street.folder.path)
        mkfifo \(name).in
        exec \(Program.executable) connect \(side) --folder . \
          <>\(name).in >\(name).out 2>\(name).err
        """)
    }
    let alice = try start(street.alice, "alice", "offer")
    let bob = try start(street.bob, "bob", "answer")
    try waitFor("both sides", seconds: 20) {
      street.text("alice.err").contains("connected") && street.text("bob.err").contains("connected")
    }
    #expect(alice.stop(SIGINT) == 130, "\(street.log)")
    #expect(bob.wait() == 0, "\(street.log)")
    #expect(street.text("bob.err").contains("the other has left"))
    // Neither leaves its description behind.
    #expect(!FileManager.default.fileExists(atPath: street.folder.path + "/offer"))
    #expect(!FileManager.default.fileExists(atPath: street.folder.path + "/answer"))
  }

  @Test(
    "Without a description in time, or with one that cannot be read, it ends with 75 or 65",
    .needsNetworks())
  func description() throws {
    let street = try ConnectStreet()
    let late = try street.alice.start(
      """
      cd \(street.folder.path)
      exec \(Program.executable) connect answer --folder . --wait 1 >alice.out 2>alice.err
      """)
    #expect(late.wait() == 75, "\(street.log)")
    let wrong = try street.alice.start(
      """
      cd \(street.folder.path)
      printf 'a=ice-ufrag:abcd\\na=ice-pwd:short\\n\\n' | \
        \(Program.executable) connect answer >alice.out 2>alice.err
      """)
    #expect(wrong.wait() == 65, "\(street.log)")
    #expect(street.text("alice.err").contains("standard input:2:11: "), "\(street.log)")
    #expect(street.text("alice.out") == "")
  }

  @Test("Where nobody answers, it says why and ends with 1", .needsNetworks("nft"))
  func noWay() throws {
    let street = try ConnectStreet()
    let description = """
      a=ice-ufrag:abcd
      a=ice-pwd:abcdefghijklmnopqrstuv
      m=application 9 udp octet-stream
      a=end-of-candidates
      """
    // Standard input that stays open, as a terminal's.
    let lonely = try street.alice.start(
      """
      cd \(street.folder.path)
      mkfifo alice.in
      exec \(Program.executable) connect offer --stun stun:192.0.2.77 \
        <>alice.in >alice.out 2>alice.err
      """)
    try street.alice.run("printf '%s\\n' '\(description)' >\(street.folder.path)/alice.in")
    #expect(lonely.wait() == 1, "\(street.log)")
    #expect(street.text("alice.err").contains("192.0.2.77:3478: no answer with an address"))
    #expect(street.text("alice.err").contains("there is no way"))
  }
}
