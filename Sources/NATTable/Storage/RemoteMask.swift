import TransportAddress

/// Which bits of the remote endpoint count, as masks: what a ``Behavior`` looks at.
struct RemoteMask: Sendable {
  /// For the endpoint's word.
  private let word: UInt64
  /// For what IPv6 addresses have besides.
  private let rest: UInt64

  init(_ behavior: EndpointDependence) {
    switch behavior {
    case .endpointIndependent: (word, rest) = (0, 0)
    case .addressDependent: (word, rest) = (0xFFFF_FFFF << 32, .max)
    case .addressAndPortDependent: (word, rest) = (0xFFFF_FFFF_FFFF << 16, .max)
    }
  }

  /// The remote does not count at all.
  @inline(__always)
  static var none: RemoteMask { RemoteMask(.endpointIndependent) }

  /// All of it counts.
  @inline(__always)
  static var endpoint: RemoteMask { RemoteMask(.addressAndPortDependent) }

  // MARK: - The remote alone

  @inline(__always)
  func agree(_ flow: borrowing FlowKey, _ remote: PackedEndpoint) -> Bool {
    let other = flow.remoteEndpoint
    let differences = (other.high ^ remote.high) | UInt64(other.middle ^ remote.middle)
    if (other.word ^ remote.word) & word | differences & rest != 0 { return false }
    return rest == 0 || other.isV6 == remote.isV6
  }

  // MARK: - Both ends

  @inline(__always)
  func agree(_ left: borrowing FlowKey, _ right: borrowing FlowKey) -> Bool {
    if !agree(left.words, right.words) { return false }
    let (one, other) = (left.insideEndpoint, right.insideEndpoint)
    if (one.high ^ other.high) | UInt64(one.middle ^ other.middle) != 0 { return false }
    return agree(left, right.remoteEndpoint)
  }

  /// The same where one side is known to be of IPv4; the other's family is a bit of its inside
  /// word.
  @inline(__always)
  func agree(_ left: FlowKeyV4, _ right: FlowKeyV4) -> Bool {
    (left.inside ^ right.inside) | ((left.remote ^ right.remote) & word) == 0
  }

  @inline(__always)
  func hash(_ flow: borrowing FlowKey, _ seeds: HashSeeds) -> UInt32 {
    flow.isV6 ? hashV6(flow, seeds) : hash(flow.words, seeds)
  }

  @inline(__always)
  func hash(_ flow: FlowKeyV4, _ seeds: HashSeeds) -> UInt32 {
    seeds.hash(flow.inside, flow.remote & word)
  }

  private func hashV6(_ flow: borrowing FlowKey, _ seeds: HashSeeds) -> UInt32 {
    let (inside, remote) = (flow.insideEndpoint, flow.remoteEndpoint)
    let middles = UInt64(inside.middle) << 32 | UInt64(remote.middle) & rest
    let first = seeds.folded(flow.words.inside, inside.high)
    let second = seeds.folded(flow.words.remote & word, remote.high & rest)
    return seeds.hash(first ^ middles, second)
  }
}
