public import IPPacket
import NATTable
public import SansIO
public import TransportAddress

/// What came of a line.
public enum ConsoleResult: Sendable {
  /// The line was empty.
  case nothing
  /// A packet came to the NAT, from the inside or the outside, and this became of fragments that had
  /// waited for it.
  case packet(Packet, isOutbound: Bool, ConsoleVerdict, released: [ConsoleVerdict])
  /// Time passed: mappings expired, and the NAT sent ICMP errors by itself.
  case waited(now: Instant, expired: Int, answers: [Packet])
  /// The mappings, at this time.
  case table(ConsoleNAT, now: Instant)
  /// The last change was taken back.
  case undone(now: Instant)
  /// The preset's name, and the NAT that began with it.
  case preset(String, ConsoleNAT)
  /// The NAT began anew with these outside addresses.
  case external([IPAddress])
  /// A static mapping was added.
  case mapped(TransportProtocol, inside: TransportAddress, outside: TransportAddress)
  /// The table that is to be reached.
  case goal(Goal)
  /// What was expected is so.
  case met
  /// The commands are asked for.
  case help
  /// The line asks to leave.
  case quit
}

extension ConsoleResult {
  /// The result in plain lines; a table's are those of ``NATTable/description``.
  public var lines: [String] {
    switch self {
    case .nothing, .quit: return []
    case .packet(_, _, let verdict, let released):
      return [verdict.description] + released.map { "then \($0)" }
    case .waited(let now, let expired, let answers):
      let mappings =
        expired == 0 ? "no mapping" : expired == 1 ? "1 mapping" : "\(expired) mappings"
      return ["now \(now); \(mappings) expired"] + answers.map { "the NAT sends \($0)" }
    case .table(let table, _): return table.description.split(separator: "\n").map(String.init)
    case .undone(let now): return ["taken back; now \(now)"]
    case .preset(let name, let nat): return ["\(name): \(summary(of: nat))"] + unmet(by: nat)
    case .external(let addresses):
      return ["outside: \(addresses.map(\.description).joined(separator: ", "))"]
    case .mapped(let kind, let inside, let outside):
      return ["\(kind) \(outside) is forwarded to \(inside)"]
    case .goal(let goal): return goal.lines
    case .met: return ["as expected"]
    case .help:
      return ConsoleCommand.entries.flatMap { ["\($0.usage)", "    \($0.summary)"] }
    }
  }

  private func summary(of nat: ConsoleNAT) -> String {
    switch nat {
    case .table(let table):
      "\(table.configuration.mapping) mapping, \(table.configuration.filtering) filtering"
    case .nat64(let nat):
      "IPv6 hosts reach IPv4 hosts at \(nat.prefix.prefix)/\(nat.prefix.length); "
        + "\(nat.table.configuration.mapping) mapping, "
        + "\(nat.table.configuration.filtering) filtering"
    case .prefix(let translation):
      "\(translation.inside)/\(translation.length) inside is "
        + "\(translation.outside)/\(translation.length) outside, without a table"
    }
  }

  private func unmet(by nat: ConsoleNAT) -> [String] {
    (nat.configuration?.unmetRequirements ?? []).map { "unmet \($0)" }
  }
}

extension ConsoleResult: Encodable {
  private enum Key: String, CodingKey {
    case result, direction, packet, verdict, source, destination, reason, now, expired, answers
    case mappings, preset, mapping, filtering, unmet, external, inside, outside, commands
    case `protocol`, to, from, seconds, fixed, connection, summary, code, released, par, packets
    case reached, rows
  }

  /// One object, whose `result` says what else it has.
  public func encode(to encoder: any Encoder) throws {
    var object = encoder.container(keyedBy: Key.self)
    switch self {
    case .nothing: try object.encode("nothing", forKey: .result)
    case .quit: try object.encode("quit", forKey: .result)
    case .packet(let packet, let isOutbound, let verdict, let released):
      try object.encode("packet", forKey: .result)
      try object.encode(isOutbound ? "outbound" : "inbound", forKey: .direction)
      try object.encode(packet.description, forKey: .packet)
      switch verdict {
      case .forward(let translated):
        try object.encode("forward", forKey: .verdict)
        try object.encode(translated.source, forKey: .source)
        try object.encode(translated.destination, forKey: .destination)
      case .drop(let reason):
        try object.encode("drop", forKey: .verdict)
        try object.encode(reason.reason, forKey: .reason)
        try object.encode(reason.code, forKey: .code)
      case .hold: try object.encode("hold", forKey: .verdict)
      }
      if !released.isEmpty {
        try object.encode(released.map(\.description), forKey: .released)
      }
    case .waited(let now, let expired, let answers):
      try object.encode("waited", forKey: .result)
      try object.encode(now.seconds, forKey: .now)
      try object.encode(expired, forKey: .expired)
      try object.encode(answers.map(\.description), forKey: .answers)
    case .table(let table, let now):
      try object.encode("table", forKey: .result)
      try object.encode(now.seconds, forKey: .now)
      var rows = object.nestedUnkeyedContainer(forKey: .mappings)
      for mapping in table.mappings {
        var row = rows.nestedContainer(keyedBy: Key.self)
        try row.encode(mapping.protocol.description, forKey: .protocol)
        try row.encode(mapping.inside, forKey: .inside)
        try row.encode(mapping.outside, forKey: .outside)
        try row.encode(mapping.scope.description, forKey: .to)
        try row.encode(mapping.filters.map(\.scope.description), forKey: .from)
        try row.encode(mapping.isStatic, forKey: .fixed)
        try row.encodeIfPresent(mapping.connection?.rawValue, forKey: .connection)
        if !mapping.isStatic {
          try row.encode((mapping.expires).seconds - now.seconds, forKey: .seconds)
        }
      }
    case .undone(let now):
      try object.encode("undone", forKey: .result)
      try object.encode(now.seconds, forKey: .now)
    case .preset(let name, let nat):
      try object.encode("preset", forKey: .result)
      try object.encode(name, forKey: .preset)
      try object.encode(summary(of: nat), forKey: .summary)
      try object.encodeIfPresent(nat.configuration?.mapping.description, forKey: .mapping)
      try object.encodeIfPresent(nat.configuration?.filtering.description, forKey: .filtering)
      try object.encode(
        (nat.configuration?.unmetRequirements ?? []).map(\.description), forKey: .unmet)
    case .external(let addresses):
      try object.encode("external", forKey: .result)
      try object.encode(addresses, forKey: .external)
    case .mapped(let kind, let inside, let outside):
      try object.encode("mapped", forKey: .result)
      try object.encode(kind.description, forKey: .protocol)
      try object.encode(inside, forKey: .inside)
      try object.encode(outside, forKey: .outside)
    case .goal(let goal):
      try object.encode("goal", forKey: .result)
      try object.encode(Array(goal.lines.dropLast()), forKey: .rows)
      try object.encodeIfPresent(goal.par, forKey: .par)
      try object.encode(goal.packetCount, forKey: .packets)
      try object.encode(goal.isReached, forKey: .reached)
    case .met: try object.encode("met", forKey: .result)
    case .help:
      try object.encode("help", forKey: .result)
      try object.encode(ConsoleCommand.entries, forKey: .commands)
    }
  }
}

extension Instant {
  fileprivate var seconds: Double { Double(nanoseconds) / 1e9 }
}
