import IPPacket
import NATTable
import TransportAddress

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
    case "wait": self = .wait(try Self.duration(&scanner))
    case "table": self = .table
    case "undo": self = .undo
    case "preset": self = .preset(try Self.preset(&scanner))
    case "external": self = .external(try Self.addresses(&scanner))
    case "map": self = try Self.map(&scanner)
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
    if scanner.take("ping") { return try ping(&scanner) }
    var flags: TCPFlags?
    if scanner.take("tcp") {
      flags = try Self.flags(&scanner)
    } else {
      _ = scanner.take("udp")
    }
    let source: TransportAddress = try scanner.address("the source, ADDRESS:PORT")
    try scanner.expect(">", "'>' and the destination should stand here")
    let destination: TransportAddress = try scanner.address("the destination, ADDRESS:PORT")
    if let flags { return .tcp(flags, from: source, to: destination) }
    return Packet(.udp, from: source, to: destination)
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
    // More than any NAT remembers, and far from what a clock can hold.
    let unit: Int64
    switch word.text.dropFirst(digits.count) {
    case "ms": unit = 1
    case "s": unit = 1000
    case "m": unit = 60_000
    case "h": unit = 3_600_000
    default:
      throw ConsoleError(
        column: column + digits.count, message: "the unit of a time is ms, s, m or h")
    }
    let (milliseconds, overflow) = number.multipliedReportingOverflow(by: unit)
    guard !overflow, milliseconds <= 3_600_000 * 100_000 else {
      throw ConsoleError(column: column, message: "the time is too long; 100000h is the longest")
    }
    return .milliseconds(milliseconds)
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
