import IPPacket
import TransportAddress

/// ICMP errors (RFC 5508 §4): what they say about a packet is translated like the packet was.
///
/// An error neither refreshes a mapping nor ends one, because errors are easily forged (RFC 4787
/// REQ-12, RFC 5508 REQ-6).
extension NATTable {
  /// An error from the outside, about a packet that went out (RFC 5508 §4.2.1).
  mutating func translateInbound(_ packet: inout Packet, _ error: ICMPError) -> DropReason? {
    if !configuration.exemptions.isEmpty, !isOwn(packet.destination.address),
      isExempt(error.embedded.destination)
    {
      return nil
    }
    guard let inside = insideSource(of: error.embedded) else {
      return isOwn(packet.destination.address) ? .noMapping : .notForThisNAT
    }
    // The error goes to the sender of the packet that it is about.
    guard packet.destination.address == error.embedded.source.address else {
      return .strayError
    }
    var error = error
    error.embedded.source = inside
    packet.content = .error(error)
    packet.destination.address = inside.address
    return nil
  }

  /// Who inside sent a packet that left the NAT with this source.
  private func insideSource(of embedded: ICMPError.Embedded) -> TransportAddress? {
    if let inside = oneToOne.inside(of: embedded.source.address) {
      return TransportAddress(inside, port: embedded.source.port)
    }
    if embedded.isReply { return nil }
    return slot(at: embedded.source, embedded.protocol, remote: embedded.destination)
      .map { entries[$0].inside }
  }

  /// An error from the inside, about a packet that came in (RFC 5508 §4.2.2).
  mutating func translateOutbound(_ packet: inout Packet, _ error: ICMPError) -> DropReason? {
    guard packet.destination.address == error.embedded.source.address else {
      return .strayError
    }
    if !configuration.exemptions.isEmpty, isExempt(error.embedded.source) { return nil }
    guard let outside = outsideDestination(of: error.embedded) else { return .noMapping }
    var error = error
    error.embedded.destination = outside
    packet.content = .error(error)
    // REQ-5c: a router inside may be the reporter; it too is seen at the mapping's address.
    packet.source.address = oneToOne.outside(of: packet.source.address) ?? outside.address
    // REQ-7: an error about a hairpinned packet turns round as that did.
    guard isOwn(packet.destination.address) else { return nil }
    if configuration.hairpinning == .none { return .hairpinningOff }
    return translateInbound(&packet, error)
  }

  /// Where on the outside a packet was sent to that reached this destination inside.
  private func outsideDestination(of embedded: ICMPError.Embedded) -> TransportAddress? {
    if let outside = oneToOne.outside(of: embedded.destination.address) {
      return TransportAddress(outside, port: embedded.destination.port)
    }
    // Of ICMP only replies come in: a query has no identifier of ours at its destination.
    if PortTable.kind(of: embedded.protocol) == PortTable.icmp, !embedded.isReply { return nil }
    let key = MappingKey(
      embedded.protocol, inside: embedded.destination,
      scope: configuration.mapping.scope(of: embedded.source))
    return find(key).map(outside(of:))
  }
}
