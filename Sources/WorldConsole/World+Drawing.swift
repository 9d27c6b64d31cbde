import NATConsole
import NATTable
import NoteFormat
import Simulator
import TransportAddress

/// The words that draw.
extension World {
  /// `router NAME PRESET [behind ROUTER] [at ADDRESS] [inside ADDRESS] [BEHAVIOR] [IPV6] [LINK]`
  mutating func drawRouter(_ scanner: inout LineScanner) throws(ConsoleError) -> String {
    let name = try newName(&scanner)
    guard let word = scanner.next() else {
      throw scanner.error("how its NAT behaves should stand here, such as port-restricted-cone")
    }
    let presets = NATTable.Configuration.presets
    guard let preset = presets.first(where: { $0.name == word.text.lowercased() }) else {
      let hint = Suggestion.phrase(for: String(word.text), among: presets.map(\.name))
      let list = "; there are " + presets.map(\.name).joined(separator: ", ")
      throw ConsoleError(
        column: word.column,
        message: "no NAT behaves like '\(word.text)'" + (hint.isEmpty ? list : hint))
    }
    var plan = RouterPlan(String(name.text), nat: nil)
    var configuration = preset.configuration
    while !scanner.isAtEnd {
      if scanner.take("behind") {
        plan.parent = try router(&scanner)
      } else if scanner.take("at") {
        plan.external.append(try Self.address(&scanner, "an outside address"))
      } else if scanner.take("inside") {
        plan.gateway = try Self.address(&scanner, "the address on its inside")
      } else if scanner.take("ipv6") {
        plan.gateway6 = Self.addressV6(&scanner)
        plan.ipv6 = Self.policy(&scanner) ?? .answersOnly
      } else if try !takeBehavior(&scanner, &configuration),
        try !takeLink(&scanner, &plan.link)
      {
        throw scanner.error(
          "behind, at, inside, mapping, filtering, timer, ipv6, \(Self.linkWords) should stand "
            + "here")
      }
    }
    plan.nat = configuration
    return try add(plan, name)
  }

  /// `nat64 NAME [prefix PREFIX] [at ADDRESS] [POLICY] [LINK]`
  mutating func drawNAT64(_ scanner: inout LineScanner) throws(ConsoleError) -> String {
    let name = try newName(&scanner)
    var plan = RouterPlan(String(name.text), nat: nil)
    var configuration = NATTable.Configuration.nat64
    plan.nat64 = .wellKnown
    while !scanner.isAtEnd {
      if scanner.take("prefix") {
        plan.nat64 = try Self.prefix(&scanner)
      } else if scanner.take("at") {
        plan.external.append(try Self.address(&scanner, "an outside address"))
      } else if let policy = Self.policy(&scanner) {
        plan.firewall = policy
      } else if try !takeBehavior(&scanner, &configuration),
        try !takeLink(&scanner, &plan.link)
      {
        throw scanner.error(
          "prefix, at, mapping, filtering, timer, answers-only, no-udp, web-only, open, "
            + "\(Self.linkWords) should stand here")
      }
    }
    plan.nat = configuration
    return try add(plan, name)
  }

  /// `firewall NAME [POLICY] [inside ADDRESS] [IPV6] [LINK]`
  mutating func drawFirewall(_ scanner: inout LineScanner) throws(ConsoleError) -> String {
    let name = try newName(&scanner)
    var plan = RouterPlan(String(name.text), nat: nil)
    plan.firewall = .answersOnly
    var hasIPv6 = false
    while !scanner.isAtEnd {
      if let policy = Self.policy(&scanner) {
        plan.firewall = policy
      } else if scanner.take("inside") {
        plan.gateway = try Self.address(&scanner, "the address on its inside")
      } else if scanner.take("ipv6") {
        plan.gateway6 = Self.addressV6(&scanner)
        hasIPv6 = true
      } else if try !takeLink(&scanner, &plan.link) {
        throw scanner.error(
          "answers-only, no-udp, web-only, open, inside, ipv6, \(Self.linkWords) should stand here")
      }
    }
    // Its policy is for both families.
    if hasIPv6 { plan.ipv6 = plan.firewall }
    return try add(plan, name)
  }

  private mutating func add(
    _ plan: RouterPlan, _ name: LineScanner.Word
  ) throws(ConsoleError) -> String {
    let router = try drawn(name) { world throws(DrawingError) in try world.network.add(plan) }
    routers[plan.name] = router
    return described(router.node)
  }

  /// `host NAME [behind ROUTER] [at ADDRESS] [FAMILY] [running stun | echo [PORT]] [LINK]`
  mutating func drawHost(_ scanner: inout LineScanner) throws(ConsoleError) -> String {
    let name = try newName(&scanner)
    var plan = HostPlan(String(name.text))
    var program: (any Endpoint)?
    while !scanner.isAtEnd {
      if scanner.take("running") {
        program = try Self.program(&scanner)
      } else if try !takePlace(&scanner, &plan) {
        throw scanner.error(
          "behind, at, ipv6, ipv4-only, ipv6-only, running, \(Self.linkWords) should stand here")
      }
    }
    let host = try drawn(name) { world throws(DrawingError) in
      let host = try world.network.add(plan)
      if let program { try world.network.add(program: program, to: host) }
      return host
    }
    hosts[plan.name] = host
    if program != nil { servers.insert(plan.name) }
    return described(host.node)
  }

  /// `interface NAME of HOST [behind ROUTER] [at ADDRESS] [FAMILY] [LINK]`
  mutating func drawInterface(_ scanner: inout LineScanner) throws(ConsoleError) -> String {
    let name = try newName(&scanner)
    try scanner.expect("of", "'of' and a host should stand here")
    guard let word = scanner.next() else { throw scanner.error("a host's name should stand here") }
    let host = try host(named: word.text, column: word.column).host
    var plan = HostPlan(String(name.text))
    try takePlaces(&scanner, &plan)
    let interface = try drawn(name) { world throws(DrawingError) in
      try world.network.add(plan, to: host)
    }
    interfaces[self.name(interface.node)] = interface
    return described(interface.node)
  }

  /// `forward [tcp] PORT of ROUTER to HOST:PORT`
  mutating func drawForward(_ scanner: inout LineScanner) throws(ConsoleError) -> String {
    let kind: TransportProtocol = scanner.take("tcp") ? .tcp : .udp
    let start = scanner.column
    guard let text = scanner.next()?.text, let port = UInt16(text), port > 0 else {
      throw ConsoleError(column: start, message: "a port should stand here, from 1 to 65535")
    }
    try scanner.expect("of", "'of' and a router should stand here")
    let router = try router(&scanner)
    try scanner.expect("to", "'to' and HOST:PORT should stand here")
    let column = scanner.column
    let inside = try socket(&scanner, "the inside endpoint")
    try scanner.expectEnd()
    do throws(DrawingError) {
      try network.add(mapping: kind, at: port, of: router, to: inside.host, port: inside.port)
    } catch {
      throw ConsoleError(column: column, message: error.description)
    }
    return "\(kind) port \(port) of \(name(router.node)) is forwarded to "
      + "\(name(inside.host.node)):\(inside.port)."
  }

  // MARK: - Parts

  private func newName(_ scanner: inout LineScanner) throws(ConsoleError) -> LineScanner.Word {
    guard let word = scanner.next() else { throw scanner.error("a name should stand here") }
    return word
  }

  /// Draws, or changes nothing.
  private mutating func drawn<Node>(
    _ name: LineScanner.Word, _ draw: (inout World) throws(DrawingError) -> Node
  ) throws(ConsoleError) -> Node {
    let before = self
    do throws(DrawingError) {
      return try draw(&self)
    } catch {
      self = before
      throw ConsoleError(column: name.column, message: error.description)
    }
  }

  func name(_ node: NodeID) -> String { network.trace.nodes[node.index].name }

  /// `alice is a host behind home at 10.0.0.2.`
  private func described(_ node: NodeID) -> String {
    let sentences = Topology(network.trace).words(showingBehavior: false).split(separator: "\n")
    return sentences.last.map(String.init) ?? name(node)
  }
}
