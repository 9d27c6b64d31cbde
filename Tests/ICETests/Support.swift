import ICE
import TransportAddress

/// A host candidate with the well-known priority.
func host(
  _ address: TransportAddress, component: ComponentID = 1, transport: TransportProtocol = .udp,
  foundation: CandidateFoundation = "1", localPreference: UInt16 = .max
) -> Candidate {
  Candidate(
    .host(address, component: component, transport: transport, localPreference: localPreference),
    foundation: foundation)
}

/// Two agents behind their NATs, each with a relay.
let alice = LocalCandidates([
  .host("10.0.0.2:5000"),
  .serverReflexive("203.0.113.7:40000", base: "10.0.0.2:5000", server: "198.51.100.1:3478"),
  .relayed("198.51.100.1:49152", mapped: "203.0.113.7:40000", server: "198.51.100.1:3478"),
]).candidates
let bob = LocalCandidates([
  .host("192.168.1.5:6000"),
  .serverReflexive("203.0.113.9:41000", base: "192.168.1.5:6000", server: "198.51.100.1:3478"),
  .relayed("198.51.100.1:49153", mapped: "203.0.113.9:41000", server: "198.51.100.1:3478"),
]).candidates

/// The set of one data stream.
func checklistSet(
  _ local: [Candidate], _ remote: [Candidate], role: AgentRole = .controlling,
  limit: Int = ICEConstants.pairLimit
) throws(ChecklistError) -> ChecklistSet {
  try ChecklistSet(role: role, streams: [.init(local: local, remote: remote)], limit: limit)
}

extension ChecklistSet {
  /// The identities of a checklist's pairs, best first.
  func ids(_ checklist: Int = 0) -> [PairID] { checklists[checklist].order }

  /// Leads a Waiting pair to the end of its check.
  mutating func check(_ id: PairID, _ end: CandidatePair.State) throws {
    try setState(of: id, to: .inProgress)
    if end != .inProgress { try setState(of: id, to: end) }
  }
}
