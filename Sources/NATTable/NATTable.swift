public import IPPacket
public import SansIO
public import TransportAddress

/// A NAT as RFC 4787, 5382 and 5508 describe it: packets and the time go in, translated packets
/// come out.
///
///       inside                    NAT                     outside
///     10.0.0.2:5000  ──outbound──▶   203.0.113.7:5000  ──▶  198.51.100.1:3478
///                    ◀──inbound───                     ◀──
///
/// The table does no input or output and reads no clock. It is a value: a copy is a snapshot, whose
/// memory it shares until the next packet through either of them, which copies it.
/// Time never runs backwards in it: a packet that is stamped earlier than the one before is taken
/// to come at the same instant.
public struct NATTable: @unchecked Sendable {
  /// What the table knows, see ``State``.
  var state: UnsafeMutablePointer<State>
  private var owner: Owner

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
    owner = Owner(State(configuration, external, randomSeed: randomSeed))
    state = owner.state
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

  /// The latest instant that the table was told of.
  public var time: Instant { state.pointee.time }

  /// The NAT's addresses on the outside, in the order in which hosts are given them.
  public var externalAddresses: [IPAddress] { pool.addresses }

  /// How many mappings there are.
  public var count: Int { entries.count }

  // MARK: - Packets

  /// Translates a packet from the inside, and remembers that it went out.
  ///
  /// A packet to one of the NAT's own addresses is hairpinned: it is forwarded to the inside
  /// (RFC 4787 §6).
  /// - Complexity: O(1) on average, besides removing what has expired.
  public mutating func outbound(_ packet: Packet, at now: Instant) -> Verdict {
    expire(at: now)
    var packet = packet
    return Verdict(outbound(&packet), packet)
  }

  /// Finds the host inside that a packet from the outside is for, if its filter lets it in.
  ///
  /// - Complexity: O(1) on average, besides removing what has expired.
  public mutating func inbound(_ packet: Packet, at now: Instant) -> Verdict {
    expire(at: now)
    var packet = packet
    return Verdict(inbound(&packet), packet)
  }

  /// Translates a packet from the inside in place; one that does not go on may be half translated.
  mutating func outbound(_ packet: inout Packet) -> Fate {
    defer { removeEnded() }
    if let reason = refusal(of: packet) { return .drop(reason) }
    if packet.fragment != nil { return fragment(&packet, fromInside: true) }
    return Fate(translateOutbound(&packet))
  }

  /// Translates a packet from the outside in place; one that does not go on may be half translated.
  mutating func inbound(_ packet: inout Packet) -> Fate {
    defer { removeEnded() }
    if let reason = refusal(of: packet) { return .drop(reason) }
    if isOwn(packet.source.address) { return .drop(.forgedSource) }
    if packet.fragment != nil { return fragment(&packet, fromInside: false) }
    return Fate(translateInbound(&packet))
  }

  // MARK: - Time

  /// Moves the time on and removes what has expired: a mapping is gone at its deadline.
  ///
  /// - Returns: how many mappings were removed.
  /// - Complexity: O(what expires).
  @discardableResult
  public mutating func expire(at now: Instant) -> Int {
    makeUnique()
    if now > time { state.pointee.time = now }
    let before = entries.count
    removeEnded()
    while let slot = unsolicited.due(at: time) { answerUnsolicited(slot) }
    while let slot = routerFlows.due(at: time) { removeRouterFlow(slot) }
    while let slot = fragments.entries.due(at: time) { abandonFragments(slot) }
    return before - entries.count
  }

  /// Removes the sessions and mappings whose time is over; it may be a packet that ends one at
  /// once.
  @inline(__always)
  private mutating func removeEnded() {
    while let slot = sessions.due(at: time) { removeSession(slot) }
    while let slot = entries.due(at: time) { endFirstSession(of: slot) }
  }

  /// When something has to be removed or answered next; nil if there is nothing.
  ///
  /// Never later than the next expiry. It can be earlier where more than about sixty mappings have
  /// been refreshed; the caller then gets the next deadline from here again.
  /// - Complexity: O(1).
  public var nextDeadline: Instant? {
    // Not the least of a list, which would need memory.
    var earliest = entries.earliestDeadline
    func consider(_ deadline: Instant?) {
      if let deadline { earliest = min(earliest ?? deadline, deadline) }
    }
    consider(sessions.earliestDeadline)
    consider(unsolicited.earliestDeadline)
    consider(fragments.earliestDeadline)
    consider(routerFlows.earliestDeadline)
    return earliest
  }

  @inline(__always)
  func deadline(_ lifetime: Lifetime) -> Instant {
    state.pointee.lifetimes.deadline(lifetime, from: time)
  }

  // MARK: - Copies

  /// Gives this copy of the table a state of its own: whatever changes the state calls it first.
  ///
  /// - Complexity: O(1), and O(n) for the first change after a copy.
  @inline(__always)
  mutating func makeUnique() {
    if !isKnownUniquelyReferenced(&owner) { copyState() }
  }

  @inline(never)
  private mutating func copyState() {
    var copy = state.pointee
    copy.makeUnique()
    owner = Owner(copy)
    state = owner.state
  }

  // MARK: - Steps

  @inline(__always)
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
  @inline(__always)
  func isOwn(_ address: IPAddress) -> Bool {
    pool.index(of: address) != nil || oneToOne.inside(of: address) != nil
  }

  /// - Returns: why the packet must be dropped, or nil: it has been translated.
  mutating func translateOutbound(_ packet: inout Packet) -> DropReason? {
    if packet.isError, case .error(let error) = packet.content {
      return translateOutbound(&packet, error)
    }
    if !configuration.exemptions.isEmpty, isExempt(packet.destination) { return nil }
    let isHairpin = isOwn(packet.destination.address)
    if isHairpin, configuration.hairpinning == .none { return .hairpinningOff }

    let inside = packet.source
    if let outside = oneToOne.outside(of: inside.address) {
      packet.source.address = outside
    } else {
      switch use(packet) {
      case .mapping(let slot): packet.source = outside(of: slot)
      case .refused(let reason): return reason
      }
      if unsolicited.count > 0, case .segment(let flags) = packet.content, flags.contains(.syn) {
        // RFC 5382 REQ-4: the SYN that came too early is forgotten, silently.
        forgetUnsolicited(from: packet.destination, to: packet.source)
      }
    }
    if !isHairpin { return nil }

    // Hairpinning: the packet comes back as if it had been outside (RFC 4787 §6). The receiver's
    // filter sees the external source in any case.
    let reason = translateInbound(&packet)
    // RFC 4787 REQ-9a: the source is the external endpoint, the one that the receiver knows.
    if configuration.hairpinning == .internalSource { packet.source = inside }
    return reason
  }

  /// Delivers a packet that is addressed to the NAT to the mapping that has its port.
  ///
  /// - Returns: why the packet must be dropped, or nil: it has been translated.
  mutating func translateInbound(_ packet: inout Packet) -> DropReason? {
    if packet.isError, case .error(let error) = packet.content {
      return translateInbound(&packet, error)
    }
    if let inside = oneToOne.inside(of: packet.destination.address) {
      packet.destination.address = inside
      return nil
    }
    guard let addressIndex = pool.index(of: packet.destination.address) else {
      return isExempt(packet.source) ? nil : .notForThisNAT
    }
    // A query from the outside has no identifier of ours that could say who should answer it.
    if packet.isQuery { return unsolicited(packet, otherwise: .noMapping) }
    let (port, remote) = (packet.destination.port, packet.source)
    if let first = findFirst(packet.protocol, from: PackedEndpoint(remote), to: addressIndex, port)
    {
      trackFirst(packet, on: first.slot, fromInside: false)
      packet.destination = first.entry.inside
      return nil
    }
    guard let slot = slot(at: addressIndex, port, packet.protocol, remote: remote)
    else { return unsolicited(packet, otherwise: .noMapping) }
    guard admits(packet, to: slot) else { return unsolicited(packet, otherwise: .filtered) }
    if let reason = track(packet, remote: packet.source, on: slot, fromInside: false) {
      return reason
    }
    packet.destination = entries[slot].inside
    return nil
  }
}
