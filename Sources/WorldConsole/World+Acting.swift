import NATConsole
import NATTable
import NoteFormat
import SansIO
import Simulator
import TransportAddress

/// The words that let something happen.
extension World {
  /// How long the world runs at most after a line: longer than a STUN client waits.
  private static let longestRun = Duration.seconds(60)

  /// `send HOST:PORT > TO [WORDS]`
  mutating func send(_ scanner: inout LineScanner) throws(ConsoleError) -> [String] {
    let column = scanner.column
    let from = try socket(&scanner, "who sends")
    try scanner.expect(">", "'>' and the destination should stand here")
    let destination = try endpoint(&scanner)
    var words: [String] = []
    while let word = scanner.next() { words.append(String(word.text)) }
    let text = words.isEmpty ? "Hello" : Self.unquoted(words.joined(separator: " "))
    return try happening(at: from, column: column) { socket, _, _ in
      socket.send(text, to: destination)
    }
  }

  /// Words as they are meant: quotes around all of them, as in a shell, are not sent.
  private static func unquoted(_ words: String) -> String {
    guard words.count >= 2, words.hasPrefix("\""), words.hasSuffix("\"") else { return words }
    return String(words.dropFirst().dropLast())
  }

  /// `ask HOST:PORT SERVER`
  mutating func ask(_ scanner: inout LineScanner) throws(ConsoleError) -> [String] {
    let column = scanner.column
    let from = try socket(&scanner, "who asks")
    guard let word = scanner.next() else { throw scanner.error("a STUN server should stand here") }
    let server: IPAddress
    if let host = hosts[String(word.text)], let address = address(of: host.node) {
      server = address
    } else if let address = try? IPAddress(parsing: word.text) {
      server = address
    } else {
      throw ConsoleError(
        column: word.column,
        message: "there is no host '\(word.text)'"
          + Suggestion.phrase(for: String(word.text), among: hosts.keys.sorted()))
    }
    try scanner.expectEnd()
    return try happening(at: from, column: column) { socket, now, generator in
      socket.ask(TransportAddress(server, port: 3478), at: now, using: &generator)
    }
  }

  /// `wait TIME`
  mutating func wait(_ scanner: inout LineScanner) throws(ConsoleError) -> [String] {
    let duration = try ConsoleCommand.duration(&scanner)
    try scanner.expectEnd()
    let before = network.trace.events.count
    network.run(for: duration)
    look(afterPackets: 0)
    return sentences(since: before)
  }

  /// `goal [ROUTER [udp | tcp | icmp] INSIDE [= OUTSIDE] [from REMOTE...]]`
  mutating func goal(_ scanner: inout LineScanner) throws(ConsoleError) -> WorldResult {
    if scanner.isAtEnd { return .goal(goal, isNew: false) }
    let router = try router(&scanner)
    goal.add(try Goal.Row(&scanner), of: name(router.node))
    return .goal(goal, isNew: true)
  }

  /// Looks whether the goal is reached.
  private mutating func look(afterPackets count: Int) {
    guard goal.isOpen else { return }
    let trace = network.trace
    let tables = trace.tables
    reached = goal.happened(packets: count) { router in
      tables.first { trace.nodes[$0.node.index].name == router }?.mappings ?? []
    }
  }

  /// `table [ROUTER]`
  mutating func tables(_ scanner: inout LineScanner) throws(ConsoleError) -> String {
    let only = scanner.isAtEnd ? nil : try router(&scanner)
    try scanner.expectEnd()
    let tables = network.trace.tables(at: network.trace.events.count - 1)
      .filter { only == nil || $0.node == only?.node }
    if tables.isEmpty { return "There is no NAT here." }
    return tables.map { table in
      "\(name(table.node)):\n" + NATTable.Mapping.lines(of: table.mappings, now: network.time)
    }.joined(separator: "\n\n")
  }

  // MARK: - Parts

  /// `203.0.113.9:3478`, or the name of a host or router in the address's place.
  private func endpoint(_ scanner: inout LineScanner) throws(ConsoleError) -> TransportAddress {
    guard let word = scanner.next() else {
      throw scanner.error("the destination should stand here, ADDRESS:PORT or NAME:PORT")
    }
    if let address = try? TransportAddress(parsing: word.text) { return address }
    let (name, port) = try Self.parts(of: word)
    let node = hosts[String(name)]?.node ?? routers[String(name)]?.node
    guard let node, let address = address(of: node) else {
      throw ConsoleError(
        column: word.column, message: "'\(name)' is no address, and no host or router")
    }
    return TransportAddress(address, port: port)
  }

  private func address(of node: NodeID) -> IPAddress? { network.trace.nodes[node.index].address }

  /// Has a socket do something, and tells what follows.
  private mutating func happening(
    at socket: (host: HostID, port: UInt16), column: Int,
    _ body: (inout SocketProgram, Instant, inout SeededGenerator) -> Void
  ) throws(ConsoleError) -> [String] {
    let before = network.trace.events.count
    if network.tell(socket.host, at: socket.port, SocketProgram.self, body) == nil {
      do throws(DrawingError) {
        try network.add(program: SocketProgram(port: socket.port), to: socket.host)
      } catch {
        throw ConsoleError(column: column, message: error.description)
      }
      _ = network.tell(socket.host, at: socket.port, SocketProgram.self, body)
    }
    network.run(atMost: Self.longestRun)
    look(afterPackets: 1)
    return sentences(since: before)
  }

  /// What has happened since an event, a sentence for each packet.
  private func sentences(since first: Int) -> [String] {
    let part = network.trace.since(first)
    return Ladder(part).page(width: 0, through: part.events.count - 1, isDrawn: false)
      .lines.map(\.text)
  }
}
