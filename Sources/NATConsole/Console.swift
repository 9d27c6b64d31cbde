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
    /// What the last packet met with.
    var verdict: ConsoleVerdict?
    /// Fragments that wait for the first of their datagram, and whether they come from the inside.
    var held: [HoldToken: [(packet: Packet, isOutbound: Bool)]] = [:]
    /// What the NAT has sent by itself and no result has told yet.
    var answers: [Packet] = []
    var goal = Goal()
    /// Set if the last line has reached the goal.
    var reached: ReachedGoal?
  }

  /// The NAT that obeys.
  public var nat: ConsoleNAT { state.nat }

  /// The name of the preset that the NAT began with.
  public var preset: String { state.preset }

  /// The console's own time, which only `wait` moves.
  public var now: Instant { state.now }

  /// The NAT's table, as far as it has one.
  public var table: NATTable { nat.table }

  /// The table that is to be reached.
  public var goal: Goal { state.goal }

  /// Set if the last line has reached the goal.
  public var reached: ReachedGoal? { state.reached }

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
    state.reached = nil
    switch command {
    case .table: return .table(nat, now: now)
    case .goal(nil): return .goal(goal)
    case .expect(let expectation):
      try state.check(expectation)
      return .met
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
      state.reached = nil
      return .undone(now: now)
    case .send, .receive, .reply, .error, .wait, .preset, .external, .mapping, .filtering, .timer,
      .map, .goal, .par:
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
    case .error(let name, let reporter):
      let (error, isOutbound) = try error(name, from: reporter)
      return through(error, isOutbound: isOutbound)
    case .wait(let duration):
      now = now.advanced(by: duration)
      let expired = nat.expire(at: now)
      _ = releaseFragments()
      defer { answers = [] }
      look(afterPackets: 0)
      return .waited(now: now, expired: expired, answers: answers)
    case .preset(let name?):
      begin(try Console.nat(named: name, external, randomSeed))
      preset = name
      return .preset(preset, nat)
    case .external(let addresses):
      let new = try Console.nat(named: preset, addresses, randomSeed)
      let configuration = nat.configuration
      begin(new.changed(randomSeed: randomSeed) { $0 = configuration ?? $0 } ?? new)
      external = addresses
      return .external(nat.externalAddresses)
    case .mapping(let behavior):
      return try change(randomSeed) { $0.mapping = behavior }
    case .filtering(let behavior):
      return try change(randomSeed) { $0.filtering = behavior }
    case .timer(let name, let time):
      return try change(randomSeed) { name.set(time, in: &$0.timeouts) }
    case .goal(let row?):
      goal.add(row)
      return .goal(goal)
    case .par(let number):
      goal.par = number
      return .goal(goal)
    case .map(let kind, let inside, let outside):
      do throws(NATTable.ConfigurationError) {
        try nat.addStaticMapping(kind, inside: inside, outside: outside)
      } catch {
        throw ConsoleError(column: 1, message: error.description)
      }
      return .mapped(kind, inside: inside, outside: outside)
    case .table, .undo, .preset(nil), .goal(nil), .expect, .help, .quit: return .nothing
    }
  }

  private mutating func begin(_ changed: ConsoleNAT) {
    nat = changed
    _ = nat.expire(at: now)
    (last, verdict, held, answers) = (nil, nil, [:], [])
  }

  private mutating func change(
    _ randomSeed: UInt64, _ change: (inout NATTable.Configuration) -> Void
  ) throws(ConsoleError) -> ConsoleResult {
    guard let changed = nat.changed(randomSeed: randomSeed, change) else {
      throw ConsoleError(column: 1, message: "\(preset) has no table whose behavior could change")
    }
    begin(changed)
    return .preset(preset, nat)
  }

  /// - Throws: ``ConsoleError`` unless the last packet met with what is expected.
  fileprivate func check(_ expectation: Expectation) throws(ConsoleError) {
    guard let verdict else {
      throw ConsoleError(column: 1, message: "no packet has come yet that could be expected")
    }
    guard !verdict.meets(expectation) else { return }
    let code = if case .drop(let drop) = verdict { " (\(drop.code))" } else { "" }
    var error = ConsoleError(
      column: 8, message: "the packet met with another end: \(verdict)\(code)")
    error.isUnmet = true
    throw error
  }

  /// An ICMP error about the last packet, and whether it comes from the inside.
  private func error(
    _ name: ICMPErrorName, from reporter: IPAddress?
  ) throws(ConsoleError) -> (Packet, isOutbound: Bool) {
    guard let last else {
      throw ConsoleError(
        column: 1, message: "no packet has gone on yet that an error could be about")
    }
    let reporter = reporter ?? last.packet.destination.address
    guard TransportProtocol.icmp(for: reporter) == .icmp(for: last.packet.source.address) else {
      throw ConsoleError(column: 1, message: "an error is of the IP version of its packet")
    }
    let error = Packet.error(name.kind(for: reporter), from: reporter, about: last.packet)
    return (error, isOutbound: !last.isOutside)
  }

  /// A packet comes, and perhaps fragments that have waited for it go on.
  private mutating func through(_ packet: Packet, isOutbound: Bool) -> ConsoleResult {
    let verdict = pass(packet, isOutbound: isOutbound)
    self.verdict = verdict
    let released = releaseFragments()
    look(afterPackets: 1)
    return .packet(packet, isOutbound: isOutbound, verdict, released: released)
  }

  private mutating func pass(_ packet: Packet, isOutbound: Bool) -> ConsoleVerdict {
    // What a router around the NAT drops before its table sees it.
    if let martian = Martian(
      source: packet.source.address, destination: packet.destination.address,
      fromInside: isOutbound, inside: nat.insideNetwork)
    {
      return .drop(ConsoleDrop(code: martian.rawValue, reason: martian.description))
    }
    let verdict = isOutbound ? nat.outbound(packet, at: now) : nat.inbound(packet, at: now)
    switch verdict {
    case .forward(let translated):
      if packet.fragment == nil, !packet.isError {
        last = (translated, isOutbound && !nat.isHairpin(packet, as: translated))
      }
    case .hold(let token): held[token, default: []].append((packet, isOutbound))
    case .drop: break
    }
    return verdict
  }

  /// Does what the NAT wants done by itself.
  ///
  /// - Returns: what fragments meet with that have waited.
  private mutating func releaseFragments() -> [ConsoleVerdict] {
    var released: [ConsoleVerdict] = []
    while let action = nat.nextAction() {
      switch action {
      case .send(let packet): answers.append(packet)
      case .discard(let token): held[token] = nil
      case .offerAgain(let token):
        for waiting in held.removeValue(forKey: token) ?? [] {
          released.append(pass(waiting.packet, isOutbound: waiting.isOutbound))
        }
      }
    }
    return released
  }

  /// Looks whether the goal is reached.
  private mutating func look(afterPackets count: Int) {
    guard goal.isOpen else { return }
    let mappings = nat.mappings
    reached = goal.happened(packets: count) { _ in mappings }
  }
}

extension Packet {
  fileprivate var isError: Bool { if case .error = content { true } else { false } }
}
