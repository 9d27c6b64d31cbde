import TransportAddress

func canMeet(
  _ alice: (mapping: EndpointDependence, filtering: EndpointDependence),
  _ bob: (mapping: EndpointDependence, filtering: EndpointDependence)
) -> Bool {
  let filters = [alice.filtering, bob.filtering]
  switch (alice.mapping == .endpointIndependent, bob.mapping == .endpointIndependent) {
  case (true, true): return true
  case (true, false): return alice.filtering != .addressAndPortDependent
  case (false, true): return bob.filtering != .addressAndPortDependent
  case (false, false):
    return filters.contains(.endpointIndependent) && !filters.contains(.addressAndPortDependent)
  }
}
