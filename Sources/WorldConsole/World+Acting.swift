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
    let destination = try endpoint(&scanner, asReachedFrom: from)
    var words: [String] = []
    while let word = scanner.next() { words.append(String(word.text)) }
    let text = words.isEmpty ? "Hello" : Self.unquoted(words.joined(separator: " "))
    let source = try boundAddress(of: from, to: destination, column: column)
    return try happening(at: from, column: column) { socket, _, _ in
      socket.send(text, to: destination, from: source)
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
    let destination: TransportAddress
    if let server = endpoint(word.text, port: 3478, asReachedFrom: from) {
      destination = server
    } else if let address = try? IPAddress(parsing: word.text) {
      destination = endpoint(TransportAddress(address, port: 3478), asReachedFrom: from)
    } else {
      throw ConsoleError(
        column: word.column,
        message: "there is no host '\(word.text)'"
          + Suggestion.phrase(for: String(word.text), among: hosts.keys.sorted()))
    }
    try scanner.expectEnd()
    let source = try boundAddress(of: from, to: destination, column: column)
    return try happening(at: from, column: column) { socket, now, generator in
      socket.ask(destination, from: source, at: now, using: &generator)
    }
  }

  /// `disconnect HOST`, `connect HOST …` and `renumber ROUTER …`: changes the network, and lets what
  /// follows happen.
  mutating func change(
    _ scanner: inout LineScanner,
    _ read: (inout LineScanner, World) throws(ConsoleError) -> WorldChange
  ) throws(ConsoleError) -> [String] {
    // Where the change cannot be made, the first name is to blame.
    let column = scanner.column
    let change = try read(&scanner, self)
    let before = self
    do throws(DrawingError) {
      return try happening { world throws(DrawingError) in try change.apply(to: &world.network) }
    } catch {
      self = before
      throw ConsoleError(column: column, message: error.description)
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
  private func endpoint(
    _ scanner: inout LineScanner, asReachedFrom socket: Socket
  ) throws(ConsoleError) -> TransportAddress {
    guard let word = scanner.next() else {
      throw scanner.error("the destination should stand here, ADDRESS:PORT or NAME:PORT")
    }
    if let endpoint = try? TransportAddress(parsing: word.text) {
      return self.endpoint(endpoint, asReachedFrom: socket)
    }
    let (name, port) = try Self.parts(of: word)
    guard let endpoint = endpoint(name, port: port, asReachedFrom: socket) else {
      throw ConsoleError(
        column: word.column, message: "'\(name)' is no address, and no host or router")
    }
    return endpoint
  }

  /// An endpoint of IPv4 from IPv6 alone is that by the NAT64's prefix; any other is as it is.
  private func endpoint(
    _ endpoint: TransportAddress, asReachedFrom socket: Socket
  ) -> TransportAddress {
    socket.interface.map { network.endpoint(endpoint, asReachedFrom: $0) }
      ?? network.endpoint(endpoint, asReachedFrom: socket.host)
  }

  /// The endpoint that a name and a port stand for: of a host, an interface, or a router on its outside,
  /// in a family that the socket's host has, IPv4 before IPv6; nil if there is no such name.
  private func endpoint(
    _ name: Substring, port: UInt16, asReachedFrom socket: Socket
  ) -> TransportAddress? {
    let name = String(name)
    var addresses: (v4: IPv4Address?, v6: IPv6Address?)
    if let interface = interfaces[name] ?? hosts[name]?.interface {
      // A host that has come elsewhere has another address than where it was drawn.
      addresses = (network.address(of: interface), network.address6(of: interface))
    } else if let router = routers[name] {
      addresses = (network.externalAddress(of: router), nil)
    }
    let hasIPv4: Bool
    let hasIPv6: Bool
    if let interface = socket.interface {
      hasIPv4 = network.address(of: interface) != nil
      hasIPv6 = network.address6(of: interface) != nil
    } else {
      hasIPv4 = network.address(of: socket.host) != nil
      hasIPv6 = network.address6(of: socket.host) != nil
    }
    if let v6 = addresses.v6, hasIPv6, !hasIPv4 || addresses.v4 == nil {
      return TransportAddress(.v6(v6), port: port)
    }
    if let v4 = addresses.v4 {
      return endpoint(TransportAddress(.v4(v4), port: port), asReachedFrom: socket)
    }
    return addresses.v6.map { TransportAddress(.v6($0), port: port) }
  }

  /// The address that a socket is bound to, of the destination's family; nil for any.
  private func boundAddress(
    of socket: Socket, to destination: TransportAddress, column: Int
  ) throws(ConsoleError) -> IPAddress? {
    guard let interface = socket.interface else { return nil }
    let address: IPAddress? =
      switch destination.address {
      case .v4: network.address(of: interface).map { .v4($0) }
      case .v6: network.address6(of: interface).map { .v6($0) }
      }
    guard let address else {
      throw ConsoleError(
        column: column,
        message: "'\(name(interface.node))' has no address from which to send to \(destination)")
    }
    return address
  }

  /// Has a socket do something, and tells what follows.
  private mutating func happening(
    at socket: Socket, column: Int,
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
    return ended(since: before, packets: 1)
  }

  /// Changes the network, and tells what follows.
  private mutating func happening<Failure: Error>(
    _ body: (inout World) throws(Failure) -> Void
  ) throws(Failure) -> [String] {
    let before = network.trace.events.count
    try body(&self)
    return ended(since: before, packets: 0)
  }

  /// Lets the world come to rest, and tells what has happened since an event.
  private mutating func ended(since event: Int, packets: Int) -> [String] {
    network.run(atMost: Self.longestRun)
    look(afterPackets: packets)
    return sentences(since: event)
  }

  /// What has happened since an event, a sentence for each packet.
  private func sentences(since first: Int) -> [String] {
    let part = network.trace.since(first)
    return Ladder(part).page(width: 0, through: part.events.count - 1, isDrawn: false)
      .lines.map(\.text)
  }
}
