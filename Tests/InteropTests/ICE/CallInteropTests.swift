import FoundationEssentials
import Glibc
import TestSupport
import Testing

/// `workbook call` over real sockets: the tone that is heard is the one that was sent.
@Suite(.serialized, .waitsForChildren, .timeLimit(.minutes(5))) struct CallInteropTests {
  private static let servers = "\(ConnectInteropTests.stun) \(ConnectInteropTests.turn)"

  /// Starts `workbook call` at a host.
  private func call(
    _ street: ConnectStreet, _ network: TestNetwork, _ name: String, _ arguments: String
  ) throws -> BackgroundProgram {
    try network.start(
      """
      cd \(street.folder.path)
      exec \(Program.executable) call \(arguments) --folder . </dev/null \
        >\(name).out 2>\(name).err
      """)
  }

  private func figures(_ street: ConnectStreet, _ name: String) throws -> JSONValue {
    let lines = try street.text("\(name).out").split(separator: "\n").map { try JSONValue($0) }
    let schema = try JSONSchema.documented()
    for line in lines { #expect(schema.problems(of: line, in: "call") == []) }
    return try #require(lines.last { $0["event"] == .string("figures") }, "\(street.log)")
  }

  private func number(_ value: JSONValue?) -> Double? {
    if case .number(let number)? = value { number } else { nil }
  }

  /// Two routers, and what the way between them must be called.
  static let cases = ConnectInteropTests.cases

  @Test(
    "The tone gets through NATs, directly where that is possible and else over a relay",
    .needsNetworks("nft"), arguments: cases)
  func behindNATs(pair: ConnectInteropTests.Case) throws {
    let street = try ConnectStreet(pair.first, pair.second)
    try street.start(.serve)
    let sides = [
      try call(street, street.alice, "alice", "offer --json --seconds 2 \(Self.servers)"),
      try call(street, street.bob, "bob", "answer --json --seconds 2 \(Self.servers)"),
    ]
    for side in sides { #expect(side.wait() == 0, "\(street.log)") }
    #expect(street.text("alice.out").contains(pair.route), "\(street.log)")
    for (name, sent, heard) in [("alice", 440, 660), ("bob", 660, 440)] {
      let figures = try figures(street, name)
      #expect(number(figures["sentFrequency"]) == Double(sent))
      let frequency = try #require(number(figures["heardFrequency"]), "\(street.log)")
      #expect(abs(frequency - Double(heard)) < 1, "\(street.log)")
      let received = try #require(number(figures["received"]))
      #expect(received > 50, "\(street.log)")
      #expect(number(figures["roundTrip"]) != nil, "\(street.log)")
    }
  }

  @Test(
    "On a terminal it draws a live line and a plot, elsewhere it says them; it writes what was heard",
    .needsNetworks("nft", "script"))
  func text() throws {
    let street = try ConnectStreet(.kernel("masquerade"), .kernel("masquerade"))
    try street.start(.serve)
    let alone = "offer --folder . --seconds 2 --wav heard.wav \(Self.servers)"
    let sides = [
      try street.alice.start(
        """
        cd \(street.folder.path)
        export TERM=xterm COLUMNS=80 LANG=C.UTF-8
        exec script -qefc '\(Program.executable) call \(alone)' alice.out </dev/null
        """),
      try call(street, street.bob, "bob", "answer --seconds 2 \(Self.servers)"),
    ]
    for side in sides { #expect(side.wait() == 0, "\(street.log)") }
    let (alice, bob) = (street.text("alice.out"), street.text("bob.out"))
    #expect(street.text("bob.err").contains("directly"), "\(street.log)")
    #expect(alice.contains("sent 440 Hz in ") && alice.contains("heard 660.0 Hz"), "\(street.log)")
    #expect(alice.contains(" packets came (") && alice.contains(" ms ┤"), "\(street.log)")
    #expect(alice.contains("\r\u{1B}[K1 of 2 s: "), "\(street.log)")
    #expect(bob.contains("heard 440.0 Hz") && !bob.contains("┤"), "\(street.log)")
    #expect(bob.contains("Delay above the quickest packet's"), "\(street.log)")
    let wav = try Data(contentsOf: URL(filePath: street.folder.path + "/heard.wav"))
    #expect(wav.count > 44 + 2 * 8000 && wav.starts(with: Array("RIFF".utf8)))
  }

  @Test(
    "Ctrl-C ends one side with 130 and its figures, and the other, which hears of it, with 0",
    .needsNetworks())
  func interrupted() throws {
    let street = try ConnectStreet()
    let alice = try call(street, street.alice, "alice", "offer --seconds 600")
    let bob = try call(street, street.bob, "bob", "answer --seconds 600")
    try waitFor("both sides", seconds: 20) {
      street.text("alice.err").contains("connected") && street.text("bob.err").contains("connected")
    }
    #expect(alice.stop(SIGINT) == 130, "\(street.log)")
    #expect(bob.wait() == 0, "\(street.log)")
    #expect(street.text("alice.out").contains("sent 440 Hz"), "\(street.log)")
    #expect(street.text("bob.out").contains("sent 660 Hz"), "\(street.log)")
  }

  @Test(
    "Where the other is gone without a word, the figures are printed and it ends with 1",
    .needsNetworks("nft"))
  func lost() throws {
    let street = try ConnectStreet()
    let alice = try call(street, street.alice, "alice", "offer --seconds 600")
    let bob = try call(street, street.bob, "bob", "answer --seconds 600")
    try waitFor("both sides", seconds: 20) {
      street.text("alice.err").contains("connected") && street.text("bob.err").contains("connected")
    }
    bob.stop(SIGKILL)
    #expect(alice.wait() == 1, "\(street.log)")
    #expect(street.text("alice.err").contains("the other is not there any more"))
    #expect(street.text("alice.out").contains("sent 440 Hz"), "\(street.log)")
  }

  @Test("A file that cannot be written is said at the end, with 74", .needsNetworks())
  func unwritable() throws {
    let street = try ConnectStreet()
    let sides = [
      try call(street, street.alice, "alice", "offer --seconds 1 --wav no/such/folder.wav"),
      try call(street, street.bob, "bob", "answer --seconds 1"),
    ]
    #expect(sides.map { $0.wait() } == [74, 0], "\(street.log)")
    #expect(street.text("alice.err").contains("no/such/folder.wav"), "\(street.log)")
  }

  @Test("A time of no or of too many seconds is refused with 64")
  func usage() throws {
    for seconds in ["0", "601", "x"] {
      let result = try Program.run(["call", "offer", "--seconds", seconds])
      #expect(result.exitCode == 64)
    }
    #expect(try Program.run(["call", "offer", "--relay-only"]).exitCode == 64)
  }
}
