public import NATTable
public import TransportAddress

/// A table that is to be reached, and in how few packets that can be done: an exercise of the console.
///
///     goal 10.0.0.2:5000 = 203.0.113.7:5000 from 198.51.100.1 192.0.2.9
///     par 2
///
/// Each line `goal` is a row of the table. It is reached when the table has these rows and no others;
/// static mappings do not count. A world has such a table for each of its routers that a row names.
public struct Goal: Hashable, Sendable {
  /// A row of the table.
  public struct Row: Hashable, Sendable {
    /// The transport protocol.
    public var `protocol`: TransportProtocol
    /// The endpoint inside.
    public var inside: TransportAddress
    /// The endpoint outside; nil for whichever the NAT chooses.
    public var outside: TransportAddress?
    /// Who may send to the mapping; nil for anyone or no one.
    public var remotes: Set<RemoteScope>?
  }

  /// The rows by the router's name; a NAT that is alone has none.
  public private(set) var tables: [String: [Row]] = [:]
  /// In how few packets the goal can be reached; nil if it is not stated.
  public var par: Int?
  /// How many packets have been sent since the last line that changed the goal.
  public private(set) var packetCount = 0
  /// Whether it has been reached.
  public private(set) var isReached = false

  /// No goal.
  public init() {}

  /// Whether there is something to reach.
  public var isStated: Bool { !tables.isEmpty }

  /// Whether there is something that has not been reached yet.
  public var isOpen: Bool { isStated && !isReached }

  /// Adds a row; what was counted is counted anew.
  public mutating func add(_ row: Row, of router: String = "") {
    tables[router, default: []].append(row)
    (packetCount, isReached) = (0, false)
  }

  /// Counts packets, and looks at the tables after them.
  ///
  /// - Parameter mappings: the table of a router.
  /// - Returns: in how many packets, if the goal has been reached just now.
  public mutating func happened(
    packets: Int, mappings: (_ router: String) -> [NATTable.Mapping]
  ) -> ReachedGoal? {
    guard isOpen else { return nil }
    packetCount += packets
    let isThere = tables.allSatisfy { router, rows in
      Self.match(rows, mappings(router).filter { !$0.isStatic })
    }
    guard isThere else { return nil }
    isReached = true
    return ReachedGoal(packets: packetCount, par: par, sentence: sentence)
  }

  /// Whether a table has these rows and no others.
  private static func match(_ rows: [Row], _ mappings: [NATTable.Mapping]) -> Bool {
    guard rows.count == mappings.count else { return false }
    var left = mappings
    // What says more is looked for first: it fits fewer mappings.
    for row in rows.sorted(by: { $0.precision > $1.precision }) {
      guard let place = left.firstIndex(where: row.isLike) else { return false }
      left.remove(at: place)
    }
    return true
  }

  /// How far it is.
  var sentence: String {
    let packets = packetCount == 1 ? "1 packet" : "\(packetCount) packets"
    guard isReached else {
      return "the goal is not reached after \(packets)" + (par.map { "; par is \($0)" } ?? "")
    }
    guard let par else { return "goal reached in \(packets)" }
    return switch packetCount - par {
    case ..<0: "goal reached in \(packets), fewer than par, which is \(par)"
    case 0: "goal reached in \(packets): par"
    default: "goal reached in \(packets); it can be done in \(par)"
    }
  }

  /// The rows and how far it is, in lines.
  public var lines: [String] {
    guard isStated else { return ["there is no goal"] }
    let rows = tables.sorted { $0.key < $1.key }.flatMap { router, rows in
      rows.map { router.isEmpty ? "\($0)" : "\(router) \($0)" }
    }
    return rows + [sentence]
  }
}

/// That a goal has been reached.
public struct ReachedGoal: Hashable, Sendable, Encodable {
  /// In how many packets.
  public let packets: Int
  /// In how few it can be reached; nil if it is not stated.
  public let par: Int?
  /// Both in a sentence.
  public let sentence: String

  private enum Key: String, CodingKey {
    case result, packets, par
  }

  /// One object, whose `result` is `reached`.
  public func encode(to encoder: any Encoder) throws {
    var object = encoder.container(keyedBy: Key.self)
    try object.encode("reached", forKey: .result)
    try object.encode(packets, forKey: .packets)
    try object.encodeIfPresent(par, forKey: .par)
  }
}

extension Goal.Row: CustomStringConvertible {
  /// `UDP 10.0.0.2:5000 = 203.0.113.7:5000 from 198.51.100.1`.
  public var description: String {
    var text = "\(`protocol`) \(inside)"
    if let outside { text += " = \(outside)" }
    if let remotes {
      text += " from " + remotes.sorted().map(\.description).joined(separator: " ")
    }
    return text
  }

  fileprivate var precision: Int { (outside == nil ? 0 : 2) + (remotes == nil ? 0 : 1) }

  fileprivate func isLike(_ mapping: NATTable.Mapping) -> Bool {
    mapping.protocol == `protocol` && mapping.inside == inside
      && (outside == nil || mapping.outside == outside)
      && (remotes == nil || Set(mapping.filters.map(\.scope)) == remotes)
  }
}

extension Goal.Row {
  /// Reads `[udp | tcp | icmp] INSIDE [= OUTSIDE] [from REMOTE...]`.
  package init(_ scanner: inout LineScanner) throws(ConsoleError) {
    `protocol` = .udp
    if scanner.take("tcp") {
      `protocol` = .tcp
    } else if scanner.take("icmp") {
      `protocol` = .icmp
    } else {
      _ = scanner.take("udp")
    }
    inside = try scanner.address("the inside endpoint, ADDRESS:PORT")
    if `protocol` == .icmp { `protocol` = .icmp(for: inside.address) }
    if scanner.take("=") { outside = try scanner.address("the outside endpoint, ADDRESS:PORT") }
    guard scanner.take("from") else {
      try scanner.expectEnd()
      return
    }
    var remotes: Set<RemoteScope> = []
    repeat { remotes.insert(try Self.remote(&scanner)) } while !scanner.isAtEnd
    self.remotes = remotes
  }

  /// `any`, an address, or an endpoint.
  private static func remote(_ scanner: inout LineScanner) throws(ConsoleError) -> RemoteScope {
    if scanner.take("any") { return .any }
    if let text = scanner.peek, let endpoint = try? TransportAddress(parsing: text) {
      _ = scanner.next()
      return .endpoint(endpoint)
    }
    return .address(try scanner.address("a remote: any, ADDRESS or ADDRESS:PORT"))
  }

  /// Reads the number behind `par`.
  package static func par(_ scanner: inout LineScanner) throws(ConsoleError) -> Int {
    let column = scanner.column
    guard let text = scanner.next()?.text, let number = Int(text), 1...1000 ~= number else {
      throw ConsoleError(column: column, message: "par is a number of packets")
    }
    try scanner.expectEnd()
    return number
  }
}
