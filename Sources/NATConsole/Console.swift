public import NATTable
public import ProtocolTime
public import TransportAddress

/// A NAT that obeys lines: one packet, one stretch of time or one question each.
///
/// It is a value without input or output; whoever has a terminal or a script feeds it.
public struct Console: Sendable {
  public private(set) var table: NATTable
  public private(set) var preset: String
  public private(set) var now: Instant = .zero

  /// The packet that went on last, as its receiver saw it, and whether that is outside.
  private var last: (packet: Packet, isOutside: Bool)?
  private var past: [Snapshot] = []
  private let randomSeed: UInt64

  private struct Snapshot {
    var table: NATTable
    var preset: String
    var now: Instant
    var last: (packet: Packet, isOutside: Bool)?
  }

  /// As many changes as can be taken back.
  private static let depth = 1000

  /// A console with an empty table.
  ///
  /// - Parameter preset: one of ``NATTable/Configuration/presets`` by name; the default meets all
  ///   requirements.
  public init(
    preset: String = "restricted-cone", external: [IPAddress] = ["203.0.113.7"],
    randomSeed: UInt64 = 0
  ) throws(ConsoleError) {
    self.preset = preset
    self.randomSeed = randomSeed
    table = NATTable(
      try Self.configuration(named: preset), external: external, randomSeed: randomSeed)
  }

  private static func configuration(
    named name: String
  ) throws(ConsoleError) -> NATTable.Configuration {
    guard let preset = NATTable.Configuration.presets.first(where: { $0.name == name }) else {
      let names = NATTable.Configuration.presets.map(\.name).joined(separator: ", ")
      throw ConsoleError(column: 1, message: "no preset is called '\(name)'; there are \(names)")
    }
    return preset.configuration
  }

  /// Obeys a line.
  ///
  /// - Throws: ``ConsoleError`` if the line cannot be understood or obeyed; nothing has changed then.
  ///   A packet that is dropped is no error.
  public mutating func obey(_ line: String) throws(ConsoleError) -> ConsoleResult {
    guard let command = try ConsoleCommand(parsing: line) else { return .nothing }
    return try obey(command)
  }

  public mutating func obey(_ command: ConsoleCommand) throws(ConsoleError) -> ConsoleResult {
    switch command {
    case .send(let packet):
      remember()
      return through(packet, isOutbound: true)
    case .receive(let packet):
      remember()
      return through(packet, isOutbound: false)
    case .reply:
      guard let last else {
        throw ConsoleError(column: 1, message: "no packet has gone on yet that could be answered")
      }
      remember()
      return through(last.packet.reply, isOutbound: !last.isOutside)
    case .wait(let duration):
      remember()
      now = now.advanced(by: duration)
      let expired = table.expire(at: now)
      return .waited(now: now, expired: expired, answers: drain())
    case .table: return .table(table, now: now)
    case .undo:
      guard let snapshot = past.popLast() else {
        throw ConsoleError(column: 1, message: "there is nothing to take back")
      }
      (table, preset, now, last) = (
        snapshot.table, snapshot.preset, snapshot.now, snapshot.last
      )
      return .undone(now: now)
    case .preset(nil): return .preset(preset, table.configuration)
    case .preset(let name?):
      let configuration = try Self.configuration(named: name)
      remember()
      preset = name
      begin(configuration, external: table.externalAddresses)
      return .preset(preset, configuration)
    case .external(let addresses):
      remember()
      begin(table.configuration, external: addresses)
      return .external(table.externalAddresses)
    case .map(let kind, let inside, let outside):
      var changed = table
      do throws(NATTable.ConfigurationError) {
        try changed.addFixedMapping(kind, inside: inside, outside: outside)
      } catch {
        throw ConsoleError(column: 1, message: error.description)
      }
      remember()
      table = changed
      return .mapped(kind, inside: inside, outside: outside)
    case .help: return .help
    case .quit: return .quit
    }
  }

  private mutating func begin(_ configuration: NATTable.Configuration, external: [IPAddress]) {
    table = NATTable(configuration, external: external, randomSeed: randomSeed)
    table.expire(at: now)
    last = nil
  }

  private mutating func remember() {
    if past.count == Self.depth { past.removeFirst() }
    past.append(Snapshot(table: table, preset: preset, now: now, last: last))
  }

  private mutating func through(_ packet: Packet, isOutbound: Bool) -> ConsoleResult {
    let verdict = isOutbound ? table.outbound(packet, at: now) : table.inbound(packet, at: now)
    if let translated = verdict.packet {
      let turned = table.externalAddresses.contains(packet.destination.address)
      last = (translated, isOutbound && !turned)
    }
    return .packet(packet, isOutbound: isOutbound, verdict)
  }

  /// What the NAT has to say by itself by now.
  private mutating func drain() -> [Packet] {
    var answers: [Packet] = []
    while let answer = table.nextAnswer() { answers.append(answer) }
    return answers
  }
}
