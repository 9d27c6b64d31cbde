public import NATConsole
import NoteFormat
public import Simulator

/// A world that obeys lines: routers, hosts and servers are drawn, then packets sent and tables shown.
///
///     router home port-restricted-cone
///     host alice behind home
///     router cabin symmetric
///     host bob behind cabin
///     host stun.example at 203.0.113.9 running stun
///     ask alice:5000 stun.example
///     send bob:5000 > 203.0.113.9:3478 Hello
///     table home
///
/// The words are those of ``Network``'s drawing. It is a value without input or output; a command reads
/// lines from a terminal or a file.
public struct World: Sendable {
  /// The network.
  public internal(set) var network: Network
  var routers: [String: RouterID] = [:]
  var hosts: [String: HostID] = [:]
  /// The further interfaces of hosts, `phone/cell`.
  var interfaces: [String: InterfaceID] = [:]
  /// The hosts that run a program of the network's own.
  var servers: Set<String> = []
  /// The tables that are to be reached.
  public internal(set) var goal = Goal()
  /// Set if the last line has reached the goal.
  public internal(set) var reached: ReachedGoal?

  /// A world in which nothing but the Internet is.
  public init(seed: UInt64 = 0) {
    network = Network(seed: seed)
  }

  /// Whether a line is the first of a world's, and not one for a single NAT.
  public static func begins(with line: String) -> Bool {
    var scanner = LineScanner(line)
    return scanner.next().flatMap { WorldWord(typed: $0.text) }?.begins ?? false
  }

  /// Obeys a line.
  ///
  /// - Throws: `ConsoleError` if the line cannot be understood or obeyed; nothing has changed then. A
  ///   packet that is dropped is no error.
  public mutating func obey(_ line: String) throws(ConsoleError) -> WorldResult {
    var scanner = LineScanner(line)
    reached = nil
    guard let word = scanner.next() else { return .nothing }
    switch WorldWord(typed: word.text) {
    case .router: return .drawn(try drawRouter(&scanner))
    case .firewall: return .drawn(try drawFirewall(&scanner))
    case .nat64: return .drawn(try drawNAT64(&scanner))
    case .host: return .drawn(try drawHost(&scanner))
    case .interface: return .drawn(try drawInterface(&scanner))
    case .forward: return .drawn(try drawForward(&scanner))
    case .send: return .happened(try send(&scanner))
    case .ask: return .happened(try ask(&scanner))
    case .connect: return .happened(try change(&scanner, WorldChange.connect))
    case .renumber: return .happened(try change(&scanner, WorldChange.renumber))
    case .disconnect: return .happened(try change(&scanner, WorldChange.disconnect))
    case .wait:
      let sentences = try wait(&scanner)
      return .waited(now: network.time, sentences)
    case .table: return .tables(try tables(&scanner))
    case .goal: return try goal(&scanner)
    case .par:
      goal.par = try Goal.Row.par(&scanner)
      return .goal(goal, isNew: true)
    case .map:
      try scanner.expectEnd()
      return .map(Topology(network.trace))
    case .ladder:
      try scanner.expectEnd()
      return .ladder(Ladder(network.trace))
    case .help: return .help
    case .quit: return .quit
    case nil:
      throw ConsoleError(
        column: word.column, message: "'\(word.text)' is no word of a world; 'help' lists them")
    }
  }

  /// How many elements a copy of the world copies.
  var size: Int { network.trace.nodes.count + network.trace.events.count }

  // MARK: - Names

  func router(_ scanner: inout LineScanner) throws(ConsoleError) -> RouterID {
    guard let word = scanner.next() else {
      throw scanner.error("a router's name should stand here")
    }
    guard let router = routers[String(word.text)] else {
      throw ConsoleError(
        column: word.column,
        message: "there is no router '\(word.text)'"
          + Suggestion.phrase(for: String(word.text), among: routers.keys.sorted()))
    }
    return router
  }

  /// The host with a name; of one with a further interface, `phone/cell`, that interface too.
  func host(
    named name: Substring, column: Int
  ) throws(ConsoleError) -> (host: HostID, interface: InterfaceID?) {
    if let host = hosts[String(name)] { return (host, nil) }
    if let interface = interfaces[String(name)] { return (interface.host, interface) }
    throw ConsoleError(
      column: column,
      message: "there is no host '\(name)'"
        + Suggestion.phrase(
          for: String(name), among: hosts.keys.sorted() + interfaces.keys.sorted()))
  }

  /// A socket of a host: its port, and the interface to whose address it is bound, nil for any.
  struct Socket {
    let host: HostID
    let port: UInt16
    let interface: InterfaceID?
  }

  /// A name and a port, `alice:5000` or `phone/cell:5000`, as a socket.
  func socket(
    _ scanner: inout LineScanner, _ what: String
  ) throws(ConsoleError) -> Socket {
    guard let word = scanner.next() else {
      throw scanner.error("\(what) should stand here, HOST:PORT")
    }
    let (name, port) = try Self.parts(of: word)
    let (host, interface) = try host(named: name, column: word.column)
    return Socket(host: host, port: port, interface: interface)
  }

  /// The name before the last colon, and the port behind it.
  static func parts(
    of word: LineScanner.Word
  ) throws(ConsoleError) -> (name: Substring, port: UInt16) {
    guard let colon = word.text.lastIndex(of: ":") else {
      throw ConsoleError(
        column: word.column + word.text.count, message: "':' and a port should stand here")
    }
    guard let port = UInt16(word.text[word.text.index(after: colon)...]), port > 0 else {
      throw ConsoleError(
        column: word.column + word.text.distance(from: word.text.startIndex, to: colon) + 1,
        message: "a port is a number from 1 to 65535")
    }
    return (word.text[..<colon], port)
  }
}
