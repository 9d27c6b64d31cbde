internal import STUNCodec
internal import SansIO
internal import TransportAddress

/// CreatePermission and ChannelBind: whom an allocation may talk to (RFC 8656 §10.2 and §12.2).
extension TURNServer {
  mutating func createPermission(
    _ slot: Int, _ message: STUNMessageView, by requester: Requester, at now: Instant
  ) throws(Refusal) -> Verdict {
    let tuple = slots[slot].tuple
    var addresses: [IPAddress] = []
    do throws(STUNDecodingError) {
      try message.forEachXORPeerAddress { addresses.append($0.address) }
    } catch {
      throw Refusal(.badRequest)
    }
    guard !addresses.isEmpty else { throw Refusal(.badRequest) }
    // All or none: a request that is refused has installed nothing.
    for address in addresses { try check(address, for: slot) }
    let limit = configuration.limits.permissionsPerAllocation
    guard slots[slot].peers.hasRoom(for: addresses, limit: limit, at: now) else {
      throw Refusal(.insufficientCapacity)
    }
    let expires = now.advanced(by: TURNConstants.permissionLifetime)
    for address in addresses { slots[slot].peers.permit(address, until: expires) }
    return succeed(message, by: requester.protection, on: tuple)
  }

  mutating func bindChannel(
    _ slot: Int, _ message: STUNMessageView, by requester: Requester, at now: Instant
  ) throws(Refusal) -> Verdict {
    // A TCP allocation relays no datagrams.
    guard slots[slot].transport == .udp else { throw Refusal(.forbidden) }
    let tuple = slots[slot].tuple
    let asked: (number: ChannelNumber?, peer: TransportAddress?)
    do throws(STUNDecodingError) {
      asked = (try message.channelNumber, try message.xorPeerAddress)
    } catch {
      throw Refusal(.badRequest)
    }
    guard let number = asked.number, let peer = asked.peer,
      configuration.channelNumbers.contains(number.rawValue)
    else {
      throw Refusal(.badRequest)
    }
    try check(peer.address, for: slot)
    guard isReachable(peer) else { throw Refusal(.forbidden) }
    switch slots[slot].peers.binding(of: number, to: peer, at: now) {
    case .refresh: break
    case .new:
      let limits = configuration.limits
      guard
        slots[slot].peers.hasRoomForChannel(limit: limits.channelsPerAllocation, at: now),
        slots[slot].peers.hasRoom(
          for: [peer.address], limit: limits.permissionsPerAllocation, at: now)
      else { throw Refusal(.insufficientCapacity) }
    case .conflict: throw Refusal(.badRequest)
    }
    // The channel brings its peer's permission with it (RFC 8656 §12.2).
    slots[slot].peers.permit(
      peer.address, until: now.advanced(by: TURNConstants.permissionLifetime))
    slots[slot].peers.bind(
      number, to: peer, until: now.advanced(by: TURNConstants.channelLifetime))
    return succeed(message, by: requester.protection, on: tuple)
  }

  /// 443 for a peer of a family that the allocation has no address of, 403 for one that the policy
  /// refuses.
  func check(_ address: IPAddress, for slot: Int) throws(Refusal) {
    guard slots[slot][address.family] != nil else { throw Refusal(.peerAddressFamilyMismatch) }
    let policy = configuration.policy
    let isAllowed =
      // Behind the ports of the relayed address itself stand other clients.
      isRelayedAddress(address)
      ? !policy.denies(address) : !isOwn(address) && policy.allows(address)
    guard isAllowed else { throw Refusal(.forbidden) }
  }

  /// Whether this is the address of relayed transport addresses.
  private func isRelayedAddress(_ address: IPAddress) -> Bool {
    switch address {
    case .v4: address == ipv4?.address
    case .v6: address == ipv6?.address
    }
  }

  /// Whether a packet to this address, or to one that it carries, would come to the server's host.
  private func isOwn(_ address: IPAddress) -> Bool {
    if isRelayedAddress(address) || configuration.ownAddresses.contains(address) { return true }
    guard case .v6(let address) = address else { return false }
    return address.carriedIPv4.contains { isOwn(.v4($0)) }
  }

  /// Whether a peer is someone else: of the ports of the server's own host, only those that are
  /// relayed transport addresses of the same transport protocol count (T14).
  // In line: a call would copy the server first.
  @inline(__always)
  func isReachable(
    _ peer: TransportAddress, over transport: TransportProtocol = .udp
  ) -> Bool {
    guard peer.port != 0 else { return false }
    guard isRelayedAddress(peer.address) else { return true }
    if let ports = ledger.ports { return ports.contains(peer, over: transport) }
    guard let slot = relays[EndpointKey(peer)] else { return false }
    return slots[slot].transport == transport
  }
}
