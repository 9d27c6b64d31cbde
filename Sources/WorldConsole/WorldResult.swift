public import NATConsole
public import SansIO
public import Simulator

/// What came of a line.
public enum WorldResult: Sendable {
  /// The line was empty.
  case nothing
  /// Something was drawn; a sentence says what.
  case drawn(String)
  /// What happened to each packet that followed, a sentence each.
  case happened([String])
  /// Time passed, and this happened.
  case waited(now: Instant, [String])
  /// Tables of mappings, as text.
  case tables(String)
  /// The last line that changed something was taken back.
  case undone(now: Instant)
  /// The tables that are to be reached, and whether the line has changed them.
  case goal(Goal, isNew: Bool)
  /// Who is where.
  case map(Topology)
  /// All packets so far.
  case ladder(Ladder)
  /// The words are asked for.
  case help
  /// The line asks to leave.
  case quit
}

extension WorldResult: Encodable {
  private enum Key: String, CodingKey {
    case result, lines
  }

  /// One object: what kind of result it is, and its lines in words.
  public func encode(to encoder: any Encoder) throws {
    var object = encoder.container(keyedBy: Key.self)
    try object.encode(name, forKey: .result)
    try object.encode(words, forKey: .lines)
  }

  private var name: String {
    switch self {
    case .nothing: "nothing"
    case .drawn: "drawn"
    case .happened: "happened"
    case .waited: "waited"
    case .tables: "table"
    case .undone: "undone"
    case .goal: "goal"
    case .map: "map"
    case .ladder: "ladder"
    case .help: "help"
    case .quit: "quit"
    }
  }

  /// The result in words, without drawings.
  var words: [String] {
    switch self {
    case .nothing, .quit: []
    case .drawn(let sentence): [sentence]
    case .happened(let sentences): sentences
    case .waited(let now, let sentences): sentences + ["now \(now)"]
    case .tables(let text): Self.lines(text)
    case .undone(let now): ["taken back; now \(now)"]
    case .goal(let goal, _): goal.lines
    case .map(let topology): Self.lines(topology.words())
    case .ladder(let ladder): Self.lines(ladder.words())
    case .help: Self.entries.map { "\($0.usage): \($0.summary)" }
    }
  }

  /// Whether the line has changed the world, so that it can be taken back.
  var isChange: Bool {
    switch self {
    case .drawn, .happened, .waited, .goal(_, isNew: true): true
    case .goal(_, isNew: false), .nothing, .tables, .undone, .map, .ladder, .help, .quit: false
    }
  }

  static func lines(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  /// The words of a world, with their arguments and what they do.
  static let entries: [(usage: String, summary: String)] = [
    (
      "router NAME PRESET [behind ROUTER] [at ADDRESS] [inside ADDRESS] [BEHAVIOR] "
        + "[ipv6 [ADDRESS] [POLICY]] [LINK]",
      "a router with a NAT; 'workbook nat --help' lists the presets; with 'ipv6' it also has IPv6, "
        + "and lets in answers only"
    ),
    (
      "firewall NAME [POLICY] [inside ADDRESS] [ipv6 [ADDRESS]] [LINK]",
      "a firewall without a NAT"
    ),
    (
      "nat64 NAME [prefix PREFIX] [at ADDRESS] [BEHAVIOR] [POLICY] [LINK]",
      "a router whose hosts have IPv6 alone, and reach IPv4 by the prefix, 64:ff9b::/96"
    ),
    (
      "host NAME [behind ROUTER] [at ADDRESS] [FAMILY] [running stun | echo [PORT]] [LINK]",
      "a host, or a server"
    ),
    (
      "interface NAME of HOST [behind ROUTER] [at ADDRESS] [FAMILY] [LINK]",
      "a further interface, HOST/NAME; 'send HOST/NAME:PORT' leaves by it"
    ),
    ("forward [tcp] PORT of ROUTER to HOST:PORT", "a static mapping"),
    ("send HOST:PORT > TO [WORDS]", "a datagram to ADDRESS:PORT or NAME:PORT"),
    ("ask HOST:PORT SERVER", "a STUN request, whose answer is the socket's outside endpoint"),
    ("disconnect HOST", "take a host, or one interface HOST/NAME, off its network"),
    (
      "connect HOST [behind ROUTER] [at ADDRESS] [ipv6 ADDRESS] [LINK]",
      "bring a host, or one interface HOST/NAME, to a network"
    ),
    ("renumber ROUTER ADDRESS...", "give its NAT other addresses outside: all mappings are gone"),
    ("wait TIME", "let time pass: 500ms, 1.5s, 5m, 2h, 1d"),
    ("table [ROUTER]", "the mappings"), ("map", "who is where"),
    ("undo", "take back the last line that changed something"),
    (
      "goal [ROUTER [udp | tcp | icmp] INSIDE [= OUTSIDE] [from REMOTE...]]",
      "a row of a router's table that is to be reached, or how far it is"
    ),
    ("par NUMBER", "in how few packets the goal can be reached"),
    ("ladder", "all packets so far"), ("help", "show this list"),
    ("quit", "leave; so does the end of the input"),
    ("POLICY", "answers-only, no-udp, web-only or open"),
    (
      "FAMILY",
      "ipv6 [ADDRESS], ipv4-only or ipv6-only; without one those of the network, and on the "
        + "Internet IPv4"
    ),
    (
      "BEHAVIOR",
      "mapping or filtering with address-dependent and the like, timer NAME TIME; as in the console "
        + "of one NAT"
    ),
    (
      "LINK",
      "latency TIME, jitter TIME, loss PERCENT%, duplication PERCENT%, reordering PERCENT%, "
        + "rate NUMBERmbit, mtu BYTES"
    ),
  ]
}
