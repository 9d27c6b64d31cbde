public import SansIO
public import TransportAddress

/// The look-up by itself, for the benchmark: its goal is two probes of a hash map.
///
/// It is no part of a packet's way, but calls what packets call, `findFirst` and then `find` or
/// `slot`. It stands here because those are inlined, which only works within the module; a test
/// compares what it finds with what becomes of packets.
@_spi(Measurement)
extension NATTable {
  /// What a look-up finds: the port on the other side, and when the packet's session ends.
  public struct Found: Sendable {
    /// The port on the other side.
    public var port: UInt16
    /// When the packet's session ends.
    public var expires: Instant
  }

  /// The mapping and session that a packet from the inside has; nothing is changed.
  public func lookUpOutbound(
    _ protocol: TransportProtocol, from inside: TransportAddress, to remote: TransportAddress
  ) -> Found? {
    guard let flow = FlowKeyV4(`protocol`, inside, remote) else {
      return lookUpFurther(`protocol`, from: inside, to: remote)
    }
    guard let (_, entry) = findFirst(flow) else { return lookUpFurther(flow) }
    return Found(port: entry.port, expires: entry.deadline)
  }

  /// The mapping and session that a packet from the outside has; nothing is changed.
  public func lookUpInbound(
    _ protocol: TransportProtocol, from remote: TransportAddress, to outside: TransportAddress
  ) -> Found? {
    guard likely(!remote.address.isV6), likely(!outside.address.isV6),
      case .v4(let source) = remote.address, case .v4(let destination) = outside.address,
      let addressIndex = pool.index(of: destination),
      let (_, entry) = findFirst(
        `protocol`, from: PackedEndpoint(source, port: remote.port), to: addressIndex, outside.port)
    else { return lookUpInboundFurther(`protocol`, from: remote, to: outside) }
    return Found(port: entry.flow.insideEndpoint.port, expires: entry.deadline)
  }

  // MARK: - What is rare

  @inline(never)
  private func lookUpFurther(
    _ protocol: TransportProtocol, from inside: TransportAddress, to remote: TransportAddress
  ) -> Found? {
    lookUpFurther(
      FlowKey(`protocol`, inside: PackedEndpoint(inside), remote: PackedEndpoint(remote)))
  }

  @inline(never)
  private func lookUpFurther(_ flow: FlowKeyV4) -> Found? { lookUpFurther(FlowKey(flow)) }

  private func lookUpFurther(_ flow: FlowKey) -> Found? {
    guard let slot = find(flow),
      let expires = expiry(of: flow.remoteEndpoint.endpoint, flow.protocol, slot)
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
    return Found(port: entries[slot].flow.insideEndpoint.port, expires: expires)
  }

  private func expiry(
    of remote: TransportAddress, _ protocol: TransportProtocol, _ slot: Slot
  ) -> Instant? {
    if sessionMask(`protocol`).agree(entries[slot].flow, PackedEndpoint(remote)) {
      return entries[slot].deadline
    }
    return findSession(in: sessionScope(of: remote, `protocol`), of: slot)
      .map { sessions[$0].deadline }
  }
}
