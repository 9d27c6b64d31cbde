import CommandOptions
import IPPacket
import NATConsole
import NATTable
import RealHosts
import SansIO
import Simulator
import Terminal
import TransportAddress
import WorldConsole

/// What `nat --tun FILE` prints: a line for each thing that happens, with the name of where before it.
///
///     home  │ mapping UDP 10.0.0.2:5000 → 198.51.100.1:5000, to any  at 9 ms
///     alice │ what alice's program prints
struct TUNWorldPage {
  private let output: Writer
  private let isJSON: Bool
  private let isQuiet: Bool
  private let hasLadder: Bool
  private let trace: Trace
  private let nameWidth: Int

  /// - Parameter trace: that of the network before anything has happened.
  init(_ arguments: NATArguments, _ trace: Trace) {
    output = arguments.output.output()
    isJSON = arguments.format.json
    isQuiet = arguments.tun.quiet
    hasLadder = arguments.tun.ladder
    self.trace = trace
    nameWidth = trace.nodes.dropFirst().map(\.name.count).max() ?? 0
  }

  /// The columns that are left for what programs print.
  var width: Int {
    output.presentation.plain
      ? output.presentation.width : max(40, output.presentation.width - nameWidth - 3)
  }

  func flush() { output.flush() }

  /// Says who is where, and how to get to hosts on which nothing is started.
  func begin(_ hosts: [RealHost], idle isIdle: (HostID) -> Bool) {
    if isQuiet { return }
    defer { flush() }
    if isJSON {
      var line = TUNWorldLine("ready")
      line.hosts = hosts.map {
        .init(name: $0.name, addresses: $0.addresses.map(\.description), namespace: $0.path)
      }
      return output.jsonLine(line)
    }
    let topology = Topology(trace)
    let isDrawn = !output.presentation.plain && output.presentation.unicode
    let text = isDrawn ? topology.text(showingBehavior: false) : topology.words()
    for line in text.split(separator: "\n") { output.line(StyledText(String(line))) }
    for host in hosts where isIdle(host.id) {
      output.line(
        StyledText("on \(host.name): ", .muted) + StyledText("nsenter --net=\(host.path)", .key)
          + StyledText(" COMMAND", .muted))
    }
  }

  // MARK: - Programs

  /// Shows what a program has printed.
  func show(_ printed: RealProgram.Line, of host: RealHost) {
    if isJSON {
      var line = TUNWorldLine("output", host: host.name)
      line.stream = printed.isError ? "error" : "output"
      line.text = printed.text
      return output.jsonLine(line)
    }
    show(StyledText(printed.text), from: host.id.node)
  }

  /// Shows how a program has ended.
  func showEnd(of program: RealProgram) {
    guard let code = program.exitCode, !isQuiet || code != 0 else { return }
    if isJSON {
      var line = TUNWorldLine("exited", host: program.host.name)
      line.code = Int(code)
      return output.jsonLine(line)
    }
    show(
      StyledText("ended, exit code \(code)", code == 0 ? .muted : .failure),
      from: program.host.id.node)
  }

  // MARK: - The network

  /// Shows that the network is changed, or why it could not be.
  func show(_ change: DrawnWorld.TimedChange, _ problem: DrawingError?, at time: Instant) {
    if isQuiet { return }
    if isJSON {
      var line = TUNWorldLine("change", at: time)
      line.text = change.text
      line.reason = problem?.description
      return output.jsonLine(line)
    }
    let reason = problem.map { StyledText(": \($0)", .failure) } ?? ""
    show(
      StyledText("change ", problem == nil ? .key : .failure) + StyledText(change.text) + reason
        + self.time(time), from: .internet)
  }

  /// Shows what has happened in the network, and when.
  func show(_ event: Trace.Event) {
    if isQuiet { return }
    switch event.kind {
    case .table(.made(let mapping)): show(mapping, "mapping", .success, event)
    case .table(.removed(let mapping)): show(mapping, "expired", .muted, event)
    case .dropped(_, let passage, let reason):
      let packet = (try? Packet(parsing: passage.bytes.span))?.description
      show("drop", .failure, packet, reason.description, event)
    case .lost(_, let next, let reason):
      show("lost", .failure, "on the way to \(name(of: next))", reason.rawValue, event)
    case .sent, .forwarded, .consumed, .duplicated, .delivered, .report,
      .table(.changed), .table(.refreshed):
      break
    }
  }

  private func show(
    _ mapping: NATTable.Mapping, _ word: String, _ role: TextRole, _ event: Trace.Event
  ) {
    let scope = mapping.scope.description
    if isJSON {
      var line = TUNWorldLine(word, at: event.time)
      line.router = name(of: event.node)
      line.inside = mapping.inside.description
      line.outside = mapping.outside.description
      line.protocol = mapping.protocol.description
      line.to = scope
      return output.jsonLine(line)
    }
    show(
      StyledText(word + " ", role)
        + StyledText("\(mapping.protocol) \(mapping.inside) → \(mapping.outside), to \(scope)")
        + time(of: event), from: event.node)
  }

  private func show(
    _ word: String, _ role: TextRole, _ what: String?, _ reason: String, _ event: Trace.Event
  ) {
    if isJSON {
      var line = TUNWorldLine(word, at: event.time)
      line.node = name(of: event.node)
      line.packet = word == "drop" ? what : nil
      line.reason = reason
      return output.jsonLine(line)
    }
    show(
      StyledText(word + " ", role) + StyledText("\(what.map { "\($0): " } ?? "")\(reason)")
        + time(of: event), from: event.node)
  }

  /// Milliseconds, as in a console's table.
  private func time(of event: Trace.Event) -> StyledText { time(event.time) }

  private func time(_ time: Instant) -> StyledText {
    StyledText("  at \(Instant.milliseconds(time.nanoseconds / 1_000_000))", .muted)
  }

  /// Shows the mappings that there are.
  func showTables(_ network: Network, _ routers: [(name: String, id: RouterID)]) {
    for router in routers {
      let nat: ConsoleNAT
      if var table = network.table(of: router.id) {
        table.expire(at: network.time)
        nat = .table(table)
      } else if var nat64 = network.nat64(of: router.id) {
        nat64.expire(at: network.time)
        nat = .nat64(nat64)
      } else {
        continue
      }
      let result = ConsoleResult.table(nat, now: network.time)
      if isJSON {
        output.jsonLine(TUNWorldTable(router: router.name, result: result))
      } else {
        output.line(StyledText("\(router.name):", .heading))
        output.lines(NATPage.lines(of: result, output.presentation))
      }
    }
    flush()
  }

  /// Shows the tables for the last time.
  func finish(_ network: Network, _ routers: [(name: String, id: RouterID)]) {
    if !isQuiet { showTables(network, routers) }
    if hasLadder { show(Ladder(network.trace)) }
    if isJSON, !isQuiet { output.jsonLine(TUNWorldLine("ended", at: network.time)) }
    flush()
  }

  /// Draws the packets, the earliest of which the network may have forgotten.
  private func show(_ ladder: Ladder) {
    let result = WorldResult.ladder(ladder)
    if isJSON { return output.jsonLine(result) }
    output.lines(WorldPage.lines(of: result, output.presentation))
  }

  // MARK: - Lines

  private func name(of node: NodeID) -> String { trace.nodes[node.index].name }

  /// Hosts have colors of their own; what a router says stays behind what programs say.
  private func role(of node: NodeID) -> TextRole {
    // An interface has its host's color.
    let node = trace.nodes[node.index].host ?? node
    guard trace.nodes[node.index].kind == .host else { return .muted }
    let roles: [TextRole] = [.key, .string, .number, .type, .keyword, .link]
    let number = trace.nodes[..<node.index].count { $0.kind == .host && $0.host == nil }
    return roles[number % roles.count]
  }

  private func show(_ text: StyledText, from node: NodeID) {
    let name = name(of: node)
    guard !output.presentation.plain else { return output.line(StyledText(name + ": ") + text) }
    let padding = String(repeating: " ", count: max(0, nameWidth - name.count))
    output.line(
      StyledText(name + padding + (output.presentation.unicode ? " │ " : " | "), role(of: node))
        + text)
  }
}
