public import SansIO
public import TransportAddress

/// The look-up by itself, which the packets' own ways go through, for those who measure it.
@_spi(Measurement)
extension NATTable {
  /// What a look-up finds: the port on the other side, and when the packet's session ends.
  public struct Found: Sendable {
    public var port: UInt16
    public var expires: Instant
  }

  /// The mapping and session that a packet from the inside has; nothing is changed.
  public func lookUpOutbound(
    _ protocol: TransportProtocol, from inside: TransportAddress, to remote: TransportAddress
  ) -> Found? {
    guard let ends = PackedEndsV4(`protocol`, inside, remote) else {
      return lookUpFurther(`protocol`, from: inside, to: remote)
    }
    guard let (_, entry) = findFirst(ends) else { return lookUpFurther(ends) }
    return Found(port: entry.port, expires: entry.deadline)
  }

  /// The mapping and session that a packet from the outside has; nothing is changed.
  public func lookUpInbound(
    _ protocol: TransportProtocol, from remote: TransportAddress, to outside: TransportAddress
  ) -> Found? {
    guard likely(!remote.address.isV6), likely(!outside.address.isV6),
      case .v4(let source) = remote.address, case .v4(let destination) = outside.address,
      let place = pool.place(of: destination),
      let (_, entry) = findFirst(
        `protocol`, from: PackedEndpoint(source, port: remote.port), to: place, outside.port)
    else { return lookUpInboundFurther(`protocol`, from: remote, to: outside) }
    return Found(port: entry.ends.insideEndpoint.port, expires: entry.deadline)
  }

  // MARK: - What is rare

  @inline(never)
  private func lookUpFurther(
    _ protocol: TransportProtocol, from inside: TransportAddress, to remote: TransportAddress
  ) -> Found? {
    lookUpFurther(
      PackedEnds(`protocol`, inside: PackedEndpoint(inside), remote: PackedEndpoint(remote)))
  }

  @inline(never)
  private func lookUpFurther(_ ends: PackedEndsV4) -> Found? { lookUpFurther(PackedEnds(ends)) }

  private func lookUpFurther(_ ends: PackedEnds) -> Found? {
    guard let slot = find(ends),
      let expires = expiry(of: ends.remoteEndpoint.endpoint, ends.protocol, slot)
    else { return nil }
    return Found(port: entries[slot].port, expires: expires)
  }

  @inline(never)
  private func lookUpInboundFurther(
    _ protocol: TransportProtocol, from remote: TransportAddress, to outside: TransportAddress
  ) -> Found? {
    guard let slot = slot(at: outside, `protocol`, remote: remote),
      let expires = expiry(of: remote, `protocol`, slot)
    else { return nil }
    return Found(port: entries[slot].ends.insideEndpoint.port, expires: expires)
  }

  private func expiry(
    of remote: TransportAddress, _ protocol: TransportProtocol, _ slot: Slot
  ) -> Instant? {
    if sessionMask(`protocol`).agree(entries[slot].ends, PackedEndpoint(remote)) {
      return entries[slot].deadline
    }
    return findSession(in: sessionScope(of: remote, `protocol`), of: slot)
      .map { sessions[$0].deadline }
  }
}
