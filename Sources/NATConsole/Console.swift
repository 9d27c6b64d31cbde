import IPPacket
public import NATTable
public import SansIO
public import TransportAddress

/// A NAT that obeys lines: one packet, one stretch of time or one question each.
///
/// It is a value without input or output; a command reads lines from a terminal or a script.
public struct Console: Sendable {
  private var state: State
  private var history = UndoHistory<State, ConsoleCommand>(depth: 1000)
  private let randomSeed: UInt64

  /// All that a command can change.
  fileprivate struct State: Sendable {
    var nat: ConsoleNAT
    var preset: String
    /// The addresses that presets begin with.
    var external: [IPAddress]
    var now: Instant = .zero
    /// The packet that went on last, as its receiver saw it, and whether that is outside.
    var last: (packet: Packet, isOutside: Bool)?
  }

  /// The NAT that obeys.
  public var nat: ConsoleNAT { state.nat }

  /// The name of the preset that the NAT began with.
  public var preset: String { state.preset }

  /// The console's own time, which only `wait` moves.
  public var now: Instant { state.now }

  /// The NAT's table, as far as it has one.
  public var table: NATTable { nat.table }

  /// A console with an empty table.
  ///
  /// - Parameter preset: one of ``ConsoleNAT/presets``; the default meets all
  ///   requirements.
  public init(
    preset: String = "restricted-cone", external: [IPAddress] = ["203.0.113.7"],
    randomSeed: UInt64 = 0
  ) throws(ConsoleError) {
    self.randomSeed = randomSeed
    state = State(
      nat: try Self.nat(named: preset, external, randomSeed), preset: preset, external: external)
  }

  fileprivate static func nat(
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

  /// Obeys a command.
  ///
  /// - Throws: ``ConsoleError`` if it cannot be obeyed; nothing has changed then. A packet that is
  ///   dropped is no error.
  /// - Complexity: amortized that of the NAT's own work; undoing replays some of it.
  public mutating func obey(_ command: ConsoleCommand) throws(ConsoleError) -> ConsoleResult {
    switch command {
    case .table: return .table(nat, now: now)
    case .preset(nil): return .preset(preset, nat)
    case .help: return .help
    case .quit: return .quit
    case .undo:
      let randomSeed = self.randomSeed
      let before = history.takeBack { state, command in
        // It was obeyed before, so it can be again.
        _ = try? state.obey(command, randomSeed: randomSeed)
      }
      guard let before else {
        throw ConsoleError(column: 1, message: "there is nothing to take back")
      }
      state = before
      return .undone(now: now)
    case .send, .receive, .reply, .wait, .preset, .external, .map:
      history.prepare(state, size: state.nat.count)
      let result = try state.obey(command, randomSeed: randomSeed)
      history.append(command)
      return result
    }
  }
}

extension Console.State {
  /// Does what a command that changes something says.
  ///
  /// - Throws: ``ConsoleError`` if it cannot; nothing has changed then.
  fileprivate mutating func obey(
    _ command: ConsoleCommand, randomSeed: UInt64
  ) throws(ConsoleError) -> ConsoleResult {
    switch command {
    case .send(let packet): return through(packet, isOutbound: true)
    case .receive(let packet): return through(packet, isOutbound: false)
    case .reply:
      guard let last else {
        throw ConsoleError(column: 1, message: "no packet has gone on yet that could be answered")
      }
      return through(last.packet.reply, isOutbound: !last.isOutside)
    case .wait(let duration):
      now = now.advanced(by: duration)
      let expired = nat.expire(at: now)
      return .waited(now: now, expired: expired, answers: drain())
    case .preset(let name?):
      begin(try Console.nat(named: name, external, randomSeed))
      preset = name
      return .preset(preset, nat)
    case .external(let addresses):
      begin(try Console.nat(named: preset, addresses, randomSeed))
      external = addresses
      return .external(nat.externalAddresses)
    case .map(let kind, let inside, let outside):
      do throws(NATTable.ConfigurationError) {
        try nat.addStaticMapping(kind, inside: inside, outside: outside)
      } catch {
        throw ConsoleError(column: 1, message: error.description)
      }
      return .mapped(kind, inside: inside, outside: outside)
    case .table, .undo, .preset(nil), .help, .quit: return .nothing
    }
  }

  private mutating func begin(_ changed: ConsoleNAT) {
    nat = changed
    _ = nat.expire(at: now)
    last = nil
  }

  private mutating func through(_ packet: Packet, isOutbound: Bool) -> ConsoleResult {
    // What a router around the NAT drops before its table sees it.
    if let martian = Martian(
      source: packet.source.address, destination: packet.destination.address,
      fromInside: isOutbound, inside: nat.insideNetwork)
    {
      return .packet(packet, isOutbound: isOutbound, .drop(martian.description))
    }
    let verdict = isOutbound ? nat.outbound(packet, at: now) : nat.inbound(packet, at: now)
    if case .forward(let translated) = verdict {
      last = (translated, isOutbound && !nat.isHairpin(packet, as: translated))
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
