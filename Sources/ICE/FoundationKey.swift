import TransportAddress

/// What two candidates must share to have the same foundation (RFC 8445 §5.1.1.3).
///
/// Ports don't matter: the idea is that packets between the same hosts through the same servers
/// meet the same NATs and firewalls.
struct FoundationKey: Hashable {
  var type: CandidateType
  /// The IP address of the base.
  var base: IPAddress
  /// The IP address of the STUN or TURN server, if there was one.
  var server: IPAddress?
  var transport: Candidate.Transport

  init(_ candidate: Candidate) {
    type = candidate.type
    base = candidate.base.address
    server = candidate.server?.address
    transport = candidate.transport
  }

  /// A number that equal keys share and others, but for a chance of 2⁻³², don't.
  ///
  /// FNV-1a over the key's text: unlike Swift's hash values, it is the same in every run.
  var text: String {
    var hash: UInt32 = 0x811C_9DC5
    for byte in "\(type) \(base) \(server.map { "\($0)" } ?? "") \(transport)".utf8 {
      hash = (hash ^ UInt32(byte)) &* 0x0100_0193
    }
    return String(hash)
  }
}
