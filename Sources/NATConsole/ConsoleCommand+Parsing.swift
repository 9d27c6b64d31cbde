import IPPacket
import NATTable
package import TransportAddress

extension ConsoleCommand {
  /// Reads a line; nil if it is empty or a comment.
  ///
  /// - Throws: ``ConsoleError`` with the column of the first character that cannot be right.
  public init?(parsing line: String) throws(ConsoleError) {
    var scanner = LineScanner(line)
    guard let word = scanner.next() else { return nil }
    switch word.text.lowercased() {
    case "send": self = .send(try Self.packet(&scanner))
    case "receive": self = .receive(try Self.packet(&scanner))
    case "reply": self = .reply
    case "error": self = try Self.error(&scanner)
    case "expect": self = .expect(try Self.expectation(&scanner))
    case "wait": self = .wait(try Self.duration(&scanner))
    case "table": self = .table
    case "undo": self = .undo
    case "preset": self = .preset(try Self.preset(&scanner))
    case "external": self = .external(try Self.addresses(&scanner))
    case "mapping": self = .mapping(try Self.behavior(&scanner))
    case "filtering": self = .filtering(try Self.behavior(&scanner))
    case "timer":
      let (name, time) = try Self.timer(&scanner)
      self = .timer(name, time)
    case "map": self = try Self.map(&scanner)
    case "goal": self = .goal(scanner.isAtEnd ? nil : try Goal.Row(&scanner))
    case "par": self = .par(try Goal.Row.par(&scanner))
    case "help", "?": self = .help
    case "quit", "exit": self = .quit
    default:
      throw ConsoleError(
        column: word.column,
        message: "'\(word.text)' is no command; 'help' lists them")
    }
    try scanner.expectEnd()
  }

  // MARK: - Packets

  private static func packet(_ scanner: inout LineScanner) throws(ConsoleError) -> Packet {
    if scanner.take("ping") { return try fragment(of: ping(&scanner), &scanner) }
    var flags: TCPFlags?
    if scanner.take("tcp") {
      flags = try Self.flags(&scanner)
    } else {
      _ = scanner.take("udp")
    }
    let source: TransportAddress = try scanner.address("the source, ADDRESS:PORT")
    try scanner.expect(">", "'>' and the destination should stand here")
    let destination: TransportAddress = try scanner.address("the destination, ADDRESS:PORT")
    let packet =
      flags.map { .tcp($0, from: source, to: destination) }
      ?? Packet(.udp, from: source, to: destination)
    return try fragment(of: packet, &scanner)
  }

  /// `fragment 7 from 0`, or `fragment 7 from 1480 last`; the whole packet if nothing follows.
  private static func fragment(
    of packet: Packet, _ scanner: inout LineScanner
  ) throws(ConsoleError) -> Packet {
    guard scanner.take("fragment") else { return packet }
    let number = try Self.number(&scanner, "a fragment has a number", UInt32.max)
    try scanner.expect("from", "'from' and the fragment's first byte should stand here")
    let column = scanner.column
    let offset = try Self.number(&scanner, "a fragment begins at a byte", 65_528)
    guard offset % 8 == 0 else {
      throw ConsoleError(column: column, message: "a fragment begins at a multiple of 8 bytes")
    }
    var packet = packet
    packet.fragment = Fragment(
      identification: number, offset: UInt16(offset), moreFollow: !scanner.take("last"))
    // Only the first has the ports.
    if offset > 0 { (packet.source.port, packet.destination.port) = (0, 0) }
    return packet
  }

  private static func number(
    _ scanner: inout LineScanner, _ what: String, _ most: UInt32
  ) throws(ConsoleError) -> UInt32 {
    let column = scanner.column
    guard let text = scanner.next()?.text, let number = UInt32(text), number <= most else {
      throw ConsoleError(column: column, message: "\(what), 0 to \(most)")
    }
    return number
  }

  /// An echo request with its identifier in the place of a port, or without for 1.
  private static func ping(_ scanner: inout LineScanner) throws(ConsoleError) -> Packet {
    let hasIdentifier = scanner.peek.map { text in
      text.hasPrefix("[") || text.utf8.count { $0 == UInt8(ascii: ":") } == 1
    }
    let source: TransportAddress
    if hasIdentifier == true {
      source = try scanner.address("the source, ADDRESS:IDENTIFIER")
    } else {
      source = TransportAddress(
        try scanner.address("the source, ADDRESS or ADDRESS:IDENTIFIER"), port: 1)
    }
    try scanner.expect(">", "'>' and the destination should stand here")
    let destination: IPAddress = try scanner.address("the destination, an ADDRESS without a port")
    return .query(from: source.address, identifier: source.port, to: destination)
  }

  /// `syn+ack`; with none a segment of an open connection.
  private static func flags(_ scanner: inout LineScanner) throws(ConsoleError) -> TCPFlags {
    guard let first = scanner.peek?.first, first.isLetter else { return .ack }
    // An IPv6 address begins with its bracket, so that a letter can only begin a flag.
    let column = scanner.column
    guard let word = scanner.next() else { return .ack }
    var flags: TCPFlags = []
    var offset = 0
    for part in word.text.split(separator: "+", omittingEmptySubsequences: false) {
      guard let flag = TCPFlags.named.first(where: { $0.name.lowercased() == part.lowercased() })
      else {
        throw ConsoleError(
          column: column + offset, message: "a flag is syn, ack, fin or rst, joined by '+'")
      }
      flags.insert(flag.flag)
      offset += part.count + 1
    }
    return flags
  }

  // MARK: - The others

  /// A time such as `30s` or `5m`.
  package static func duration(_ scanner: inout LineScanner) throws(ConsoleError) -> Duration {
    let column = scanner.column
    guard let word = scanner.next() else {
      throw ConsoleError(column: column, message: "a time should stand here, such as 30s or 5m")
    }
    let digits = word.text.prefix { $0.isASCII && $0.isNumber }
    guard let number = Int64(digits) else {
      throw ConsoleError(
        column: column,
        message: digits.isEmpty
          ? "a time is a number and a unit, such as 30s" : "the time is too long")
    }
    var rest = word.text.dropFirst(digits.count)
    var decimals: Substring = ""
    if rest.first == "." {
      decimals = rest.dropFirst().prefix { $0.isASCII && $0.isNumber }
      if !decimals.isEmpty { rest = rest.dropFirst(1 + decimals.count) }
    }
    var unit = try nanoseconds(of: rest, column: column + word.text.count - rest.count)
    var (time, overflow) = number.multipliedReportingOverflow(by: unit)
    // More than any NAT remembers, and far from what a clock can hold.
    let longest: Int64 = 100_000 * 3_600_000_000_000
    guard !overflow, time <= longest else {
      throw ConsoleError(column: column, message: "the time is too long; 100000h is the longest")
    }
    for decimal in decimals.compactMap(\.wholeNumberValue) {
      unit /= 10
      time += Int64(decimal) * unit
    }
    return .nanoseconds(time)
  }

  private static func nanoseconds(
    of unit: Substring, column: Int
  ) throws(ConsoleError) -> Int64 {
    switch unit {
    case "ms": 1_000_000
    case "s": 1_000_000_000
    case "m": 60_000_000_000
    case "h": 3_600_000_000_000
    case "d": 86_400_000_000_000
    default:
      throw ConsoleError(column: column, message: "the unit of a time is ms, s, m, h or d")
    }
  }

  private static func error(_ scanner: inout LineScanner) throws(ConsoleError) -> ConsoleCommand {
    let name: ICMPErrorName = try Self.name(&scanner, "error")
    guard scanner.take("from") else { return .error(name, from: nil) }
    return .error(name, from: try scanner.address("the address of who reports it"))
  }

  private static func expectation(
    _ scanner: inout LineScanner
  ) throws(ConsoleError) -> Expectation {
    if scanner.take("forward") { return .forward }
    if scanner.take("hold") { return .hold }
    try scanner.expect("drop", "forward, drop or hold should stand here")
    return .drop(scanner.next().map { String($0.text) })
  }

  /// What a mapping or a filter depends on, such as `address-dependent`.
  package static func behavior(
    _ scanner: inout LineScanner
  ) throws(ConsoleError) -> EndpointDependence {
    let column = scanner.column
    let names = behaviors.map(\.name).joined(separator: ", ")
    guard let word = scanner.next(),
      let known = behaviors.first(where: { $0.name == word.text.lowercased() })
    else { throw ConsoleError(column: column, message: "a behavior is one of \(names)") }
    return known.behavior
  }

  /// A timer's name and its time, such as `udp 30s`.
  package static func timer(
    _ scanner: inout LineScanner
  ) throws(ConsoleError) -> (name: TimerName, time: Duration) {
    let name: TimerName = try Self.name(&scanner, "timer")
    return (name, try duration(&scanner))
  }

  /// A name out of a list.
  private static func name<Name: RawRepresentable<String> & CaseIterable>(
    _ scanner: inout LineScanner, _ what: String
  ) throws(ConsoleError) -> Name {
    let column = scanner.column
    guard let word = scanner.next(), let name = Name(rawValue: word.text.lowercased()) else {
      let names = Name.allCases.map(\.rawValue).joined(separator: ", ")
      throw ConsoleError(column: column, message: "\(what): the name is one of \(names)")
    }
    return name
  }

  private static func preset(_ scanner: inout LineScanner) throws(ConsoleError) -> String? {
    guard let word = scanner.next() else { return nil }
    let names = ConsoleNAT.presets
    guard names.contains(word.text.lowercased()) else {
      throw ConsoleError(
        column: word.column,
        message: "no preset is called '\(word.text)'; there are \(names.joined(separator: ", "))")
    }
    return word.text.lowercased()
  }

  private static func addresses(_ scanner: inout LineScanner) throws(ConsoleError) -> [IPAddress] {
    var addresses: [IPAddress] = []
    repeat { addresses.append(try scanner.address("an outside address")) } while !scanner.isAtEnd
    return addresses
  }

  private static func map(_ scanner: inout LineScanner) throws(ConsoleError) -> ConsoleCommand {
    let kind: TransportProtocol = scanner.take("tcp") ? .tcp : .udp
    if kind == .udp { _ = scanner.take("udp") }
    let inside = try endpoint("the inside endpoint", &scanner)
    try scanner.expect("=", "'=' and the outside endpoint should stand here")
    let outside = try endpoint("the outside endpoint", &scanner)
    return .map(kind, inside: inside, outside: outside)
  }

  /// An endpoint that packets can be sent to: no host listens on port 0.
  private static func endpoint(
    _ what: String, _ scanner: inout LineScanner
  ) throws(ConsoleError) -> TransportAddress {
    let column = scanner.column
    let length = scanner.peek?.count ?? 0
    let endpoint: TransportAddress = try scanner.address("\(what), ADDRESS:PORT")
    guard endpoint.port != 0 else {
      throw ConsoleError(column: column + length - 1, message: "\(what): port 0 is none")
    }
    return endpoint
  }
}
