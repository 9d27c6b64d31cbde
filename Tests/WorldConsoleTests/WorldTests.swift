import NATConsole
import NATTable
import Simulator
import Terminal
import Testing
import TransportAddress

@testable import WorldConsole

@Suite struct WorldTests {
  /// Two homes and a server.
  static let homes = [
    "router home port-restricted-cone", "host alice behind home",
    "router cabin symmetric", "host bob behind cabin",
    "host stun.example at 203.0.113.9 running stun",
  ]

  /// The words of each line's result.
  static func run(_ lines: [String]) throws -> (world: World, words: [[String]]) {
    var world = World(seed: 1)
    var words: [[String]] = []
    for line in lines { words.append(try world.obey(line).words) }
    return (world, words)
  }

  @Test("Two homes and a server are five lines, and each says what it has drawn")
  func drawing() throws {
    let words = try Self.run(Self.homes + ["map"]).words
    let sentences = [
      "home is a NAT on the Internet at 198.51.100.1.", "alice is a host behind home at 10.0.0.2.",
      "cabin is a NAT on the Internet at 198.51.100.2.", "bob is a host behind cabin at 10.0.1.2.",
      "stun.example is a host on the Internet at 203.0.113.9.",
    ]
    #expect(words.prefix(5).flatMap { $0 } == sentences)
    #expect(words[5].count == 5)
    #expect(words[5][0].hasPrefix("home is a NAT on the Internet at 198.51.100.1, mapping "))
  }

  @Test("A STUN request tells a socket's outside endpoint, and leaves a mapping")
  func asking() throws {
    let words = try Self.run(
      Self.homes + ["ask alice:5000 stun.example", "table home", "ask alice:5000 203.0.113.9"]
    ).words
    #expect(words[5].count == 3)
    #expect(words[5][0].contains("home changes the source to 198.51.100.1:5000 by a new mapping"))
    #expect(words[5][2].hasSuffix("alice: the STUN server sees 198.51.100.1:5000."))
    #expect(words[6][0] == "home:")
    #expect(words[6].contains { $0.contains("10.0.0.2:5000") && $0.contains("198.51.100.1:5000") })
    #expect(words[7].last?.hasSuffix("the STUN server sees 198.51.100.1:5000.") == true)
  }

  @Test("A datagram goes to an address, a host or a router's outside, and its end is told")
  func sending() throws {
    let words = try Self.run(
      Self.homes + [
        "send alice:5000 > 198.51.100.2:5000 Hello Bob", "send bob:5000 > home:5000",
        "send alice:5000 > bob:5000",
      ]
    ).words
    #expect(words[5].count == 1)
    #expect(words[5][0].contains("alice sends \"Hello Bob\" from 10.0.0.2:5000"))
    #expect(words[5][0].contains("cabin drops it"))
    #expect(words[6][0].contains("alice gets it"))
    #expect(words[7][0].contains("no route to this address"))
  }

  @Test(
    "Quotes around what is sent are not sent",
    arguments: [("\"Hello Bob\"", "Hello Bob"), ("say \"hi\"", "say \"hi\""), ("\"", "\"")])
  func quotes(typed: String, sent: String) throws {
    let words = try Self.run(Self.homes + ["send alice:5000 > bob:5000 \(typed)"]).words
    #expect(words[5][0].contains("alice sends \"\(sent)\" from 10.0.0.2:5000"))
  }

  @Test("A datagram to an echo comes back through both links and the NAT")
  func echo() throws {
    let words = try Self.run([
      "router home full-cone latency 20ms", "host alice behind home latency 1ms",
      "host far at 203.0.113.9 running echo 7 latency 4ms", "send alice:5000 > far:7 Hi",
    ]).words
    #expect(words[3].count == 2)
    #expect(words[3][1].hasSuffix("alice gets it at 50.0 ms."))
  }

  @Test("Time passes, and mappings with it")
  func waiting() throws {
    let words = try Self.run(
      Self.homes + ["send alice:5000 > 203.0.113.9:9 Hi", "wait 10m", "table home"]
    ).words
    #expect(words[6].contains { $0.contains("home forgets the mapping of 10.0.0.2:5000") })
    #expect(words[6].last?.hasPrefix("now 600.") == true)
    #expect(words[7].count == 2)
  }

  @Test("A forwarded port lets a stranger in")
  func forwarding() throws {
    let words = try Self.run(
      Self.homes + ["forward 80 of home to alice:8080", "send stun.example:9 > home:80"]
    ).words
    #expect(words[5] == ["UDP port 80 of home is forwarded to alice:8080."])
    #expect(words[6][0].contains("home changes the destination to 10.0.0.2:8080"))
  }

  @Test("The help has each word that a world knows")
  func help() {
    let first = Set(WorldResult.entries.map { $0.usage.prefix { $0 != " " } })
    for word in WorldWord.allCases { #expect(first.contains(word.rawValue[...])) }
  }

  @Test("A NAT behaves as its line says, whatever the preset")
  func behavior() throws {
    let world = try Self.run([
      "router home full-cone mapping address-dependent filtering address-and-port-dependent "
        + "timer udp 30s", "nat64 mobile timer udp 10m",
    ]).world
    let home = world.network.trace.nodes[1].nat
    #expect(home?.mapping == .addressDependent && home?.filtering == .addressAndPortDependent)
    #expect(home?.timeouts.udp == .seconds(30))
    #expect(world.network.trace.nodes[2].nat?.timeouts.udp == .seconds(600))
  }

  @Test("A link has all that befalls packets")
  func links() throws {
    let words = try Self.run([
      "host far at 203.0.113.9 rate 8kbit", "host near at 203.0.113.8 duplication 100%",
      "host here at 203.0.113.7 reordering 100% running echo 2", "send far:1 > here:2",
      "send near:1 > here:2",
    ]).words
    // 33 bytes at 1000 bytes a second.
    #expect(words[3][0].hasSuffix("here gets it at 44.0 ms."), "\(words[3])")
    #expect(words[4].contains { $0.contains("near sends again") }, "\(words[4])")
  }

  @Test("A NAT that is renumbered forgets its mappings, and is found at its new address")
  func renumbering() throws {
    let words = try Self.run(
      Self.homes + [
        "forward 80 of home to alice:80", "ask alice:5000 stun.example",
        "renumber home 198.51.100.77", "table home", "send stun.example:9 > 198.51.100.1:5000",
        "send stun.example:9 > home:80", "ask alice:5000 stun.example",
      ]
    ).words
    #expect(words[7].contains { $0.contains("home: outside it is 198.51.100.77 now.") })
    #expect(words[7].contains { $0.contains("home forgets the mapping of 10.0.0.2:5000") })
    #expect(words[8].contains { $0.contains("198.51.100.77:80") })
    #expect(!words[8].contains { $0.contains(":5000") })
    #expect(words[9][0].contains("no host has this address"))
    #expect(words[10][0].contains("home changes the destination to 10.0.0.2:80"))
    #expect(words[11].last?.hasSuffix("the STUN server sees 198.51.100.77:5000.") == true)
  }

  @Test("A firewall lets answers in, and a link that loses everything loses all")
  func firewall() throws {
    let words = try Self.run([
      "firewall office answers-only", "host desk behind office",
      "host out at 203.0.113.9 loss 100%", "host near at 203.0.113.8",
      "send near:5000 > desk:5000", "send desk:5000 > out:5000",
    ]).words
    #expect(words[4][0].contains("office drops it"))
    #expect(words[5][0].contains("lost on the link"))
  }

  @Test(
    "What cannot be is told at its column, and changes nothing",
    arguments: [
      ("rooter home full-cone", 1, "'rooter' is no word of a world; 'help' lists them"),
      ("router", 7, "a name should stand here"),
      ("router flat", 12, "how its NAT behaves should stand here, such as port-restricted-cone"),
      ("router flat full-cone behind nobody", 30, "there is no router 'nobody'"),
      ("router flat full-cone at 300.0.0.1", 26, nil),
      ("router flat full-cone sideways", 23, nil),
      ("router home full-cone", 8, "there are two nodes \"home\""),
      ("host carol behind alice", 19, "there is no router 'alice'"),
      ("host carol at 203.0.113.9", 6, "another node has the address 203.0.113.9"),
      ("host carol running chess", 20, "a program is stun or echo"),
      ("host carol running echo 0", 25, "a port is a number from 1 to 65535"),
      ("host carol loss 101%", 17, "a loss is a percentage, such as 5%"),
      ("host carol latency 5", 21, "the unit of a time is ms, s, m, h or d"),
      ("host carol mtu 10", 6, nil),
      ("send carol:5000 > 203.0.113.9:1", 6, "there is no host 'carol'"),
      ("send alice > 203.0.113.9:1", 11, "':' and a port should stand here"),
      ("send alice:0 > 203.0.113.9:1", 12, "a port is a number from 1 to 65535"),
      ("send alice:5000 203.0.113.9:1", 17, "'>' and the destination should stand here"),
      ("send alice:5000 > moon:1", 19, "'moon' is no address, and no host or router"),
      ("send stun.example:3478 > home:1", 6, nil),
      ("ask alice:5000 moon", 16, "there is no host 'moon'"),
      ("ask alice:5000 stun.example now", 29, "nothing should follow here"),
      ("host carol rate 5", 17, "a rate is a number of kbit, mbit or gbit a second, such as 2mbit"),
      ("router flat cgn timer never 1s", 23, nil), ("router flat cgn mapping wild", 25, nil),
      ("renumber home", 14, "its new address should stand here"),
      ("renumber home 10.9.9.9", 10, "10.9.9.9 is no address of a host in the network of Internet"),
      ("renumber cabin 203.0.113.9", 10, "another node has the address 203.0.113.9"),
      ("table moon", 7, "there is no router 'moon'"),
      ("forward 80 of home to bob:80", 23, "\"bob\" is behind no NAT of \"home\""),
      ("forward home to bob:80", 9, "a port should stand here, from 1 to 65535"),
      ("map it", 5, "nothing should follow here"),
    ])
  func errors(line: String, column: Int, message: String?) throws {
    var world = try Self.run(Self.homes).world
    let before = world.network.trace
    do throws(ConsoleError) {
      _ = try world.obey(line)
      Issue.record("it was obeyed")
    } catch {
      #expect(error.column == column)
      if let message { #expect(error.message == message) }
    }
    #expect(world.network.trace == before)
  }

  @Test("The same lines with the same seed give the same world")
  func repeatable() throws {
    let lines =
      Self.homes + ["host far at 203.0.113.7 loss 50% jitter 9ms"]
      + (1...20).map { "send alice:\(5000 + $0) > far:1" } + ["ask bob:5000 stun.example"]
    #expect(try Self.run(lines).world.network.trace == Self.run(lines).world.network.trace)
  }

  @Test("A ladder and a map are drawn where there is room, and told in words elsewhere")
  func pages() throws {
    var world = try Self.run(Self.homes + ["ask alice:5000 stun.example"]).world
    let screen = Presentation(plain: false, width: 80)
    func text(_ line: String, _ presentation: Presentation) throws -> String {
      WorldPage.lines(of: try world.obey(line), presentation).map(\.text).joined(separator: "\n")
    }
    #expect(try text("ladder", screen).contains("╋"))
    #expect(try text("ladder", Presentation(plain: true)).hasPrefix("0.0 ms: alice sends"))
    #expect(try text("map", screen).contains("├─ home"))
    #expect(try text("help", screen).contains("what it does"))
  }

  @Test("A line that begins a world is told from one for a single NAT")
  func beginning() {
    for line in ["router home cgn", "  HOST a", "firewall f # it", "nat64 m"] {
      #expect(World.begins(with: line))
    }
    for line in ["", "# router", "send 10.0.0.2:1 > 1.1.1.1:1", "preset cgn", "routers"] {
      #expect(!World.begins(with: line))
    }
  }
}
