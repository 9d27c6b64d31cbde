public import ProtocolTime
public import TransportAddress

/// A NAT as RFC 4787, 5382 and 5508 describe it: packets and the time go in, translated packets
/// come out.
///
///       inside                    NAT                     outside
///     10.0.0.2:5000  ──outbound──▶   203.0.113.7:5000  ──▶  198.51.100.1:3478
///                    ◀──inbound───                     ◀──
///
/// The table does no input or output and reads no clock. It is a value: a copy is a snapshot.
/// Time never runs backwards in it: a packet that is stamped earlier than the one before is taken
/// to come at the same instant.
public struct NATTable: Sendable {
  public let configuration: Configuration

  /// The latest instant that the table was told of.
  public private(set) var time: Instant = .zero

  var entries = ExpiringTable<MappingEntry>()
  var sessions = ExpiringTable<SessionEntry>()
  var hosts = ExpiringTable<HostEntry>()
  var pool: AddressPool
  /// Three for each external address, see `portTable(_:_:)`.
  var ports: [PortTable]
  /// One for each external address, if hosts have blocks.
  var blocks: [BlockTable] = []
  /// Where ports are shared: mappings by outside endpoint and remote, and by inside endpoint.
  var outsides = SlotIndex()
  var sources = SlotIndex()
  var fixed: [Slot] = []
  var oneToOne = AddressPairs()
  var unsolicited = ExpiringTable<UnsolicitedSYN>()
  var answers: [Packet] = []
  var fragments: FragmentTable
  var random: PortGenerator
  let seed: UInt64
  /// What mappings are told apart by.
  let mappingMask: EndsMask
  private let lifetimes: Lifetimes
  private var possession = Possession()

  /// An empty table.
  ///
  /// - Parameters:
  ///   - configuration: how the NAT behaves; a preset such as ``Configuration/symmetric`` will do.
  ///   - external: the NAT's addresses on the outside; one that is named twice counts once. With
  ///     none of a packet's family, outbound packets are dropped.
  ///   - randomSeed: where random ports come from. The same seed gives the same ports, which suits
  ///     a lesson; a NAT among strangers draws it from the system's generator.
  public init(
    _ configuration: Configuration = .init(), external: [IPAddress], randomSeed: UInt64 = 0
  ) {
    self.configuration = configuration
    // The process's own seed, as in a Dictionary, so that nobody can send keys that collide. It
    // decides where entries stand, never what becomes of a packet.
    seed = UInt64(truncatingIfNeeded: Hasher().finalize())
    mappingMask = EndsMask(mapping: configuration.mapping)
    fragments = FragmentTable(seed: seed, limit: configuration.fragmentedDatagrams)
    pool = AddressPool(external)
    ports = Array(repeating: PortTable(), count: 3 * pool.addresses.count)
    if case .dynamic(let size, _) = configuration.portBlocks {
      let table = BlockTable(range: configuration.ports, size: size)
      blocks = Array(repeating: table, count: pool.addresses.count)
    }
    random = PortGenerator(state: randomSeed)
    lifetimes = Lifetimes(configuration)
  }

  /// An empty table of a NAT with these outside addresses.
  public init(_ configuration: Configuration = .init(), external: IPAddress...) {
    self.init(configuration, external: external)
  }

  /// An empty table whose random ports begin with what a generator draws.
  public init(
    _ configuration: Configuration, external: [IPAddress],
    using generator: inout some RandomNumberGenerator
  ) {
    self.init(configuration, external: external, randomSeed: generator.next())
  }

  /// The NAT's addresses on the outside, in the order in which hosts are given them.
  public var externalAddresses: [IPAddress] { pool.addresses }

  /// How many mappings there are.
  public var count: Int { entries.count }

  // MARK: - Packets

  /// Translates a packet from the inside, and remembers that it went out.
  ///
  /// A packet to one of the NAT's own addresses turns round and is forwarded to the inside (§6).
  /// - Complexity: O(1) on average, besides removing what has expired.
  public mutating func outbound(_ packet: Packet, at now: Instant) -> Verdict {
    expire(at: now)
    if let reason = refusal(of: packet) { return .drop(reason) }
    if packet.isLaterFragment { return laterFragment(packet, fromInside: true) }
    let verdict = sendOut(packet)
    if packet.fragment != nil { remember(verdict, of: packet, fromInside: true) }
    return verdict
  }

  /// Finds the host inside that a packet from the outside is for, if its filter lets it in.
  ///
  /// - Complexity: O(1) on average, besides removing what has expired.
  public mutating func inbound(_ packet: Packet, at now: Instant) -> Verdict {
    expire(at: now)
    if let reason = refusal(of: packet) { return .drop(reason) }
    if isOwn(packet.source.address) { return .drop(.forgedSource) }
    if packet.isLaterFragment { return laterFragment(packet, fromInside: false) }
    let verdict = deliver(packet)
    if packet.fragment != nil { remember(verdict, of: packet, fromInside: false) }
    return verdict
  }

  // MARK: - Time

  /// Moves the time on and removes what has expired: a mapping is gone at its deadline.
  ///
  /// - Returns: how many mappings were removed.
  /// - Complexity: O(what expires).
  @discardableResult
  public mutating func expire(at now: Instant) -> Int {
    if now > time { time = now }
    makeUnique()
    let before = entries.count
    while let slot = sessions.due(at: time) { removeSession(slot) }
    while let slot = entries.due(at: time) { endFirstSession(of: slot) }
    while let slot = unsolicited.due(at: time) { answerUnsolicited(slot) }
    fragments.expire(at: time)
    return before - entries.count
  }

  /// When something has to be removed or answered next; nil if there is nothing.
  ///
  /// Never too late; where more than some tens of mappings have been refreshed it may be too early,
  /// and then later ones follow. A first remote's leave can end earlier than that, as nothing need
  /// be done about it.
  /// - Complexity: O(1).
  public var nextDeadline: Instant? {
    [
      entries.earliestDeadline, sessions.earliestDeadline, unsolicited.earliestDeadline,
      fragments.earliestDeadline,
    ].lazy.compactMap(\.self).min()
  }

  @inline(__always)
  func deadline(_ lifetime: Lifetime) -> Instant {
    lifetimes.deadline(lifetime, from: time)
  }

  // MARK: - Copies

  /// Is in one hand as long as the tables are.
  private final class Possession: Sendable {}

  /// Gives this copy of the table memory of its own, see ``Slab``: whatever changes tables calls it
  /// first. They are only ever copied together, so that one object speaks for all.
  @inline(__always)
  mutating func makeUnique() {
    if !isKnownUniquelyReferenced(&possession) { copyTables() }
  }

  @inline(never)
  private mutating func copyTables() {
    possession = Possession()
    entries.makeUnique()
    sessions.makeUnique()
    hosts.makeUnique()
    unsolicited.makeUnique()
    fragments.makeUnique()
    outsides.makeUnique()
    sources.makeUnique()
    for place in ports.indices { ports[place].makeUnique() }
  }

  // MARK: - Steps

  private func refusal(of packet: Packet) -> DropReason? {
    switch (packet.source.address, packet.destination.address) {
    case (.v4, .v6), (.v6, .v4): return .mixedFamilies
    case (.v4, .v4), (.v6, .v6): break
    }
    switch packet.protocol {
    case .udp, .tcp: return nil
    case .icmp, .icmpv6:
      return packet.protocol == .icmp(for: packet.source.address) ? nil : .mixedFamilies
    // With an address of its own a host can use any protocol (RFC 3022 §2.1).
    default: return oneToOne.isEmpty ? .unsupportedProtocol : nil
    }
  }

  /// Whether an address is one of the NAT's on the outside.
  func isOwn(_ address: IPAddress) -> Bool {
    pool.place(of: address) != nil || oneToOne.inside(of: address) != nil
  }

  private mutating func sendOut(_ packet: Packet) -> Verdict {
    if case .error(let error) = packet.content { return sendOut(packet, error) }
    let turnsRound = isOwn(packet.destination.address)
    if turnsRound, configuration.hairpinning == .none { return .drop(.hairpinningOff) }

    var translated = packet
    if let outside = oneToOne.outside(of: packet.source.address) {
      translated.source.address = outside
      return turnsRound ? turnRound(packet, as: translated) : .forward(translated)
    }
    switch use(packet) {
    case .mapping(let slot): translated.source = outside(of: slot)
    case .refused(let reason): return .drop(reason)
    }
    if case .segment(let flags) = packet.content, flags.contains(.syn) {
      // RFC 5382 REQ-4: the SYN that came too early is forgotten, silently.
      forgetUnsolicited(from: packet.destination, to: translated.source)
    }
    return turnsRound ? turnRound(packet, as: translated) : .forward(translated)
  }

  /// Delivers a packet that is addressed to the NAT to the mapping that has its port.
  mutating func deliver(_ packet: Packet) -> Verdict {
    if case .error(let error) = packet.content { return deliver(packet, error) }
    var translated = packet
    if let inside = oneToOne.inside(of: packet.destination.address) {
      translated.destination.address = inside
      return .forward(translated)
    }
    guard pool.place(of: packet.destination.address) != nil else { return .drop(.notForThisNAT) }
    // A query from the outside has no identifier of ours that could say who should answer it.
    guard packet.content != .query,
      let slot = slot(at: packet.destination, packet.protocol, remote: packet.source)
    else { return unsolicited(packet, otherwise: .noMapping) }
    guard admits(packet, to: slot) else { return unsolicited(packet, otherwise: .filtered) }
    if let reason = track(packet, remote: packet.source, on: slot, fromInside: false) {
      return .drop(reason)
    }
    translated.destination = entries[slot].inside
    return .forward(translated)
  }

  /// Hairpinning: the packet comes back as if it had been outside (§6).
  private mutating func turnRound(_ packet: Packet, as translated: Packet) -> Verdict {
    // The receiver's filter sees the external source in either case, as it would from outside.
    switch deliver(translated) {
    case .forward(var delivered):
      // REQ-9a: the source is the external endpoint, the one that the receiver knows.
      if configuration.hairpinning == .internalSource { delivered.source = packet.source }
      return .forward(delivered)
    case let other: return other
    }
  }
}
