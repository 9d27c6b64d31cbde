import FoundationEssentials
import Glibc
import TLS
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
    "Two of ours connect through relays alone, both on one server", .needsNetworks("turnserver"),
    arguments: ConnectStreet.Server.allCases)
  func bothRelays(server: ConnectStreet.Server) throws {
    let street = try ConnectStreet()
    try street.start(server)
    let options = "\(Self.turn) --relay-only"
    let sides = [
      try street.connect(street.alice, "alice", "offer \(options)", saying: "from alice"),
      try street.connect(street.bob, "bob", "answer \(options)", saying: "from bob"),
    ]
    for side in sides { #expect(side.wait() == 0, "\(street.log)") }
    #expect(street.text("alice.out") == "from bob\n", "\(street.log)")
    #expect(street.text("alice.err").contains("through both relays"), "\(street.log)")
    guard server == .serve else { return }
    // Each gives its relayed address back, of which this server tells.
    try waitFor("the end of both allocations") {
      street.text("relay").split(separator: "\n").count { $0.hasPrefix("ended ") } == 2
    }
  }

  // MARK: Relays over TCP and TLS

  /// What the street drops between one host and everybody, and what reaches the relay then.
  struct Blockade: CustomTestStringConvertible, Sendable {
    var rules: [String]
    var seconds: Int
    var testDescription: String

    static let all = [
      Blockade(
        rules: ["ip saddr 198.51.100.2 meta l4proto udp"], seconds: 2,
        testDescription: "no UDP: TCP"),
      Blockade(
        rules: ["ip saddr 198.51.100.2 meta l4proto udp", "tcp dport 3478"], seconds: 4,
        testDescription: "no UDP and no TCP to port 3478: TLS"),
    ]
  }

  @Test(
    "Where UDP does not get out, a relay is reached over TCP, or over TLS if TCP does not either",
    .needsNetworks("nft", "turnserver"), arguments: ConnectStreet.Server.allCases, Blockade.all)
  func withoutUDP(server: ConnectStreet.Server, blockade: Blockade) throws {
    let street = try ConnectStreet()
    try street.start(server, try TLSIdentity(selfSignedFor: ["203.0.113.9"]))
    for rule in blockade.rules { try street.drop(rule) }
    let turn = """
      --stun stun:203.0.113.9 --turn turns:203.0.113.9 --turn 'turn:203.0.113.9?transport=tcp' \
      --turn turn:203.0.113.9 --user alice:pass --ca cert.pem
      """
    let sides = [
      try street.connect(street.alice, "alice", "offer --json \(turn)", saying: "from alice"),
      try street.connect(street.bob, "bob", "answer", saying: "from bob"),
    ]
    for side in sides { #expect(side.wait() == 0, "\(street.log)") }
    #expect(street.text("bob.out") == "from alice\n", "\(street.log)")
    let lines = try street.text("alice.out").split(separator: "\n").map { try JSONValue($0) }
    let selected = try #require(
      lines.first { $0["event"] == .string("selected") }, "\(street.log)")
    #expect(selected["route"] == .string("through this side's relay"))
    #expect(lines.contains { $0["text"] == .string("from bob\n") }, "\(street.log)")
    // Each way that was tried in vain is named.
    let failures = lines.filter { $0["event"] == .string("server") }
    #expect(failures.count == blockade.seconds / 2 + 1, "\(street.log)")
    let schema = try JSONSchema.documented()
    for line in lines { #expect(schema.problems(of: line, in: "connect") == []) }
  }

  @Test(
    "Relays that are only asked over TCP or TLS connect two sides that let the other know no address",
    .needsNetworks("turnserver"), arguments: ConnectStreet.Server.allCases,
    ["'turn:203.0.113.9?transport=tcp'", "turns:203.0.113.9"])
  func overStreams(server: ConnectStreet.Server, uri: String) throws {
    let street = try ConnectStreet()
    try street.start(server, try TLSIdentity(selfSignedFor: ["203.0.113.9"]))
    try talk(in: street, "--turn \(uri) --user alice:pass --ca cert.pem --relay-only")
    #expect(street.text("alice.err").contains("through both relays"), "\(street.log)")
    guard server == .serve else { return }
    try waitFor("the end of both allocations") {
      street.text("relay").split(separator: "\n").count { $0.hasPrefix("ended ") } == 2
    }
  }

  @Test("A certificate that nobody vouches for is refused, and the reason said", .needsNetworks())
  func untrusted() throws {
    let street = try ConnectStreet()
    try street.start(.serve, try TLSIdentity(selfSignedFor: ["203.0.113.9"]))
    let options = "--turn turns:203.0.113.9 --user alice:pass --relay-only"
    let alice = try street.connect(street.alice, "alice", "offer \(options)", saying: "")
    #expect(alice.wait() == 1, "\(street.log)")
    #expect(
      street.text("alice.err").contains(
        "203.0.113.9:5349: no connection: the certificate is of no"),
      "\(street.log)")
  }

  /// Two routers, the servers that both sides ask, and what the way must be called.
  struct Case: CustomTestStringConvertible, Sendable {
    var first: ConnectStreet.Router
    var second: ConnectStreet.Router
    var route: String

    var testDescription: String { "\(first) and \(second): \(route)" }
  }

  private static let random = ConnectStreet.Router.kernel("masquerade fully-random")
  private static let symmetric = ConnectStreet.Router.tun("--preset symmetric")
  private static let cone = ConnectStreet.Router.tun("--preset port-restricted-cone")

  static let cases = [
    Case(first: .kernel("masquerade"), second: .kernel("masquerade"), route: "directly"),
    Case(first: .kernel("masquerade"), second: random, route: "relay"),
    Case(first: random, second: random, route: "relay"),
    Case(first: cone, second: cone, route: "directly"),
    Case(
      first: symmetric, second: .tun("--preset restricted-cone"), route: "directly"),
    Case(first: cone, second: symmetric, route: "relay"),
    Case(first: .kernel("masquerade"), second: cone, route: "directly"),
  ]

  @Test(
    "Two of ours connect through NATs, by a relay only where hole punching fails",
    .needsNetworks("nft"), arguments: cases)
  func behindNATs(pair: Case) throws {
    let street = try ConnectStreet(pair.first, pair.second)
    try street.start(.serve)
    try talk(in: street, "\(Self.stun) \(Self.turn)")
    #expect(street.text("alice.err").contains(pair.route), "\(street.log)")
  }

  /// Both sides connect with these options, and each hears what the other says.
  private func talk(
    in street: ConnectStreet, _ options: String, at location: SourceLocation = #_sourceLocation
  ) throws {
    let sides = [
      try street.connect(street.alice, "alice", "offer \(options)", saying: "from alice"),
      try street.connect(street.bob, "bob", "answer \(options)", saying: "from bob"),
    ]
    for side in sides { #expect(side.wait() == 0, "\(street.log)", sourceLocation: location) }
    let log = street.log
    #expect(street.text("alice.out") == "from bob\n", "\(log)", sourceLocation: location)
    #expect(street.text("bob.out") == "from alice\n", "\(log)", sourceLocation: location)
  }

  @Test(
    "Every event is documented, and with --explain each pair is among them", .needsNetworks("nft"))
  func json() throws {
    let street = try ConnectStreet(.kernel("masquerade"), .kernel("masquerade"))
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
    let alice = try street.open(street.alice, "alice", "offer --folder .")
    let bob = try street.open(street.bob, "bob", "answer --folder .")
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
    "Where the other side is gone without a word, consent ends, which is said",
    .needsNetworks("nft"))
  func lost() throws {
    let street = try ConnectStreet()
    let alice = try street.open(street.alice, "alice", "offer --folder .")
    let bob = try street.open(street.bob, "bob", "answer --folder .")
    try waitFor("both sides", seconds: 20) {
      street.text("alice.err").contains("connected") && street.text("bob.err").contains("connected")
    }
    bob.stop(SIGKILL)
    #expect(alice.wait() == 1, "\(street.log)")
    #expect(
      street.text("alice.err").contains("the other is not there any more: no consent check"),
      "\(street.log)")
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
    let lonely = try street.open(street.alice, "alice", "offer --stun stun:192.0.2.77")
    try street.alice.run("printf '%s\\n' '\(description)' >\(street.folder.path)/alice.in")
    #expect(lonely.wait() == 1, "\(street.log)")
    #expect(street.text("alice.err").contains("192.0.2.77:3478: no answer with an address"))
    #expect(street.text("alice.err").contains("there is no way"))
  }

  // MARK: By hand

  @Test(
    "Descriptions that are pasted connect, and what follows them is data; two offers do as well",
    .needsNetworks("nft"), arguments: ["answer", "offer"])
  func pasted(other: String) throws {
    let street = try ConnectStreet()
    let alice = try street.open(street.alice, "alice", "offer")
    // With two offers both agents control: a role conflict (RFC 8445 §7.3.1.1).
    let bob = try street.open(street.bob, "bob", other)
    try waitFor("both descriptions", seconds: 20) {
      ["alice.err", "bob.err"].allSatisfy { street.text($0).contains("a=end-of-candidates") }
    }
    // As a person copies it: the lines from the first to the last, among all that is printed.
    for (from, to) in [("alice", "bob"), ("bob", "alice")] {
      try street.street.run(
        """
        cd \(street.folder.path)
        (sed -n '/^a=ice-options/,/^a=end-of-candidates/p' \(from).err; echo hello \(to)) >\(to).in
        """)
    }
    try waitFor("the data", seconds: 20) {
      street.text("alice.out") == "hello bob\n" && street.text("bob.out") == "hello alice\n"
    }
    #expect(bob.stop(SIGINT) == 130)
    #expect(alice.wait() == 0, "\(street.log)")
  }

  @Test(
    "On a terminal the pairs are drawn anew in place, and the other's data controls nothing",
    .needsNetworks("nft", "script"))
  func terminal() throws {
    let street = try ConnectStreet()
    let alice = try street.alice.start(
      """
      cd \(street.folder.path)
      mkfifo alice.in
      export TERM=xterm COLUMNS=100 LANG=C.UTF-8
      exec script -qefc '\(Program.executable) connect offer --folder . --explain' alice.out \
        <>alice.in
      """)
    let bob = try street.open(street.bob, "bob", "answer --folder .")
    try waitFor("both sides", seconds: 20) {
      street.text("alice.out").contains("connected") && street.text("bob.err").contains("connected")
    }
    try street.street.run("printf 'evil\\033]0;title\\007\\n' >\(street.folder.path)/bob.in")
    try waitFor("the data", seconds: 20) { street.text("alice.out").contains("evil") }
    let screen = street.text("alice.out")
    #expect(!screen.contains("\u{1B}]0;"), "\(screen.debugDescription)")
    // Up by as many lines as the last table had.
    #expect(screen.contains("A\u{1B}[J"), "\(screen.debugDescription)")
    #expect(screen.contains("own candidate"))
    #expect(bob.stop(SIGINT) == 130)
    #expect(alice.wait() == 0)
  }

  @Test("With relays alone and none that serves, it ends with 1 at once", .needsNetworks("nft"))
  func noRelay() throws {
    let street = try ConnectStreet()
    try street.start(.serve)
    let turn = "--turn turn:\(ConnectStreet.server) --user alice:wrong --relay-only"
    let alice = try street.connect(street.alice, "alice", "offer \(turn)", saying: "")
    #expect(alice.wait() == 1, "\(street.log)")
    #expect(street.text("alice.err").contains("it refuses an allocation: 401"), "\(street.log)")
    #expect(street.text("alice.err").contains("no candidate was gathered"), "\(street.log)")
  }
}
