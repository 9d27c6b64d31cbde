import TransportAddress

/// What must be true of a table between packets, for those who test it.
extension NATTable {
  /// What is wrong with the table's indexes and counts, as a sentence; nil if nothing is.
  ///
  /// - Complexity: O(mappings + sessions + hosts), and the ports of all addresses.
  package func inconsistency() -> String? {
    var used = Usage()
    var live = 0
    used.hosts.reserveCapacity(hosts.count)
    for slots in [entries.slots, staticSlots] {
      for slot in slots {
        if let wrong = inconsistency(of: slot, &used) { return wrong }
        if entries[slot].kind != .quarantined { live += 1 }
      }
    }
    if live != count { return "\(live) mappings are there, and \(count) can be found" }
    if used.sessions != sessions.slots.count {
      return "mappings have \(used.sessions) sessions, of \(sessions.slots.count)"
    }
    var active = 0
    for (number, use) in used.hosts.enumerated() where use.ports > 0 {
      active += 1
      let host = hosts[Slot(number)]
      if host.mappings != use.mappings || host.ports != use.ports {
        return "\(host.address) has \(use), counted as \(host)"
      }
    }
    if active != hosts.count {
      return "\(active) hosts have ports, and \(hosts.count) are known"
    }
    let taken = ports.reduce(0) { $0 + $1.count }
    return taken == used.ports ? nil : "\(used.ports) ports are held, and \(taken) are taken"
  }

  /// What the mappings that were looked at hold.
  private struct Usage {
    /// By the host's slot.
    var hosts: [(mappings: UInt32, ports: UInt32)] = []
    var sessions = 0
    var ports = 0

    mutating func count(_ kind: MappingEntry.Kind, of host: Slot) {
      while hosts.count <= host { hosts.append((0, 0)) }
      hosts[Int(host)].ports += 1
      if kind == .dynamic { hosts[Int(host)].mappings += 1 }
    }
  }

  private func inconsistency(of slot: Slot, _ used: inout Usage) -> String? {
    reason(against: slot, &used).map {
      "\(entries[slot].protocol) \(entries[slot].inside) at \(outside(of: slot)) \($0)"
    }
  }

  private func reason(against slot: Slot, _ used: inout Usage) -> String? {
    let entry = entries[slot]
    if entry.kind != .static {
      if entry.deadline <= time { return "has expired and is still there" }
      guard let host = findHost(entry.inside.address) else { return "has no host" }
      used.count(entry.kind, of: host)
    }
    if entry.kind == .dynamic, find(key(of: entry)) != slot { return "cannot be found" }
    // What is found from outside is one mapping: this one, or it is one of two at its external
    // endpoint.
    if configuration.sharesPorts && entry.kind != .static {
      if sharing(OutsideKey(of: entry)) != slot { return "cannot be found from outside" }
    } else {
      used.ports += 1
      let kind = PortTable.kind(of: entry.protocol) ?? 0
      if ports[3 * Int(entry.addressIndex) + kind][entry.port] != slot {
        return "does not have its port"
      }
    }
    return reasonInSessions(against: slot, &used)
  }

  private func key(of entry: MappingEntry) -> MappingKey {
    MappingKey(entry.protocol, inside: entry.inside, scope: scope(of: entry))
  }

  private func reasonInSessions(against slot: Slot, _ used: inout Usage) -> String? {
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
