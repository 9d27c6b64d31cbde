public import TransportAddress

/// The addresses of this host that host candidates are made of, the preferred one first
/// (RFC 8445 §5.1.1.1, RFC 8421 §4).
///
/// Loopback and link-local addresses are left out, as are those that nothing can be sent to; loopback
/// is taken where there is nothing else. IPv6 and IPv4 take turns, so that a family that does not work
/// holds nothing up.
public func candidateAddresses(of all: some Sequence<IPAddress>) -> [IPAddress] {
  func sorted(_ list: [IPAddress]) -> [IPAddress] {
    // Addresses that the Internet routes first.
    list.sorted { left, right in
      left.isInside == right.isInside ? left < right : !left.isInside
    }
  }
  let addresses = all.filter { address in
    switch address.classification {
    case .loopback, .linkLocal, .unspecified, .thisNetwork, .multicast, .broadcast, .siteLocal,
      .ipv4Mapped, .ipv4Compatible:
      false
    default: true
    }
  }
  let chosen = addresses.isEmpty ? all.filter { $0.classification == .loopback } : addresses
  let v6 = sorted(chosen.filter { $0.family == .ipv6 })
  let v4 = sorted(chosen.filter { $0.family == .ipv4 })
  return (0..<max(v6.count, v4.count)).flatMap { index in
    [v6, v4].compactMap { $0.indices.contains(index) ? $0[index] : nil }
  }
}

extension IPAddress {
  fileprivate var isInside: Bool {
    switch classification {
    case .private, .uniqueLocal, .shared: true
    default: false
    }
  }
}
