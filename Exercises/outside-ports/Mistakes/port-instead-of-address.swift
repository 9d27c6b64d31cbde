// Fails: An address-dependent mapping has one port for each address
// For the second kind the remote's port is looked at. It is the address that counts there: all ports
// of one address share a mapping.
import TransportAddress

func outsidePorts(to remotes: [TransportAddress], mapping: EndpointDependence) -> [UInt16] {
  var ports: [String: UInt16] = [:]
  var next: UInt16 = 5000
  return remotes.map { remote in
    let key =
      switch mapping {
      case .endpointIndependent: "everyone"
      case .addressDependent: "\(remote.port)"
      case .addressAndPortDependent: "\(remote)"
      }
    if let port = ports[key] { return port }
    ports[key] = next
    next += 2
    return next - 2
  }
}
