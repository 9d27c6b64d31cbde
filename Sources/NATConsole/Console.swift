import IPPacket
public import NATTable
public import SansIO
public import TransportAddress

/// A NAT that obeys lines: one packet, one stretch of time or one question each.
///
/// It is a value without input or output; whoever has a terminal or a script feeds it.
public struct Console: Sendable {
  public private(set) var nat: ConsoleNAT
  public private(set) var preset: String
  public private(set) var now: Instant = .zero

  /// The packet that went on last, as its receiver saw it, and whether that is outside.
  private var last: (packet: Packet, isOutside: Bool)?
  private var past: [Snapshot] = []
  private let randomSeed: UInt64
  /// The addresses that presets begin with.
  private var external: [IPAddress]

  /// The NAT's table, as far as it has one.
  public var table: NATTable { nat.table }

  private struct Snapshot {
    var nat: ConsoleNAT
    var preset: String
    var now: Instant
    var last: (packet: Packet, isOutside: Bool)?
    var external: [IPAddress]
  }

  /// As many changes as can be taken back.
  private static let depth = 1000

  /// A console with an empty table.
  ///
  /// - Parameter preset: one of ``ConsoleNAT/presets``; the default meets all
  ///   requirements.
  public init(
    preset: String = "restricted-cone", external: [IPAddress] = ["203.0.113.7"],
    randomSeed: UInt64 = 0
  ) throws(ConsoleError) {
    self.preset = preset
    self.randomSeed = randomSeed
    self.external = external
    nat = try Self.nat(named: preset, external, randomSeed)
  }

  private static func nat(
    named name: String, _ external: [IPAddress], _ randomSeed: UInt64
  ) throws(ConsoleError) -> ConsoleNAT {
    guard let nat = ConsoleNAT(preset: name, external: external, randomSeed: randomSeed) else {
      let names = ConsoleNAT.presets.joined(separator: ", ")
      throw ConsoleError(column: 1, message: "no preset is called '\(name)'; there are \(names)")
    }
    return nat
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
      let expired = nat.expire(at: now)
      return .waited(now: now, expired: expired, answers: drain())
    case .table: return .table(nat, now: now)
    case .undo:
      guard let snapshot = past.popLast() else {
        throw ConsoleError(column: 1, message: "there is nothing to take back")
      }
      (nat, preset, now, last, external) = (
        snapshot.nat, snapshot.preset, snapshot.now, snapshot.last, snapshot.external
      )
      return .undone(now: now)
    case .preset(nil): return .preset(preset, nat)
    case .preset(let name?):
      let changed = try Self.nat(named: name, external, randomSeed)
      remember()
      preset = name
      begin(changed)
      return .preset(preset, nat)
    case .external(let addresses):
      let changed = try Self.nat(named: preset, addresses, randomSeed)
      remember()
      external = addresses
      begin(changed)
      return .external(nat.externalAddresses)
    case .map(let kind, let inside, let outside):
      var changed = nat
      do throws(NATTable.ConfigurationError) {
        try changed.addStaticMapping(kind, inside: inside, outside: outside)
      } catch {
        throw ConsoleError(column: 1, message: error.description)
      }
      remember()
      nat = changed
      return .mapped(kind, inside: inside, outside: outside)
    case .help: return .help
    case .quit: return .quit
    }
  }

  private mutating func begin(_ changed: ConsoleNAT) {
    nat = changed
    _ = nat.expire(at: now)
    last = nil
  }

  private mutating func remember() {
    if past.count == Self.depth { past.removeFirst() }
    past.append(Snapshot(nat: nat, preset: preset, now: now, last: last, external: external))
  }

  private mutating func through(_ packet: Packet, isOutbound: Bool) -> ConsoleResult {
    let verdict = isOutbound ? nat.outbound(packet, at: now) : nat.inbound(packet, at: now)
    if case .forward(let translated) = verdict {
      last = (translated, isOutbound && !nat.turnsRound(packet, as: translated))
    }
    return .packet(packet, isOutbound: isOutbound, verdict)
  }

  /// What the NAT has to say by itself by now.
  private mutating func drain() -> [Packet] {
    var answers: [Packet] = []
    while let answer = nat.nextAnswer() { answers.append(answer) }
    return answers
  }
}
