import TransportAddress

/// Gives foundations: the number of each new combination that RFC 8445 §5.1.1.3 names, from 1.
///
/// Ports are no part of it: packets between the same hosts through the same servers are likely to
/// meet the same NATs and firewalls.
struct FoundationNumbers: Sendable {
  private struct Key: Hashable {
    var type: CandidateType
    /// The IP address of the base.
    var base: IPAddress
    /// The IP address of the STUN or TURN server, if there was one.
    var server: IPAddress?
    var transport: TransportProtocol
  }

  private var numbers: [Key: UInt32] = [:]

  /// The foundation of a candidate.
  ///
  /// - Complexity: O(1).
  mutating func foundation(of candidate: GatheredCandidate) -> CandidateFoundation {
    let key = Key(
      type: candidate.type, base: candidate.base.address, server: candidate.server?.address,
      transport: candidate.transport)
    let number = numbers[key, default: UInt32(numbers.count) + 1]
    numbers[key] = number
    return CandidateFoundation(number: number)
  }
}
