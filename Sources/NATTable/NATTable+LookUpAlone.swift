public import ProtocolTime
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
    guard let slot = find(`protocol`, from: inside, to: remote),
      let expires = expiry(of: remote, `protocol`, slot)
    else { return nil }
    return Found(port: entries[slot].port, expires: expires)
  }

  /// The mapping and session that a packet from the outside has; nothing is changed.
  public func lookUpInbound(
    _ protocol: TransportProtocol, from remote: TransportAddress, to outside: TransportAddress
  ) -> Found? {
    guard let place = pool.place(of: outside.address),
      let slot = slot(at: place, outside.port, `protocol`, remote: remote),
      let expires = expiry(of: remote, `protocol`, slot)
    else { return nil }
    return Found(port: entries[slot].ends.insidePort, expires: expires)
  }

  @inline(__always)
  private func expiry(
    of remote: TransportAddress, _ protocol: TransportProtocol, _ slot: Slot
  ) -> Instant? {
    let scope = sessionScope(of: remote, `protocol`)
    if isFirst(scope, of: slot) { return entries[slot].deadline }
    return findSession(in: scope, of: slot).map { sessions[$0].deadline }
  }
}
