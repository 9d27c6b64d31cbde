import IPPacket
import TransportAddress

// snippet.mapping-key
/// What packets must have in common to share a mapping (RFC 4787 §4.1).
struct MappingKey: Hashable {
  var `protocol`: TransportProtocol
  var inside: TransportAddress
  var scope: RemoteScope

  init(of packet: Packet, _ mapping: EndpointDependence) {
    `protocol` = packet.protocol
    inside = packet.source
    scope = mapping.scope(of: packet.destination)
  }
}
// snippet.end

extension MappingKey {
  init(_ protocol: TransportProtocol, inside: TransportAddress, scope: RemoteScope) {
    self.protocol = `protocol`
    self.inside = inside
    self.scope = scope
  }

  /// The key in the form in which mappings are compared with it.
  var flow: FlowKey {
    FlowKey(`protocol`, inside: inside, scope: scope)
  }
}
