import TransportAddress

extension NAT64 {
  /// All mappings as both sides know them: inside IPv6, everything else IPv4.
  ///
  /// - Complexity: O(n log n) for n mappings and filters; for showing, not for packets.
  public var mappings: [NATTable.Mapping] {
    table.mappings.map { mapping in
      var mapping = mapping
      if mapping.protocol == .icmpv6 { mapping.protocol = .icmp }
      mapping.outside = shown(mapping.outside)
      mapping.scope = shown(mapping.scope)
      for index in mapping.filters.indices {
        mapping.filters[index].scope = shown(mapping.filters[index].scope)
      }
      return mapping
    }.sorted { left, right in
      (left.protocol, left.inside, left.scope) < (right.protocol, right.inside, right.scope)
    }
  }

  private func shown(_ address: IPAddress) -> IPAddress {
    translator.embedded(address).map { .v4($0) } ?? address
  }

  private func shown(_ endpoint: TransportAddress) -> TransportAddress {
    TransportAddress(shown(endpoint.address), port: endpoint.port)
  }

  private func shown(_ scope: RemoteScope) -> RemoteScope {
    switch scope {
    case .any: .any
    case .address(let address): .address(shown(address))
    case .endpoint(let endpoint): .endpoint(shown(endpoint))
    }
  }
}

extension NAT64: CustomStringConvertible {
  /// The table with one line a mapping, as ``NATTable/description`` has it.
  public var description: String { NATTable.Mapping.lines(of: mappings, now: table.time) }
}
