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

  /// `64:ff9b:1::/48`
  private static func prefix(
    _ scanner: inout LineScanner
  ) throws(ConsoleError) -> EmbeddedIPv4Prefix {
    let column = scanner.column
    let parts = scanner.next()?.text.split(separator: "/", omittingEmptySubsequences: false) ?? []
    guard parts.count == 2, let address = try? IPv6Address(parsing: parts[0]),
      let length = Int(parts[1]), let prefix = EmbeddedIPv4Prefix(address, length: length)
    else {
      throw ConsoleError(
        column: column,
        message: "a prefix has 32, 40, 48, 56, 64 or 96 bits, such as 64:ff9b:1::/48 "
          + "(RFC 6052 §2.2)")
    }
    return prefix
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

  private static func program(
    _ scanner: inout LineScanner
  ) throws(ConsoleError) -> any Endpoint {
    if scanner.take("stun") { return .stunServer }
    guard scanner.take("echo") else { throw scanner.error("a program is stun or echo") }
    guard let text = scanner.peek, text.first?.isNumber == true else { return .echo(port: 7) }
    guard let port = UInt16(text), port > 0 else {
      throw scanner.error("a port is a number from 1 to 65535")
    }
    _ = scanner.next()
    return .echo(port: port)
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

  /// Reads where an interface is, to the end of the line.
  func takePlaces(
    _ scanner: inout LineScanner, _ plan: inout HostPlan
  ) throws(ConsoleError) {
    while !scanner.isAtEnd {
      if try !takePlace(&scanner, &plan) {
        throw scanner.error(
          "behind, at, ipv6, ipv4-only, ipv6-only, \(Self.linkWords) should stand here")
      }
    }
  }

  /// `behind ROUTER`, `at ADDRESS`, `ipv6 [ADDRESS]`, `ipv4-only`, `ipv6-only`, and what a link is.
  ///
  /// - Returns: whether such a word stood there.
  private func takePlace(
    _ scanner: inout LineScanner, _ plan: inout HostPlan
  ) throws(ConsoleError) -> Bool {
    if scanner.take("behind") {
      plan.parent = try router(&scanner)
    } else if scanner.take("at") {
      plan.address = try Self.address(&scanner, "its address")
    } else if scanner.take("ipv6") {
      plan.address6 = Self.addressV6(&scanner)
      plan.families = [.ipv4, .ipv6]
    } else if scanner.take("ipv4-only") {
      plan.families = [.ipv4]
    } else if scanner.take("ipv6-only") {
      plan.address6 = plan.address6 ?? Self.addressV6(&scanner)
      plan.families = [.ipv6]
    } else {
      return try takeLink(&scanner, &plan.link)
    }
    return true
  }

  /// An IPv4 address; of the other family there is another word.
  private static func address(
    _ scanner: inout LineScanner, _ what: String
  ) throws(ConsoleError) -> IPv4Address {
    if let text = scanner.peek, (try? IPv6Address(parsing: text)) != nil {
      throw scanner.error("\(what): an IPv6 address stands behind 'ipv6'")
    }
    return try scanner.address(what)
  }

  /// The IPv6 address that may stand here.
  private static func addressV6(_ scanner: inout LineScanner) -> IPv6Address? {
    guard let text = scanner.peek, let address = try? IPv6Address(parsing: text) else { return nil }
    _ = scanner.next()
    return address
  }

  /// The policy of a firewall that may stand here.
  private static func policy(_ scanner: inout LineScanner) -> Firewall.Policy? {
    let policies: [(String, Firewall.Policy)] = [
      ("answers-only", .answersOnly), ("no-udp", .noUDP), ("web-only", .webOnly), ("open", .open),
    ]
    return policies.first { scanner.take($0.0) }?.1
  }

  private func newName(_ scanner: inout LineScanner) throws(ConsoleError) -> LineScanner.Word {
    guard let word = scanner.next() else { throw scanner.error("a name should stand here") }
    return word
  }

  /// `mapping BEHAVIOR`, `filtering BEHAVIOR`, `timer NAME TIME`, as the console of one NAT has them.
  ///
  /// - Returns: whether such a word stood there.
  private func takeBehavior(
    _ scanner: inout LineScanner, _ configuration: inout NATTable.Configuration
  ) throws(ConsoleError) -> Bool {
    if scanner.take("mapping") {
      configuration.mapping = try ConsoleCommand.behavior(&scanner)
    } else if scanner.take("filtering") {
      configuration.filtering = try ConsoleCommand.behavior(&scanner)
    } else if scanner.take("timer") {
      let (name, time) = try ConsoleCommand.timer(&scanner)
      name.set(time, in: &configuration.timeouts)
    } else {
      return false
    }
    return true
  }

  /// What ``takeLink(_:_:)`` takes, in an error.
  private static let linkWords =
    "latency, jitter, loss, duplication, reordering, rate or mtu"

  /// `latency 20ms`, `jitter 5ms`, `loss 5%`, `duplication 1%`, `reordering 1%`, `rate 2mbit`, `mtu 1280`
  ///
  /// - Returns: whether such a word stood there.
  private func takeLink(
    _ scanner: inout LineScanner, _ link: inout Link
  ) throws(ConsoleError) -> Bool {
    if scanner.take("latency") {
      link.latency = try ConsoleCommand.duration(&scanner)
    } else if scanner.take("jitter") {
      link.jitter = try ConsoleCommand.duration(&scanner)
    } else if scanner.take("loss") {
      link.loss = .independent(try Self.part(&scanner, "a loss"))
    } else if scanner.take("duplication") {
      link.duplication = try Self.part(&scanner, "a duplication")
    } else if scanner.take("reordering") {
      link.reordering = try Self.part(&scanner, "a reordering")
    } else if scanner.take("rate") {
      link.rate = try Self.rate(&scanner)
    } else if scanner.take("mtu") {
      let column = scanner.column
      guard let text = scanner.next()?.text, let mtu = Int(text) else {
        throw ConsoleError(column: column, message: "an MTU is a number of bytes")
      }
      link.mtu = mtu
    } else {
      return false
    }
    return true
  }

  /// A percentage, as a part of one.
  private static func part(
    _ scanner: inout LineScanner, _ what: String
  ) throws(ConsoleError) -> Double {
    let column = scanner.column
    guard let text = scanner.next()?.text, text.last == "%", let percent = Int(text.dropLast()),
      0...100 ~= percent
    else { throw ConsoleError(column: column, message: "\(what) is a percentage, such as 5%") }
    return Double(percent) / 100
  }

  /// `2mbit`, in bits a second.
  private static func rate(_ scanner: inout LineScanner) throws(ConsoleError) -> Int {
    let column = scanner.column
    let text = scanner.next()?.text ?? ""
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let units: [Substring: Int] = ["kbit": 1000, "mbit": 1_000_000, "gbit": 1_000_000_000]
    guard let number = Int(digits), 1...100_000 ~= number,
      let unit = units[text.dropFirst(digits.count)]
    else {
      throw ConsoleError(
        column: column, message: "a rate is a number of kbit, mbit or gbit a second, such as 2mbit")
    }
    return number * unit
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
