import TransportAddress

/// A NAT with one external address, as RFC 4787 describes it.
struct TestNAT: Hashable, Sendable {
  enum Dependence: Hashable, Sendable, CaseIterable { case endpoint, address, addressAndPort }

  var mapping: Dependence
  var filtering: Dependence
  var external: IPAddress
  private var ports: [[TransportAddress]: UInt16] = [:]
  private var nextPort: UInt16 = 50_000
  private var contacted: [UInt16: Set<TransportAddress>] = [:]
  private var inside: [UInt16: TransportAddress] = [:]

  init(_ mapping: Dependence, _ filtering: Dependence, external: IPAddress) {
    self.mapping = mapping
    self.filtering = filtering
    self.external = external
  }

  mutating func map(_ base: TransportAddress, to remote: TransportAddress) -> TransportAddress {
    let key: [TransportAddress] =
      switch mapping {
      case .endpoint: [base]
      case .address: [base, TransportAddress(remote.address, port: 0)]
      case .addressAndPort: [base, remote]
      }
    let port = ports[key] ?? nextPort
    if ports[key] == nil {
      ports[key] = port
      inside[port] = base
      nextPort += 1
    }
    contacted[port, default: []].insert(remote)
    return TransportAddress(external, port: port)
  }

  func take(_ remote: TransportAddress, from source: TransportAddress) -> TransportAddress? {
    guard remote.address == external, let base = inside[remote.port] else { return nil }
    let known = contacted[remote.port] ?? []
    let passes =
      switch filtering {
      case .endpoint: true
      case .address: known.contains { $0.address == source.address }
      case .addressAndPort: known.contains(source)
      }
    return passes ? base : nil
  }
}
