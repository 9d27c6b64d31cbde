import TransportAddress

func outsidePorts(
  to remotes: [TransportAddress], mapping: EndpointDependence
) -> [UInt16] {
  var ports: [String: UInt16] = [:]
  var next: UInt16 = 5000
  return remotes.map { remote in
    let key =
      switch mapping {
      case .endpointIndependent: "everyone"
      case .addressDependent: "\(remote.address)"
      case .addressAndPortDependent: "\(remote)"
      }
    if let port = ports[key] { return port }
    ports[key] = next
    next += 2
    return next - 2
  }
}
