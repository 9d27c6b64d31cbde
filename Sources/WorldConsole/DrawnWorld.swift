public import NATConsole
import NoteFormat
public import SansIO
public import Simulator

/// A world that lines have drawn and in which nothing has happened, for real programs on its hosts.
///
///     router home port-restricted-cone
///     host alice behind home
///     host stun.example at 203.0.113.9 running stun
///     wait 30s
///     renumber home 198.51.100.7
///
/// Hosts that run a program of the network's own, as `stun.example` here, are left to the network; all
/// others are there for real programs. What stands behind the first `wait` happens while they run.
public struct DrawnWorld: Sendable {
  /// A host that real programs can run on, and where it is drawn.
  public struct Host: Hashable, Sendable {
    /// Its name.
    public let name: String
    /// The host in the network.
    public let id: HostID
    /// The number of the line that draws it, from 1.
    public let line: Int
    /// The column of its name there, from 1.
    public let column: Int
  }

  /// What is wrong with a line.
  public struct LineError: Error, Hashable, Sendable {
    /// The line's number, from 1.
    public let line: Int
    /// The mistake, with its column.
    public let error: ConsoleError
  }

  /// Why no real program can run on a host.
  public enum HostError: Error, Hashable, Sendable {
    /// No line draws it; that of a similar name, if there is one.
    case unknown(String, near: Host?)
    /// The network runs a program on it.
    case isServer(String)
    /// It is a router.
    case isRouter(String)
  }

  /// A change that happens while the programs run.
  public struct TimedChange: Sendable {
    /// When it happens, by the network's time.
    public let time: Instant
    /// What is changed.
    public let change: WorldChange
    /// The line that says so, its words joined by single spaces.
    public let text: String
  }

  /// The hosts that real programs can run on, in the order of their lines.
  public private(set) var hosts: [Host] = []
  /// What is changed while they run, the earliest first.
  public private(set) var changes: [TimedChange] = []
  private var world: World
  /// The world with all changes so far, to see whether the next one can be made; nil before the first.
  private var rehearsal: World?
  /// How long after the beginning the next change happens.
  private var time = Instant.zero

  /// Draws a world.
  ///
  /// - Throws: ``LineError`` for the first line that cannot be understood, or that does not draw.
  public init(_ lines: some Sequence<String>, seed: UInt64 = 0) throws(LineError) {
    world = World(seed: seed)
    for (index, line) in lines.enumerated() {
      do throws(ConsoleError) {
        try draw(line, number: index + 1)
      } catch {
        throw LineError(line: index + 1, error: error)
      }
    }
  }

  private mutating func draw(_ line: String, number: Int) throws(ConsoleError) {
    var scanner = LineScanner(line)
    guard let word = scanner.next() else { return }
    let known = WorldWord(typed: word.text)
    if let known, WorldWord.changing.contains(known) {
      return try change(line, known, &scanner)
    }
    guard let known, WorldWord.drawing.contains(known) else {
      let words = (WorldWord.drawing + WorldWord.changing).map(\.rawValue)
      throw ConsoleError(
        column: word.column,
        message: known != nil
          ? "'\(word.text)' is for worlds without real hosts; here lines draw, and programs act"
          : "'\(word.text)' draws nothing; there are \(words.joined(separator: ", "))"
            + Suggestion.phrase(for: String(word.text), among: words))
    }
    if rehearsal != nil {
      throw ConsoleError(
        column: word.column,
        message: "what is drawn stands before the first wait, connect, disconnect or renumber")
    }
    _ = try world.obey(line)
    guard known == .host, let name = scanner.next(),
      let id = world.hosts[String(name.text)], !world.servers.contains(String(name.text))
    else { return }
    hosts.append(Host(name: String(name.text), id: id, line: number, column: name.column))
  }

  /// Takes a line that changes the network, or that says how long nothing does.
  private mutating func change(
    _ line: String, _ word: WorldWord, _ scanner: inout LineScanner
  ) throws(ConsoleError) {
    var rehearsal = rehearsal ?? world
    defer { self.rehearsal = rehearsal }
    let change: WorldChange
    switch word {
    case .connect: change = try .connect(&scanner, in: rehearsal)
    case .disconnect: change = try .disconnect(&scanner, in: rehearsal)
    case .renumber: change = try .renumber(&scanner, in: rehearsal)
    default:
      time = time.advanced(by: try ConsoleCommand.duration(&scanner))
      return try scanner.expectEnd()
    }
    _ = try rehearsal.obey(line)
    var words: [Substring] = []
    var all = LineScanner(line)
    while let word = all.next() { words.append(word.text) }
    changes.append(
      TimedChange(time: time, change: change, text: words.joined(separator: " ")))
  }

  /// The network, with the programs of its servers.
  public var network: Network { world.network }

  /// The routers with their names, in the order of their lines.
  public var routers: [(name: String, id: RouterID)] {
    world.routers.map { (name: $0.key, id: $0.value) }.sorted { $0.id.node < $1.id.node }
  }

  /// The host with a name.
  ///
  /// - Throws: ``HostError`` if no real program can run on it.
  public func host(named name: String) throws(HostError) -> Host {
    if let host = hosts.first(where: { $0.name == name }) { return host }
    if world.servers.contains(name) { throw .isServer(name) }
    if world.routers[name] != nil { throw .isRouter(name) }
    let near = Suggestion.nearest(to: name, among: hosts.map(\.name))
    throw .unknown(name, near: hosts.first { $0.name == near })
  }
}
