import IPPacket
import SansIO
import TransportAddress

extension NATTable {
  /// Makes a mapping for the first packet with a key, or says why there can be none.
  mutating func create(for packet: Packet) -> Outcome {
    let host = packet.source.address
    if isOwn(host) { return .refused(.forgedSource) }
    guard let kind = PortTable.kind(of: packet.protocol) else {
      return .refused(.unsupportedProtocol)
    }
    guard
      let (state, lifetime) = SessionState.beginning(
        with: packet, fromInside: true, configuration)
    else { return .refused(.noConnection) }
    guard let hostSlot = enter(host) else { return .refused(.noExternalAddress) }
    if let limit = configuration.mappingsPerHost, Int(hosts[hostSlot].mappings) >= limit {
      return refuse(.hostLimit, hostSlot)
    }
    let addressIndex =
      configuration.pairsHosts ? hosts[hostSlot].addressIndex : pool.turn(for: host) ?? 0
    guard let port = choosePort(for: packet, kind, addressIndex, hostSlot) else {
      return refuse(.portsExhausted, hostSlot)
    }
    if !configuration.pairsHosts { pool.pass(for: host) }

    let entry = MappingEntry(
      packet.protocol, inside: packet.source, remote: packet.destination,
      addressIndex: addressIndex,
      port: port, state, until: deadline(lifetime))
    let slot = entries.insert(entry, hash(of: entry))
    hosts[hostSlot].mappings += 1
    hosts[hostSlot].ports += 1
    if configuration.sharesPorts {
      share(slot)
    } else {
      ports[3 * Int(addressIndex) + kind].take(port, for: slot)
      retainBlock(of: port, addressIndex)
    }
    return .mapping(slot)
  }

  private mutating func refuse(_ reason: DropReason, _ host: Slot) -> Outcome {
    leave(host)
    return .refused(reason)
  }

  // MARK: - Hosts

  /// The host's entry, made if need be; nil if the NAT has no address for it.
  private mutating func enter(_ host: IPAddress) -> Slot? {
    if let slot = findHost(host) { return slot }
    guard let addressIndex = addressIndex(for: host) else { return nil }
    if configuration.pairsHosts { pool.pass(for: host) }
    return hosts.insert(
      HostEntry(address: host, addressIndex: addressIndex), HostKey(address: host).hash(seed: seed),
      expires: false)
  }

  func findHost(_ address: IPAddress) -> Slot? {
    hosts.find(HostKey(address: address).hash(seed: seed)) { $0.address == address }
  }

  /// Forgets a host that has neither mappings nor resting ports.
  mutating func leave(_ host: Slot) {
    if hosts[host].ports > 0 { return }
    hosts.remove(host, HostKey(address: hosts[host].address).hash(seed: seed))
  }

  private func addressIndex(for host: IPAddress) -> UInt16? {
    guard case .deterministic(let rule) = configuration.portBlocks else {
      return pool.turn(for: host)
    }
    guard case .v4(let address) = host, let outside = rule.ports(of: address)?.address else {
      return nil
    }
    return pool.index(of: .v4(outside)).map { UInt16($0) }
  }

  // MARK: - Ports

  private mutating func choosePort(
    for packet: Packet, _ kind: Int, _ addressIndex: UInt16, _ host: Slot
  ) -> UInt16? {
    if configuration.sharesPorts { return shareablePort(for: packet, kind, addressIndex) }
    let table = 3 * Int(addressIndex) + kind
    let start = start(for: packet, in: table, addressIndex)
    let inside = packet.source.port
    switch configuration.portBlocks {
    case .none:
      let range = configuration.range(for: inside, kind)
      return ports[table].choose(for: inside, from: start, in: range, configuration)
    case .deterministic(let rule):
      guard case .v4(let address) = packet.source.address,
        let range = rule.ports(of: address)?.ports
      else { return nil }
      return ports[table].choose(for: inside, from: start, in: range, configuration)
    case .dynamic(_, let perHost):
      var block = Int(hosts[host].firstBlock) - 1
      while block >= 0 {
        let range = blocks[Int(addressIndex)].ports(of: block)
        if let port = ports[table].choose(for: inside, from: start, in: range, configuration) {
          return port
        }
        block = blocks[Int(addressIndex)].block(after: block) ?? -1
      }
      guard Int(hosts[host].blocks) < perHost,
        let new = blocks[Int(addressIndex)].take(for: host, before: hosts[host].firstBlock)
      else { return nil }
      hosts[host].firstBlock = UInt16(new + 1)
      hosts[host].blocks += 1
      let range = blocks[Int(addressIndex)].ports(of: new)
      return ports[table].choose(for: inside, from: start, in: range, configuration)
    }
  }

  /// Where the search for a port begins (RFC 4787 §4.2.1); a random number still has to be brought
  /// into the range.
  private mutating func start(for packet: Packet, in table: Int, _ addressIndex: UInt16) -> UInt64 {
    if configuration.portAssignment == .random { return random.next() }
    return UInt64(startPort(for: packet, in: table, addressIndex))
  }

  private func startPort(for packet: Packet, in table: Int, _ addressIndex: UInt16) -> UInt16 {
    switch configuration.portAssignment {
    case .preserving, .random: return packet.source.port
    case .sequential: return ports[table].latest &+ 1
    case .contiguous:
      // RTP has an even port and its RTCP the next one: if the other of the two has a mapping
      // already, the port beside that one's is the port to have (RFC 4787 §4.2.3).
      var partner = MappingKey(of: packet, configuration.mapping)
      partner.inside.port ^= 1
      if let slot = find(partner), entries[slot].addressIndex == addressIndex {
        return entries[slot].port ^ 1
      }
      return ports[table].firstFreePair(from: packet.source.port, in: configuration.ports)
        ?? packet.source.port
    }
  }

  private mutating func retainBlock(of port: UInt16, _ addressIndex: UInt16) {
    guard !blocks.isEmpty, let block = blocks[Int(addressIndex)].number(of: port) else { return }
    blocks[Int(addressIndex)].retain(block)
  }

  mutating func releaseBlock(of port: UInt16, _ addressIndex: UInt16, _ host: Slot) {
    guard !blocks.isEmpty, let block = blocks[Int(addressIndex)].number(of: port),
      blocks[Int(addressIndex)].release(block)
    else { return }
    hosts[host].firstBlock = blocks[Int(addressIndex)].unlink(block, from: hosts[host].firstBlock)
    hosts[host].blocks -= 1
  }
}

extension NATTable.Configuration {
  /// Whether all mappings of a host have one address. Its port blocks are of one in any case.
  fileprivate var pairsHosts: Bool { pooling == .paired || portBlocks != .none }

  /// The ports for an inside port: well-known ones stay among themselves (RFC 4787 REQ-3a), as far
  /// as the configured range has any; ICMP identifiers are all alike.
  func range(for inside: UInt16, _ kind: Int) -> ClosedRange<UInt16> {
    // Port 0 is none: UDP uses it for "no reply wanted" (RFC 768). Identifier 0 is one like others.
    if kind == PortTable.icmp { return ports.lowerBound <= 1 ? 0...ports.upperBound : ports }
    let ports = max(1, ports.lowerBound)...max(1, ports.upperBound)
    let like: ClosedRange<UInt16> = inside < 1024 ? 1...1023 : 1024...65535
    return like.overlaps(ports) ? like.clamped(to: ports) : ports
  }
}
