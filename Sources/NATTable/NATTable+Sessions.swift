import IPPacket
import SansIO
import TransportAddress

/// The remotes of a mapping: who may send to it (RFC 4787 §5), and how far each connection is.
extension NATTable {
  @inline(__always)
  // snippet.admits
  /// Whether a packet's sender may send to a mapping: whether its host has sent there (RFC 4787
  /// §5).
  func admits(_ packet: Packet, to mapping: Slot) -> Bool {
    if entries[mapping].kind == .static { return true }
    switch configuration.filtering.scope(of: packet.source) {
    case .any: return true
    case let scope: return hasSession(in: scope, packet.protocol, mapping)
    }
  }
  // snippet.end

  private func hasSession(
    in scope: RemoteScope, _ protocol: TransportProtocol, _ mapping: Slot
  ) -> Bool {
    configuration.filtering.scope(of: entries[mapping].remote) == scope
      || findSession(in: scope, of: mapping) != nil
  }

  /// The further session of a mapping with the remotes in a scope.
  func findSession(in scope: RemoteScope, of mapping: Slot) -> Slot? {
    if entries[mapping].sessions == .none { return nil }
    return find(SessionKey(mapping: mapping, scope: scope))
  }

  /// What of a remote tells sessions apart, as a mask for a mapping's first one.
  @inline(__always)
  func sessionMask(_ protocol: TransportProtocol) -> RemoteMask {
    `protocol` == .tcp ? .endpoint : filterMask
  }

  /// What of a remote tells sessions apart: TCP has connections, the others only leave to send.
  func sessionScope(
    of remote: TransportAddress, _ protocol: TransportProtocol
  ) -> RemoteScope {
    `protocol` == .tcp ? .endpoint(remote) : configuration.filtering.scope(of: remote)
  }

  private func scope(of session: SessionEntry) -> RemoteScope {
    if session.isCount { return .address(session.remote.address) }
    return sessionScope(of: session.remote, entries[session.mapping].protocol)
  }

  private func find(_ key: SessionKey) -> Slot? {
    sessions.find(key.hash(seed: seed)) {
      $0.mapping == key.mapping && scope(of: $0) == key.scope
    }
  }

  private func hash(of session: SessionEntry) -> UInt32 {
    SessionKey(mapping: session.mapping, scope: scope(of: session)).hash(seed: seed)
  }

  /// Notes that a packet goes through a mapping: its session is refreshed, moves on, or begins.
  ///
  /// Each remote is forgotten a lifetime after the last packet to it, even if packets to others
  /// keep the mapping alive; a busy host would otherwise open up to ever more of them.
  ///
  /// - Returns: why the packet must be dropped after all, or nil.
  mutating func track(
    _ packet: Packet, remote: TransportAddress, on slot: Slot, fromInside: Bool
  ) -> DropReason? {
    if entries[slot].kind == .static { return nil }
    if sessionMask(packet.protocol).agree(entries[slot].flow, PackedEndpoint(remote)) {
      trackFirst(packet, on: slot, fromInside: fromInside)
      return nil
    }
    let key = SessionKey(mapping: slot, scope: sessionScope(of: remote, packet.protocol))
    if entries[slot].sessions != .none, let session = find(key) {
      let (state, lifetime) = sessions[session].state.after(
        packet, fromInside: fromInside, inboundRefresh: configuration.inboundRefresh)
      sessions[session].state = state
      if let lifetime { sessions.move(session, to: deadline(lifetime)) }
      return nil
    }
    guard
      let (state, lifetime) = SessionState.beginning(
        with: packet, fromInside: fromInside, configuration)
    else { return .noConnection }
    // A filter can admit a remote outside the mapping's scope. The host's reply will use another
    // mapping, so no session of this one begins.
    guard configuration.mapping.scope(of: remote) == self.scope(of: entries[slot]) else {
      return nil
    }
    addSession(
      SessionEntry(
        deadline: deadline(lifetime), mapping: slot, next: entries[slot].sessions, remote: remote,
        state: state),
      key)
    return nil
  }

  /// Notes that a packet of its first session goes through a mapping.
  @inline(__always)
  mutating func trackFirst(_ packet: Packet, on slot: Slot, fromInside: Bool) {
    let (state, lifetime) = entries[slot].state.after(
      packet, fromInside: fromInside, inboundRefresh: configuration.inboundRefresh)
    entries[slot].state = state
    if let lifetime { entries.move(slot, to: deadline(lifetime)) }
  }

  private mutating func addSession(_ session: SessionEntry, _ key: SessionKey) {
    let slot = sessions.insert(session, key.hash(seed: seed))
    if session.next != .none { sessions[session.next].previous = slot }
    entries[session.mapping].sessions = slot
    if countsAddresses(of: session) { count(session, by: 1) }
  }

  mutating func removeSession(_ slot: Slot) {
    let session = sessions[slot]
    if session.next != .none { sessions[session.next].previous = session.previous }
    if session.previous == .none {
      entries[session.mapping].sessions = session.next
    } else {
      sessions[session.previous].next = session.next
    }
    if countsAddresses(of: session) { count(session, by: -1) }
    sessions.remove(slot, hash(of: session))
  }

  /// The mapping's first session has ended: another takes its place, or the mapping ends.
  mutating func endFirstSession(of slot: Slot) {
    if entries[slot].kind == .quarantined { return endRest(of: slot) }
    let next = entries[slot].sessions
    if next == .none { return removeMapping(slot) }
    let session = sessions[next]
    removeSession(next)
    entries[slot].remote = session.remote
    entries[slot].state = session.state
    entries.move(slot, to: session.deadline)
  }

  // MARK: - TCP behind an address-dependent filter

  /// TCP's sessions are by endpoint, so that the addresses a filter goes by are counted apart.
  private func countsAddresses(of session: SessionEntry) -> Bool {
    configuration.filtering == .addressDependent && entries[session.mapping].protocol == .tcp
  }

  private mutating func count(_ session: SessionEntry, by change: Int32) {
    let key = SessionKey(mapping: session.mapping, scope: .address(session.remote.address))
    guard let slot = find(key) else {
      var count = session
      count.isCount = true
      count.count = 1
      _ = sessions.insert(count, key.hash(seed: seed), expires: false)
      return
    }
    sessions[slot].count = UInt32(Int32(sessions[slot].count) + change)
    if sessions[slot].count == 0 { sessions.remove(slot, key.hash(seed: seed)) }
  }

  // MARK: - The end of a mapping

  mutating func removeMapping(_ slot: Slot) {
    if endedMappings != nil {
      let ended = mapping(in: slot)
      endedMappings?.append(ended)
    }
    while entries[slot].sessions != .none { removeSession(entries[slot].sessions) }
    guard let host = hostSlot(of: slot) else { return }
    hosts[host].mappings -= 1
    if configuration.sharesPorts {
      unshare(slot)
    } else if configuration.portReuseDelay > .zero {
      entries.hide(slot, hash(of: entries[slot]))
      entries[slot].kind = .quarantined
      // From the mapping's own end, however long ago that was noticed.
      entries.move(
        slot, to: entries[slot].deadline.advanced(by: configuration.portReuseDelay))
      return
    } else {
      releasePort(of: entries[slot], host)
    }
    entries.remove(slot, hash(of: entries[slot]))
    hosts[host].ports -= 1
    leave(host)
  }

  private mutating func endRest(of slot: Slot) {
    guard let host = hostSlot(of: slot) else { return }
    releasePort(of: entries[slot], host)
    entries.release(slot)
    hosts[host].ports -= 1
    leave(host)
  }

  /// The host that a mapping counts for: there is one as long as it has ports.
  private func hostSlot(of mapping: Slot) -> Slot? {
    let host = findHost(entries[mapping].inside.address)
    assert(host != nil, "a mapping without its host")
    return host
  }

  private mutating func releasePort(of entry: MappingEntry, _ host: Slot) {
    let kind = PortTable.kind(of: entry.protocol) ?? 0
    ports[3 * Int(entry.addressIndex) + kind].release(entry.port)
    releaseBlock(of: entry.port, entry.addressIndex, host)
  }
}
