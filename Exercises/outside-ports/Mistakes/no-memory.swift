// Fails: Who is sent to again is sent to from the same port
// Each packet is compared with the one before it alone. A box remembers all of its mappings, however
// many others came between.
import TransportAddress

func outsidePorts(to remotes: [TransportAddress], mapping: EndpointDependence) -> [UInt16] {
  var last: TransportAddress?
  var port: UInt16 = 4998
  return remotes.map { remote in
    let isKnown =
      switch mapping {
      case .endpointIndependent: last != nil
      case .addressDependent: last?.address == remote.address
      case .addressAndPortDependent: last == remote
      }
    if !isKnown { port += 2 }
    last = remote
    return port
  }
}
