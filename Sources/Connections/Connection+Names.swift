import ICE
public import MulticastDNS
public import SansIO
public import TransportAddress

/// The peer's candidates that have names of multicast DNS in place of addresses
/// (draft-ietf-mmusic-mdns-ice-candidates §3.2).
///
/// The agent hears of such a candidate when its address is known, and meanwhile goes on with all others; if
/// the name does not resolve, the agent leaves the candidate out. The end of the peer's candidates waits for
/// them.
extension Connection {
  /// How many of the peer's candidates wait for the address of a name.
  public var waitingNameCount: Int { waiting.count }

  /// A message of multicast DNS has come.
  public mutating func namesReceived(
    _ bytes: Span<UInt8>, from source: TransportAddress, by way: MulticastResolver.Way,
    at now: Instant, using generator: inout some RandomNumberGenerator
  ) {
    resolver.received(bytes, from: source, by: way, at: now)
    settle(at: now, using: &generator)
  }

  /// A description without the candidates that are to wait, and these.
  ///
  /// While any candidate waits, the description has no end of candidates, which is remembered.
  mutating func withoutNames(
    _ description: ICEDescription
  ) -> (description: ICEDescription, lines: [CandidateAttribute]) {
    guard var stream = description.streams.first else { return (description, []) }
    let lines = stream.candidates.filter(\.hasMulticastName)
    guard !lines.isEmpty || !waiting.isEmpty else { return (description, []) }
    var rest = description
    stream.candidates.removeAll(where: \.hasMulticastName)
    hasRemoteEnded = hasRemoteEnded || stream.isEnded || description.isEnded
    (stream.isEnded, rest.isEnded) = (false, false)
    rest.streams[0] = stream
    return (rest, lines)
  }

  /// Asks for the names of candidates.
  mutating func resolve(
    _ lines: [CandidateAttribute], at now: Instant,
    using generator: inout some RandomNumberGenerator
  ) {
    for line in lines where !waiting.contains(line) {
      guard case .name(let name) = line.host else { continue }
      // As many as pairs: a peer's list must not grow without end.
      guard waiting.count < agent.configuration.pairLimit,
        resolver.wanted(name, at: now, using: &generator)
      else {
        tell(line, at: now)
        continue
      }
      waiting.append(line)
    }
    endIfResolved(at: now)
  }

  /// Does what the resolver wants done; whether that was anything.
  mutating func performNames(
    at now: Instant, using generator: inout some RandomNumberGenerator
  ) -> Bool {
    var wasBusy = false
    while let action = resolver.nextAction() {
      wasBusy = true
      switch action {
      case .send(let bytes): actions.append(.query(bytes))
      case .resolved(let name, let address):
        actions.append(.report(.resolved(name, address)))
        for var line in takeWaiting(name) {
          line.host = .address(address)
          tell(line, at: now)
        }
        permitPeers(at: now, using: &generator)
        endIfResolved(at: now)
      case .failed(let name):
        actions.append(.report(.unresolved(name)))
        // With its name, so that the agent leaves it out and says so.
        for line in takeWaiting(name) { tell(line, at: now) }
        endIfResolved(at: now)
      }
    }
    return wasBusy
  }

  /// The candidates that have waited for a name.
  private mutating func takeWaiting(_ text: String) -> [CandidateAttribute] {
    let name = DNSName(multicast: text)
    let lines = waiting.filter { $0.multicastName == name }
    waiting.removeAll { $0.multicastName == name }
    return lines
  }

  private mutating func tell(_ line: CandidateAttribute, at now: Instant) {
    // The one stream is there.
    try? agent.remoteCandidateReceived(line, at: now)
  }

  /// Tells the agent of the end of the peer's candidates once none waits.
  private mutating func endIfResolved(at now: Instant) {
    guard hasRemoteEnded, waiting.isEmpty else { return }
    hasRemoteEnded = false
    // The one stream is there.
    try? agent.remoteCandidatesEnded(at: now)
  }
}

extension CandidateAttribute {
  fileprivate var multicastName: DNSName? {
    guard transport == .udp, case .name(let name) = host else { return nil }
    return DNSName(multicast: name)
  }

  /// Whether the candidate can be used once its name is resolved by multicast DNS.
  fileprivate var hasMulticastName: Bool { multicastName != nil }
}
