public import IPPacket
public import NATTable
public import SansIO
public import TransportAddress

/// The NAT that a console has: one of three kinds.
public enum ConsoleNAT: Sendable {
  /// One that keeps the address family: NAT44, or NAT66 with ports.
  case table(NATTable)
  /// One between IPv6 hosts and the IPv4 Internet (RFC 6146).
  case nat64(NAT64)
  /// One that has no table: it exchanges IPv6 prefixes (RFC 6296).
  case prefix(PrefixTranslation)
}

/// What becomes of a packet, whatever the kind of NAT.
public enum ConsoleVerdict: Sendable {
  /// It goes on, translated like this.
  case forward(Packet)
  /// It ends here, for this reason.
  case drop(ConsoleDrop)
  /// It is a fragment that waits for the first of its datagram.
  case hold(HoldToken)
}

/// Why a packet ends at the NAT, for people and for programs.
public struct ConsoleDrop: Hashable, Sendable {
  /// The reason's name, which does not change: `filtered`.
  public var code: String
  /// The reason as a phrase with its section.
  public var reason: String
}

extension ConsoleNAT {
  /// The console's presets: those of ``NATTable/Configuration/presets``, and the two for IPv6.
  public static let presets = NATTable.Configuration.presets.map(\.name) + ["nat64", "nat66"]

  /// The network that the preset `nat66` has inside, and outside unless told otherwise.
  static let insidePrefix: IPv6Address = "fd00:1:2::"
  static let outsidePrefix: IPv6Address = "2001:db8:7::"

  /// A NAT without mappings; nil if no preset has this name.
  ///
  /// - Parameter external: its addresses outside; of the preset `nat66` the first one is the prefix.
  init?(preset: String, external: [IPAddress], randomSeed: UInt64) {
    switch preset {
    case "nat64":
      self = .nat64(
        NAT64(
          external: external.compactMap { if case .v4(let address) = $0 { address } else { nil } },
          randomSeed: randomSeed))
    case "nat66":
      var outside = Self.outsidePrefix
      if case .v6(let address)? = external.first { outside = address }
      guard
        let translation = PrefixTranslation(
          inside: Self.insidePrefix, outside: outside, length: 48)
      else { return nil }
      self = .prefix(translation)
    default:
      guard let known = NATTable.Configuration.presets.first(where: { $0.name == preset }) else {
        return nil
      }
      self = .table(NATTable(known.configuration, external: external, randomSeed: randomSeed))
    }
  }

  /// The table of mappings; empty where there is none.
  public var table: NATTable {
    switch self {
    case .table(let table): table
    case .nat64(let nat): nat.table
    case .prefix: NATTable(external: [])
    }
  }

  /// How the table behaves; nil where there is none.
  public var configuration: NATTable.Configuration? {
    if case .prefix = self { nil } else { table.configuration }
  }

  /// The addresses outside; of a prefix translation its prefix.
  public var externalAddresses: [IPAddress] {
    switch self {
    case .table(let table): table.externalAddresses
    case .nat64(let nat): nat.externalAddresses.map { .v4($0) }
    case .prefix(let translation): [.v6(translation.outside)]
    }
  }

  /// All mappings, sorted.
  public var mappings: [NATTable.Mapping] {
    switch self {
    case .table(let table): table.mappings
    case .nat64(let nat): nat.mappings
    case .prefix: []
    }
  }

  /// How many mappings there are.
  public var count: Int { if case .prefix = self { 0 } else { table.count } }

  /// The latest instant that the NAT was told of.
  public var time: Instant { table.time }

  /// The same NAT without mappings and with another configuration; nil where there is no table.
  func changed(
    randomSeed: UInt64, _ change: (inout NATTable.Configuration) -> Void
  ) -> ConsoleNAT? {
    guard var configuration else { return nil }
    change(&configuration)
    switch self {
    case .table(let table):
      return .table(
        NATTable(configuration, external: table.externalAddresses, randomSeed: randomSeed))
    case .nat64(let nat):
      return .nat64(
        NAT64(
          configuration, prefix: nat.prefix, external: nat.externalAddresses,
          randomSeed: randomSeed))
    case .prefix: return nil
    }
  }

  // MARK: - Packets and time

  /// What stands here while a table is changed. Two owners would make the change copy the table.
  // The two prefixes are constants of the same length, which is all that can be wrong with them.
  private static let vacant = Self.prefix(
    PrefixTranslation(inside: insidePrefix, outside: outsidePrefix, length: 48)!)

  /// Passes a packet from the inside through.
  mutating func outbound(_ packet: Packet, at now: Instant) -> ConsoleVerdict {
    switch self {
    case .table(var table):
      self = Self.vacant
      defer { self = .table(table) }
      return ConsoleVerdict(table.outbound(packet, at: now))
    case .nat64(var nat):
      self = Self.vacant
      defer { self = .nat64(nat) }
      return ConsoleVerdict(nat.outbound(packet, at: now))
    case .prefix(let translation):
      return ConsoleVerdict { () throws(PrefixTranslation.DropReason) in
        try translation.outbound(packet)
      }
    }
  }

  /// Passes a packet from the outside through.
  mutating func inbound(_ packet: Packet, at now: Instant) -> ConsoleVerdict {
    switch self {
    case .table(var table):
      self = Self.vacant
      defer { self = .table(table) }
      return ConsoleVerdict(table.inbound(packet, at: now))
    case .nat64(var nat):
      self = Self.vacant
      defer { self = .nat64(nat) }
      return ConsoleVerdict(nat.inbound(packet, at: now))
    case .prefix(let translation):
      return ConsoleVerdict { () throws(PrefixTranslation.DropReason) in
        try translation.inbound(packet)
      }
    }
  }

  /// The IPv4 network inside, of which no packet from outside may claim to be (RFC 2827 §3).
  ///
  /// Nil where the hosts inside have IPv6 alone, or where an address outside is in the usual network.
  public var insideNetwork: InsideNetwork? {
    guard case .table(let table) = self else { return nil }
    let isOutside = table.externalAddresses.contains {
      if case .v4(let address) = $0 { InsideNetwork.usual.contains(address) } else { false }
    }
    return isOutside ? nil : .usual
  }

  /// Whether a packet from the inside that went on comes to the inside again.
  func isHairpin(_ packet: Packet, as translated: Packet) -> Bool {
    switch self {
    case .table(let table): table.externalAddresses.contains(packet.destination.address)
    case .nat64: if case .v6 = translated.source.address { true } else { false }
    case .prefix: translated.destination.address != packet.destination.address
    }
  }
}

extension ConsoleNAT {
  /// Moves the time on; see ``NATTable/expire(at:)``.
  mutating func expire(at now: Instant) -> Int {
    switch self {
    case .table(var table):
      self = Self.vacant
      defer { self = .table(table) }
      return table.expire(at: now)
    case .nat64(var nat):
      self = Self.vacant
      defer { self = .nat64(nat) }
      return nat.expire(at: now)
    case .prefix: return 0
    }
  }

  /// What the NAT wants done besides; see ``NATTable/nextAction()``.
  mutating func nextAction() -> NATTable.Action? {
    switch self {
    case .table(var table):
      self = Self.vacant
      defer { self = .table(table) }
      return table.nextAction()
    case .nat64(var nat):
      self = Self.vacant
      defer { self = .nat64(nat) }
      return nat.nextAction()
    case .prefix: return nil
    }
  }

  /// Makes a mapping that never ends.
  mutating func addStaticMapping(
    _ protocol: TransportProtocol, inside: TransportAddress, outside: TransportAddress
  ) throws(NATTable.ConfigurationError) {
    switch self {
    case .table(var table):
      self = Self.vacant
      defer { self = .table(table) }
      return try table.addStaticMapping(`protocol`, inside: inside, outside: outside)
    case .nat64(var nat):
      self = Self.vacant
      defer { self = .nat64(nat) }
      return try nat.addStaticMapping(`protocol`, inside: inside, outside: outside)
    case .prefix: throw .notAnExternalAddress(outside.address)
    }
  }
}

extension ConsoleVerdict {
  init(_ verdict: NATTable.Verdict) {
    switch verdict {
    case .forward(let packet): self = .forward(packet)
    case .drop(let reason):
      self = .drop(ConsoleDrop(code: reason.rawValue, reason: reason.description))
    case .hold(let token): self = .hold(token)
    }
  }

  init(_ verdict: NAT64.Verdict) {
    switch verdict {
    case .forward(let packet): self = .forward(packet)
    case .drop(let reason):
      self = .drop(ConsoleDrop(code: reason.code, reason: reason.description))
    case .hold(let token): self = .hold(token)
    }
  }

  init(_ translate: () throws(PrefixTranslation.DropReason) -> Packet) {
    do throws(PrefixTranslation.DropReason) {
      self = .forward(try translate())
    } catch {
      self = .drop(ConsoleDrop(code: error.rawValue, reason: error.description))
    }
  }

  /// Whether a packet met with what was expected.
  func meets(_ expectation: Expectation) -> Bool {
    switch (self, expectation) {
    case (.forward, .forward), (.hold, .hold), (.drop, .drop(nil)): true
    case (.drop(let drop), .drop(let code?)): drop.code == code
    default: false
    }
  }
}

extension ConsoleNAT: CustomStringConvertible {
  /// The table in lines, as ``NATTable/description`` has it; of a prefix translation its rule.
  public var description: String {
    switch self {
    case .table(let table): table.description
    case .nat64(let nat): nat.description
    case .prefix(let translation):
      "(no table: \(translation.inside)/\(translation.length) is always "
        + "\(translation.outside)/\(translation.length))"
    }
  }
}

extension ConsoleVerdict: CustomStringConvertible {
  /// `forward UDP …` or `drop: …`.
  public var description: String {
    switch self {
    case .forward(let packet): "forward \(packet)"
    case .drop(let drop): "drop: \(drop.reason)"
    case .hold: "hold: the datagram's first fragment has not come yet (RFC 4787 §11)"
    }
  }
}
