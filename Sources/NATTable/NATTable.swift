public import ProtocolTime
public import TransportAddress

/// A NAT as RFC 4787 describes it: packets and the time go in, translated packets come out.
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

  var entries: ExpiringTable<MappingEntry>
  var filters: ExpiringTable<FilterEntry>
  var pool: AddressPool
  private var ports: [PortTable]
  private let timeout: Duration

  /// An empty table.
  ///
  /// - Parameters:
  ///   - configuration: how the NAT behaves; a preset such as ``Configuration/symmetric`` will do.
  ///   - external: the NAT's addresses on the outside; one that is named twice counts once. With
  ///     none of a packet's family, outbound packets are dropped.
  public init(_ configuration: Configuration = .init(), external: [IPAddress]) {
    self.configuration = configuration
    // The process's own seed, as in a Dictionary, so that nobody can send keys that collide. It
    // decides where entries stand, never what becomes of a packet.
    let seed = UInt64(truncatingIfNeeded: Hasher().finalize())
    entries = ExpiringTable(seed: seed)
    filters = ExpiringTable(seed: seed)
    pool = AddressPool(external)
    ports = Array(repeating: PortTable(), count: pool.addresses.count)
    timeout = max(.zero, configuration.mappingTimeout)
  }

  /// An empty table of a NAT with these outside addresses.
  public init(_ configuration: Configuration = .init(), external: IPAddress...) {
    self.init(configuration, external: external)
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
    let turnsRound = pool.place(of: packet.destination.address) != nil
    if turnsRound, configuration.hairpinning == .none { return .drop(.hairpinningOff) }

    let slot: Slot
    switch mapping(of: packet) {
    case .mapping(let found): slot = found
    case .refused(let reason): return .drop(reason)
    }
    // REQ-6: packets from the inside refresh the mapping.
    entries.refresh(slot, until: deadline)
    admit(packet.destination, to: slot)

    var translated = packet
    translated.source = outside(of: slot)
    return turnsRound ? turnRound(packet, as: translated) : .forward(translated)
  }

  /// Finds the host inside that a packet from the outside is for, if its filter lets it in.
  ///
  /// - Complexity: O(1) on average, besides removing what has expired.
  public mutating func inbound(_ packet: Packet, at now: Instant) -> Verdict {
    expire(at: now)
    if let reason = refusal(of: packet) { return .drop(reason) }
    if pool.place(of: packet.source.address) != nil { return .drop(.forgedSource) }
    return deliver(packet)
  }

  // MARK: - Time

  /// Moves the time on and removes what has expired: a mapping is gone at its deadline.
  ///
  /// - Returns: how many mappings were removed.
  /// - Complexity: O(what expires).
  @discardableResult
  public mutating func expire(at now: Instant) -> Int {
    if now > time { time = now }
    while let slot = filters.earliest, filters[slot].link.deadline <= time { removeFilter(slot) }
    let before = entries.count
    while let slot = entries.earliest, entries[slot].link.deadline <= time { removeMapping(slot) }
    return before - entries.count
  }

  /// When something expires next; nil if there is nothing.
  public var nextDeadline: Instant? {
    let mapping = entries.earliest.map { entries[$0].link.deadline }
    let filter = filters.earliest.map { filters[$0].link.deadline }
    guard let mapping, let filter else { return mapping ?? filter }
    return min(mapping, filter)
  }

  private var deadline: Instant { time.advanced(by: timeout) }

  // MARK: - Steps

  private func refusal(of packet: Packet) -> DropReason? {
    if packet.protocol != .udp { return .unsupportedProtocol }
    switch (packet.source.address, packet.destination.address) {
    case (.v4, .v4), (.v6, .v6): return nil
    case (.v4, .v6), (.v6, .v4): return .mixedFamilies
    }
  }

  private enum Outcome {
    case mapping(Slot)
    case refused(DropReason)
  }

  /// The mapping that an outbound packet uses: the one there is, or a new one.
  private mutating func mapping(of packet: Packet) -> Outcome {
    let key = MappingKey(of: packet, configuration.mapping)
    if let slot = entries.find(key) { return .mapping(slot) }

    if pool.place(of: key.inside.address) != nil { return .refused(.forgedSource) }
    guard let place = pool.place(for: key.inside.address) else {
      return .refused(.noExternalAddress)
    }
    guard let port = ports[place].choose(for: key.inside.port, configuration) else {
      return .refused(.portsExhausted)
    }
    let slot = entries.insert(
      MappingEntry(
        key: key, link: ExpiryLink(deadline: deadline), address: Int32(place), port: port))
    ports[place].take(port, for: slot)
    pool.retain(key.inside.address, at: place)
    return .mapping(slot)
  }

  /// Delivers a packet that is addressed to the NAT to the mapping that has its port.
  private mutating func deliver(_ packet: Packet) -> Verdict {
    guard let slot = slot(at: packet.destination, packet.protocol) else {
      return .drop(pool.place(of: packet.destination.address) == nil ? .notForThisNAT : .noMapping)
    }
    guard admits(packet.source, to: slot) else { return .drop(.filtered) }
    if configuration.inboundRefresh {
      entries.refresh(slot, until: deadline)
      admit(packet.source, to: slot)
    }
    var translated = packet
    translated.destination = entries[slot].key.inside
    return .forward(translated)
  }

  /// Hairpinning: the packet comes back as if it had been outside (§6).
  private mutating func turnRound(_ packet: Packet, as translated: Packet) -> Verdict {
    // The receiver's filter sees the external source in either case, as it would from outside.
    switch deliver(translated) {
    case .drop(let reason): return .drop(reason)
    case .forward(var delivered):
      // REQ-9a: the source is the external endpoint, the one that the receiver knows.
      if configuration.hairpinning == .internalSource { delivered.source = packet.source }
      return .forward(delivered)
    }
  }

  /// The mapping that has an outside endpoint.
  func slot(at outside: TransportAddress, _ protocol: TransportProtocol) -> Slot? {
    guard `protocol` == .udp, let place = pool.place(of: outside.address) else { return nil }
    return ports[place][outside.port]
  }

  /// The outside endpoint of a mapping.
  func outside(of slot: Slot) -> TransportAddress {
    let entry = entries[slot]
    return TransportAddress(pool.addresses[Int(entry.address)], port: entry.port)
  }

  private mutating func removeMapping(_ slot: Slot) {
    // An expired mapping has none left, as they end no later; one that is removed early may.
    while entries[slot].firstFilter != .none { removeFilter(entries[slot].firstFilter) }
    let entry = entries[slot]
    ports[Int(entry.address)].release(entry.port)
    pool.release(entry.key.inside.address)
    entries.remove(slot)
  }
}

// MARK: - Filters

extension NATTable {
  // snippet.admits
  /// Whether a remote may send to a mapping: whether its host has sent there (§5).
  private func admits(_ remote: TransportAddress, to mapping: Slot) -> Bool {
    switch configuration.filtering.scope(of: remote) {
    case .any: true
    case let scope: filters.find(FilterKey(mapping: mapping, scope: scope)) != nil
    }
  }
  // snippet.end

  /// Remembers that a mapping's host has sent to a remote.
  ///
  /// Each remote is forgotten a mapping's lifetime after the last packet to it, even if packets to
  /// others keep the mapping alive; a busy host would otherwise open up to ever more of them.
  private mutating func admit(_ remote: TransportAddress, to mapping: Slot) {
    let scope = configuration.filtering.scope(of: remote)
    if scope == .any { return }
    let key = FilterKey(mapping: mapping, scope: scope)
    if let slot = filters.find(key) { return filters.refresh(slot, until: deadline) }
    let next = entries[mapping].firstFilter
    let slot = filters.insert(
      FilterEntry(key: key, link: ExpiryLink(deadline: deadline), next: next))
    if next != .none { filters[next].previous = slot }
    entries[mapping].firstFilter = slot
  }

  private mutating func removeFilter(_ slot: Slot) {
    let entry = filters[slot]
    if entry.next != .none { filters[entry.next].previous = entry.previous }
    if entry.previous == .none {
      entries[entry.key.mapping].firstFilter = entry.next
    } else {
      filters[entry.previous].next = entry.next
    }
    filters.remove(slot)
  }
}
