public import NATConsole
import NoteFormat
public import Simulator

/// A world that lines have drawn and in which nothing has happened, for real programs on its hosts.
///
///     router home port-restricted-cone
///     host alice behind home
///     host stun.example at 203.0.113.9 running stun
///
/// Hosts that run a program of the network's own, as `stun.example` here, are left to the network; all
/// others are there for real programs.
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

  /// The hosts that real programs can run on, in the order of their lines.
  public private(set) var hosts: [Host] = []
  private var world: World

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
    guard let known, WorldWord.drawing.contains(known) else {
      let drawing = WorldWord.drawing.map(\.rawValue)
      throw ConsoleError(
        column: word.column,
        message: known != nil
          ? "'\(word.text)' is for worlds without real hosts; here lines draw, and programs act"
          : "'\(word.text)' draws nothing; there are \(drawing.joined(separator: ", "))"
            + Suggestion.phrase(for: String(word.text), among: drawing))
    }
    _ = try world.obey(line)
    guard known == .host, let name = scanner.next(),
      let id = world.hosts[String(name.text)], !world.servers.contains(String(name.text))
    else { return }
    hosts.append(Host(name: String(name.text), id: id, line: number, column: name.column))
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
