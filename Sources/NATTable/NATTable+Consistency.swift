import TransportAddress

/// What must be true of a table between packets, for those who test it.
extension NATTable {
  /// What is wrong with the table's indexes and counts, as a sentence; nil if nothing is.
  ///
  /// - Complexity: O(mappings + sessions + hosts), and the ports of all addresses.
  package func inconsistency() -> String? {
    var used = UsedEnds()
    var live = 0
    for slot in entries.slots + fixed {
      if let wrong = inconsistency(of: slot, &used) { return wrong }
      if entries[slot].kind != .resting { live += 1 }
    }
    if live != count { return "\(live) mappings are there, and \(count) can be found" }
    if used.sessions != sessions.slots.count {
      return "mappings have \(used.sessions) sessions, of \(sessions.slots.count)"
    }
    if used.hosts.count != hosts.count {
      return "\(used.hosts.count) hosts have ports, and \(hosts.count) are known"
    }
    for (host, use) in used.hosts
    where hosts[host].mappings != use.mappings || hosts[host].ports != use.ports {
      return "\(hosts[host].address) has \(use), counted as \(hosts[host])"
    }
    let taken = ports.reduce(0) { $0 + $1.count }
    return taken == used.ports ? nil : "\(used.ports) ports are held, and \(taken) are taken"
  }

  /// What the mappings that were looked at hold.
  private struct UsedEnds {
    var outside: Set<OutsideEnds> = []
    var hosts: [Slot: (mappings: UInt32, ports: UInt32)] = [:]
    var sessions = 0
    var ports = 0
  }

  private struct OutsideEnds: Hashable {
    var `protocol`: TransportProtocol
    var outside: TransportAddress
    /// Where ports are shared: who it is for.
    var remote: TransportAddress?
  }

  private func inconsistency(of slot: Slot, _ used: inout UsedEnds) -> String? {
    reason(against: slot, &used).map {
      "\(entries[slot].protocol) \(entries[slot].inside) at \(outside(of: slot)) \($0)"
    }
  }

  private func reason(against slot: Slot, _ used: inout UsedEnds) -> String? {
    let entry = entries[slot]
    let shares = configuration.sharesPorts && entry.kind != .fixed
    let ends = OutsideEnds(
      protocol: entry.protocol, outside: outside(of: slot), remote: shares ? entry.remote : nil)
    if !used.outside.insert(ends).inserted { return "is one of two at its external endpoint" }
    if entry.kind != .fixed {
      if entry.deadline <= time { return "has expired and is still there" }
      guard let host = findHost(entry.inside.address) else { return "has no host" }
      used.hosts[host, default: (0, 0)].ports += 1
      if entry.kind == .dynamic { used.hosts[host]?.mappings += 1 }
    }
    if entry.kind == .dynamic, find(key(of: entry)) != slot { return "cannot be found" }
    if shares {
      if sharing(OutsideKey(of: entry)) != slot { return "cannot be found from outside" }
    } else {
      used.ports += 1
      let kind = PortTable.kind(of: entry.protocol) ?? 0
      if ports[3 * Int(entry.place) + kind][entry.port] != slot { return "does not have its port" }
    }
    return reasonInSessions(against: slot, &used)
  }

  private func key(of entry: MappingEntry) -> MappingKey {
    MappingKey(entry.protocol, inside: entry.inside, scope: scope(of: entry))
  }

  private func reasonInSessions(against slot: Slot, _ used: inout UsedEnds) -> String? {
    var previous = Slot.none
    var session = entries[slot].sessions
    while session != .none {
      used.sessions += 1
      if sessions[session].mapping != slot || sessions[session].previous != previous {
        return "has a session that does not know it"
      }
      if sessions[session].deadline <= time { return "has a session that has expired" }
      previous = session
      session = sessions[session].next
    }
    return nil
  }
}
