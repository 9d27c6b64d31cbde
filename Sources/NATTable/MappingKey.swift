import TransportAddress

// snippet.mapping-key
/// What packets must have in common to share a mapping (RFC 4787 §4.1).
struct MappingKey: Hashable {
  var `protocol`: TransportProtocol
  var inside: TransportAddress
  var scope: RemoteScope

  init(of packet: Packet, _ mapping: Behavior) {
    `protocol` = packet.protocol
    inside = packet.source
    scope = mapping.scope(of: packet.destination)
  }
}
// snippet.end

/// What a filter remembers: somebody behind this mapping has sent into this scope (RFC 4787 §5).
struct FilterKey: Hashable {
  /// The mapping's slot.
  var mapping: Slot
  var scope: RemoteScope
}

extension MappingKey: TableKey {
  func mix(into hash: inout KeyHash) {
    hash.mix(UInt64(`protocol`.rawValue))
    hash.mix(inside)
    hash.mix(scope)
  }
}

extension FilterKey: TableKey {
  func mix(into hash: inout KeyHash) {
    hash.mix(UInt64(mapping))
    hash.mix(scope)
  }
}

extension KeyHash {
  fileprivate mutating func mix(_ scope: RemoteScope) {
    switch scope {
    case .any: break
    case .address(let address): mix(address, port: nil)
    case .endpoint(let endpoint): mix(endpoint)
    }
  }

  fileprivate mutating func mix(_ endpoint: TransportAddress) {
    mix(endpoint.address, port: endpoint.port)
  }

  private mutating func mix(_ address: IPAddress, port: UInt16?) {
    let port = port.map { UInt64($0) } ?? 1 << 16
    switch address {
    case .v4(let address): mix(UInt64(address.rawValue) << 32 | port)
    case .v6(let address):
      mix(address.high)
      mix(address.low)
      mix(port)
    }
  }
}
