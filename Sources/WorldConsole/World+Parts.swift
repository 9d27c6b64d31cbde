import NATConsole
import NATTable
import Simulator
import TransportAddress

/// The parts of lines that draw: where a node is, how its NAT, its firewall and its link are.
extension World {
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
  func takePlace(
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
  static func address(
    _ scanner: inout LineScanner, _ what: String
  ) throws(ConsoleError) -> IPv4Address {
    if let text = scanner.peek, (try? IPv6Address(parsing: text)) != nil {
      throw scanner.error("\(what): an IPv6 address stands behind 'ipv6'")
    }
    return try scanner.address(what)
  }

  /// The IPv6 address that may stand here.
  static func addressV6(_ scanner: inout LineScanner) -> IPv6Address? {
    guard let text = scanner.peek, let address = try? IPv6Address(parsing: text) else { return nil }
    _ = scanner.next()
    return address
  }

  /// The policy of a firewall that may stand here.
  static func policy(_ scanner: inout LineScanner) -> Firewall.Policy? {
    let policies: [(String, Firewall.Policy)] = [
      ("answers-only", .answersOnly), ("no-udp", .noUDP), ("web-only", .webOnly), ("open", .open),
    ]
    return policies.first { scanner.take($0.0) }?.1
  }

  /// `mapping BEHAVIOR`, `filtering BEHAVIOR`, `timer NAME TIME`, as the console of one NAT has them.
  ///
  /// - Returns: whether such a word stood there.
  func takeBehavior(
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
  static let linkWords =
    "latency, jitter, loss, duplication, reordering, rate or mtu"

  /// `latency 20ms`, `jitter 5ms`, `loss 5%`, `duplication 1%`, `reordering 1%`, `rate 2mbit`, `mtu 1280`
  ///
  /// - Returns: whether such a word stood there.
  func takeLink(
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
  static func part(
    _ scanner: inout LineScanner, _ what: String
  ) throws(ConsoleError) -> Double {
    let column = scanner.column
    guard let text = scanner.next()?.text, text.last == "%", let percent = Int(text.dropLast()),
      0...100 ~= percent
    else { throw ConsoleError(column: column, message: "\(what) is a percentage, such as 5%") }
    return Double(percent) / 100
  }

  /// `2mbit`, in bits a second.
  static func rate(_ scanner: inout LineScanner) throws(ConsoleError) -> Int {
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

  /// `64:ff9b:1::/48`
  static func prefix(
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

  /// `stun`, `echo` or `echo 7`
  static func program(
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
}
