import NATTable
import SansIO
import Testing
import TransportAddress

@testable import NATConsole

/// Obeys lines that must be understood, and gives what they print.
private func run(_ lines: String, preset: String = "restricted-cone") throws -> [String] {
  var console = try Console(preset: preset)
  return try lines.split(separator: "\n", omittingEmptySubsequences: false).flatMap { line in
    try console.obey(String(line)).lines
  }
}

@Suite struct ConsoleTests {
  @Test("A conversation: out, back, time, and the table")
  func conversation() throws {
    let printed = try run(
      """
      # the first lesson's packet
      send 10.0.0.2:5000 > 198.51.100.1:3478
      reply
      receive 192.0.2.9:1 > 203.0.113.7:5000   # a stranger

      wait 299s
      table
      wait 1s
      table
      """)
    #expect(
      printed == [
        "forward UDP 203.0.113.7:5000 → 198.51.100.1:3478",
        "forward UDP 198.51.100.1:3478 → 10.0.0.2:5000",
        "drop: the mapping's filter does not admit this sender (RFC 4787 §5)",
        "now 299 s; no mapping expired",
        "protocol  inside         outside           to   from          expires in",
        "UDP       10.0.0.2:5000  203.0.113.7:5000  any  198.51.100.1  1 s",
        "now 300 s; 1 mapping expired",
        "(no mappings)",
      ])
  }

  @Test("Undo takes back packets, time, presets and mappings, one by one")
  func undo() throws {
    var console = try Console()
    let changes = [
      "send 10.0.0.2:5000 > 198.51.100.1:3478", "wait 5m", "preset linux",
      "external 203.0.113.8 2001:db8::8", "map tcp 10.0.0.2:80 = 203.0.113.8:80",
      "send ping 10.0.0.2 > 192.0.2.1",
      "reply",
    ]
    var states: [String] = []
    func state() -> String {
      "\(console.table) \(console.now) \(console.preset) \(console.table.externalAddresses)"
    }
    for line in changes {
      states.append(state())
      _ = try console.obey(line)
    }
    for before in states.reversed() {
      _ = try console.obey("undo")
      #expect(state() == before)
    }
    #expect(throws: ConsoleError(column: 1, message: "there is nothing to take back")) {
      try console.obey("undo")
    }
  }

  @Test(
    "Addresses that no router forwards are dropped as a router drops them, in every preset",
    arguments: NATTable.Configuration.presets.map(\.name))
  func martians(preset: String) throws {
    #expect(
      try run(
        """
        send 10.0.0.2:5000 > 198.51.100.1:3478
        send 127.0.0.1:5000 > 198.51.100.1:3478
        receive 127.0.0.1:3478 > 203.0.113.7:5000
        send 10.0.0.2:5000 > 0.0.0.0:3478
        receive 198.51.100.1:3478 > 0.0.0.0:5000
        receive 10.0.0.3:3478 > 203.0.113.7:5000
        send 10.0.0.2:5000 > 10.0.0.255:3478
        """, preset: preset
      ).dropFirst() == [
        "drop: \(Martian.source)", "drop: \(Martian.source)",
        "drop: \(Martian.destination)", "drop: \(Martian.destination)",
        "drop: \(Martian.insideSource)", "drop: \(Martian.broadcast)",
      ])
  }

  @Test("A packet that no router forwards makes no mapping, and a reply is to the one before")
  func martiansChangeNothing() throws {
    #expect(
      try run(
        """
        send 10.0.0.2:5000 > 0.0.0.0:3478
        table
        send 10.0.0.2:5000 > 198.51.100.1:3478
        send 10.0.0.3:6000 > 127.0.0.1:80
        reply
        """
      ).dropFirst() == [
        "(no mappings)", "forward UDP 203.0.113.7:5000 → 198.51.100.1:3478",
        "drop: \(Martian.destination)", "forward UDP 198.51.100.1:3478 → 10.0.0.2:5000",
      ])
  }

  @Test("With an outside address in the usual inside network, its neighbors may send")
  func outsideInUsualNetwork() throws {
    #expect(
      try run(
        """
        external 10.0.0.9
        send 192.168.0.2:5000 > 10.0.0.3:3478
        reply
        """
      ).dropFirst() == [
        "forward UDP 10.0.0.9:5000 → 10.0.0.3:3478",
        "forward UDP 10.0.0.3:3478 → 192.168.0.2:5000",
      ])
  }

  @Test("A reply comes from the receiver, wherever that is")
  func replies() throws {
    #expect(
      try run(
        """
        send tcp syn 10.0.0.2:5000 > 198.51.100.1:80
        reply
        reply
        send ping 10.0.0.2:9 > 198.51.100.1
        reply
        """) == [
          "forward TCP SYN 203.0.113.7:5000 → 198.51.100.1:80",
          "forward TCP SYN+ACK 198.51.100.1:80 → 10.0.0.2:5000",
          "forward TCP SYN+ACK 203.0.113.7:5000 → 198.51.100.1:80",
          "forward ICMP query 203.0.113.7:9 → 198.51.100.1",
          "forward ICMP reply 198.51.100.1 → 10.0.0.2:9",
        ])
  }

  @Test("An unsolicited SYN is answered when its time has come")
  func unsolicited() throws {
    let printed = try run("receive tcp syn 192.0.2.9:1 > 203.0.113.7:80\nwait 6s")
    #expect(
      printed.last
        == "the NAT sends ICMP port unreachable 203.0.113.7 → 192.0.2.9 about TCP 192.0.2.9:1 → 203.0.113.7:80"
    )
  }

  @Test(
    "Every preset has a name that the console knows",
    arguments: ConsoleNAT.presets)
  func presets(name: String) throws {
    #expect(try run("preset \(name)").first?.hasPrefix("\(name): ") == true)
    if name.hasPrefix("nat") { return }
    #expect(
      try Console(preset: name).table.configuration
        == NATTable.Configuration.presets.first { $0.name == name }?.configuration)
  }

  @Test("preset nat64: an IPv6 host reaches an IPv4 host, and the table shows both versions")
  func nat64() throws {
    #expect(
      try run(
        """
        send [2001:db8:1::2]:5000 > [64:ff9b::198.51.100.1]:80
        reply
        send ping 2001:db8:1::2 > 64:ff9b::198.51.100.1
        reply
        receive 192.0.2.9:1 > 203.0.113.7:5000
        send [2001:db8:1::3]:6000 > [64:ff9b::203.0.113.7]:5000
        send [2001:db8:1::2]:5000 > [64:ff9b::203.0.113.7]:6000
        reply
        send [2001:db8:1::2]:5000 > [2001:db8:2::1]:80
        table
        """, preset: "nat64") == [
          "forward UDP 203.0.113.7:5000 → 198.51.100.1:80",
          "forward UDP [64:ff9b::198.51.100.1]:80 → [2001:db8:1::2]:5000",
          "forward ICMP query 203.0.113.7:1 → 198.51.100.1",
          "forward ICMPv6 reply 64:ff9b::198.51.100.1 → [2001:db8:1::2]:1",
          "drop: the mapping's filter does not admit this sender (RFC 4787 §5)",
          "drop: the mapping's filter does not admit this sender (RFC 4787 §5)",
          "forward UDP [64:ff9b::203.0.113.7]:5000 → [2001:db8:1::3]:6000",
          "forward UDP [64:ff9b::203.0.113.7]:6000 → [2001:db8:1::2]:5000",
          "drop: an address embeds no IPv4 address behind the prefix (RFC 6052 §2.2)",
          "protocol  inside                outside           to   from          expires in",
          "ICMP      [2001:db8:1::2]:1     203.0.113.7:1     any  198.51.100.1  60 s",
          "UDP       [2001:db8:1::2]:5000  203.0.113.7:5000  any  198.51.100.1  300 s",
          "                                                       203.0.113.7",
          "UDP       [2001:db8:1::3]:6000  203.0.113.7:6000  any  203.0.113.7   300 s",
        ])
  }

  @Test("preset nat66: the prefix changes, nothing is remembered")
  func nat66() throws {
    #expect(
      try run(
        """
        preset
        send [fd00:1:2:3::4]:5000 > [2001:db8:ff::1]:80
        reply
        send [fd00:1:2:ffff::4]:5000 > [2001:db8:ff::1]:80
        table
        """, preset: "nat66") == [
          "nat66: fd00:1:2::/48 inside is 2001:db8:7::/48 outside, without a table",
          "forward UDP [2001:db8:7:cf46::4]:5000 → [2001:db8:ff::1]:80",
          "forward UDP [2001:db8:ff::1]:80 → [fd00:1:2:3::4]:5000",
          "drop: no word of the address can be adjusted, as it is 0xFFFF (RFC 6296 §3.4)",
          "(no table: fd00:1:2::/48 is always 2001:db8:7::/48)",
        ])
  }

  @Test("A line that cannot be obeyed changes nothing")
  func unchanged() throws {
    var console = try Console()
    _ = try console.obey("send 10.0.0.2:5000 > 198.51.100.1:3478")
    for line in [
      "send 10.0.0.2", "map 10.0.0.9:1 = 203.0.113.7:5000", "wait 9", "preset nat", "preset nat65",
    ] {
      #expect(throws: ConsoleError.self) { try console.obey(line) }
    }
    _ = try console.obey("undo")
    #expect(console.table.count == 0)
  }
}

@Suite struct ConsoleHelpTests {
  /// The examples in the help: what stands behind a colon and begins with the command's name.
  static let examples = ConsoleCommand.entries.compactMap { entry in
    entry.summary.components(after: ": ").flatMap { $0.hasPrefix(entry.name + " ") ? $0 : nil }
  }

  @Test("The help has examples")
  func some() {
    #expect(Self.examples.map { $0.prefix { $0 != " " } } == ["send", "map"])
  }

  @Test("The help names every preset, behavior, timer and ICMP error")
  func names() {
    let text = ConsoleCommand.entries.map(\.summary).joined(separator: " ")
    let names =
      ConsoleNAT.presets + ConsoleCommand.behaviors.map(\.name)
      + TimerName.allCases.map(\.rawValue) + ICMPErrorName.allCases.map(\.rawValue)
    #expect(names.filter { !text.contains($0) } == [])
  }

  @Test("Each example of the help can be obeyed as it stands", arguments: examples)
  func example(line: String) throws {
    var console = try Console()
    _ = try console.obey(line)
    #expect(console.table.count == 1)
  }
}

extension String {
  /// What follows the first occurrence; nil if there is none.
  fileprivate func components(after separator: String) -> String? {
    firstRange(of: separator).map { String(self[$0.upperBound...]) }
  }
}

@Suite struct ConsoleErrorTests {
  struct Case: CustomTestStringConvertible {
    var line: String
    var column: Int
    var message: String
    var testDescription: String { line }
  }

  static let cases: [Case] = [
    Case(line: "sned 1", column: 1, message: "'sned' is no command; 'help' lists them"),
    Case(line: "send", column: 5, message: "the source, ADDRESS:PORT should stand here"),
    Case(
      line: "send 10.0.0.256:1 > 1.1.1.1:1", column: 13,
      message: "the source, ADDRESS:PORT: an octet is more than 255"),
    Case(
      line: "send 10.0.0.2:5 1.1.1.1:1", column: 17,
      message: "'>' and the destination should stand here"),
    Case(
      line: "send 10.0.0.2:5 >", column: 18,
      message: "the destination, ADDRESS:PORT should stand here"),
    Case(line: "send 10.0.0.2:5 > 1.1.1.1:1 x", column: 29, message: "nothing should follow here"),
    Case(
      line: "send tcp syn+foo 10.0.0.2:5 > 1.1.1.1:1", column: 14,
      message: "a flag is syn, ack, fin or rst, joined by '+'"),
    Case(line: "wait", column: 5, message: "a time should stand here, such as 30s or 5m"),
    Case(line: "wait 30", column: 8, message: "the unit of a time is ms, s, m, h or d"),
    Case(line: "wait 1.s", column: 7, message: "the unit of a time is ms, s, m, h or d"),
    Case(line: "wait 1.5w", column: 9, message: "the unit of a time is ms, s, m, h or d"),
    Case(line: "wait -1s", column: 6, message: "a time is a number and a unit, such as 30s"),
    Case(line: "wait 99999999999999999999s", column: 6, message: "the time is too long"),
    Case(
      line: "wait 9223372036854775807h", column: 6,
      message: "the time is too long; 100000h is the longest"),
    Case(
      line: "map 10.0.0.2:80 203.0.113.7:80", column: 17,
      message: "'=' and the outside endpoint should stand here"),
    Case(
      line: "map 10.0.0.2:0 = 203.0.113.7:80", column: 14,
      message: "the inside endpoint: port 0 is none"),
    Case(
      line: "map tcp 10.0.0.2:80 = 203.0.113.7:0", column: 35,
      message: "the outside endpoint: port 0 is none"),
    Case(line: "reply", column: 1, message: "no packet has gone on yet that could be answered"),
    Case(line: "table now", column: 7, message: "nothing should follow here"),
  ]

  @Test("Bad input gives one line that says what is wrong and where", arguments: cases)
  func errors(_ test: Case) throws {
    var console = try Console()
    #expect(throws: ConsoleError(column: test.column, message: test.message)) {
      try console.obey(test.line)
    }
  }

  @Test("A line is taken apart alike, whether its bytes are read or its characters")
  func scanners() throws {
    var random = SeededGenerator(seed: 7)
    let parts = ["ab", "10.0.0.2:5", ">", "=", " ", "  ", "\t", "#", "\u{0B}", "\r", "[", "+"]
    var wordCount = 0
    for _ in 0..<5000 {
      let line = (0..<Int.random(in: 0...8, using: &random)).map { _ in
        parts.randomElement(using: &random) ?? ""
      }.joined()
      var bytes = LineScanner(line)
      // A letter behind the line's end, in a comment, has the characters read.
      var characters = LineScanner(line + (line.contains("#") ? "é" : " #é"))
      while let word = characters.next() {
        let other = bytes.next()
        #expect(word.text == other?.text && word.column == other?.column, "\(line)")
        wordCount += 1
      }
      #expect(bytes.isAtEnd && bytes.column == characters.column, "\(line)")
    }
    #expect(wordCount > 5000)
  }

  @Test("Random lines crash nothing, and their columns are within the line")
  func hostile() throws {
    var console = try Console()
    var random = SystemRandomNumberGenerator()
    let words = [
      "send", "receive", "reply", "wait", "undo", "preset", "map", "tcp", "udp", "ping", "syn",
      "10.0.0.2:5000", "203.0.113.7:80", ">", "=", "30s", "linux", "::1", "[::1]:1", "é",
      "\u{1B}[2J", "#",
      "99999999h", "+", "syn+ack", "external", "\u{301}", "10.0.0.2", "nat64", "nat66",
      "[2001:db8:1::2]:5000", "[64:ff9b::198.51.100.1]:80", "[fd00:1:2:3::4]:5000", "table",
      "error", "time-exceeded", "from", "fragment", "7", "0", "8", "last", "expect", "drop", "goal",
      "mapping", "filtering", "address-dependent", "timer", "udp", "1.5s", "par", "4",
    ]
    for _ in 0..<20_000 {
      let line = (0..<Int.random(in: 0...6, using: &random)).map { _ in
        words.randomElement(using: &random) ?? ""
      }
      .joined(separator: Bool.random(using: &random) ? " " : "")
      do throws(ConsoleError) {
        _ = try console.obey(line).lines
      } catch {
        #expect((1...line.count + 1).contains(error.column), "\(line): \(error)")
      }
    }
  }
}
