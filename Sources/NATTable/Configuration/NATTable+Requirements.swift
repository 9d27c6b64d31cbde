import TransportAddress

extension NATTable.Configuration {
  /// The requirements of RFC 4787, 5382 and 5508 that a NAT with this configuration does not meet.
  public var unmetRequirements: [NATTable.Requirement] {
    var unmet: [NATTable.Requirement] = []
    if mapping != .endpointIndependent { unmet.append(.endpointIndependentMapping) }
    if pooling != .paired { unmet.append(.pairedPooling) }
    if sharesPorts { unmet.append(.noPortOverloading) }
    if !portParity { unmet.append(.portParity) }
    if min(timeouts.udp, timeouts.udpUnanswered) < .seconds(120) { unmet.append(.mappingTimeout) }
    if filtering == .addressAndPortDependent { unmet.append(.filtering) }
    if hairpinning == .none { unmet.append(.hairpinning) }
    if hairpinning == .internalSource { unmet.append(.hairpinningSource) }
    if fragmentedDatagrams < 2 { unmet.append(.fragments) }
    if let patience = timeouts.unsolicitedSYN, patience < .seconds(6) {
      unmet.append(.unsolicitedSYN)
    }
    if timeouts.tcpEstablished < .seconds(7440) { unmet.append(.establishedTimeout) }
    if timeouts.shortestTransitory < .seconds(240) { unmet.append(.transitoryTimeout) }
    if timeouts.icmp < .seconds(60) { unmet.append(.queryTimeout) }
    if !rewritesIdentification { unmet.append(.identification) }
    return unmet
  }
}

extension NATTable.Timeouts {
  /// The shortest time for which a TCP connection is remembered that is opening or closing.
  fileprivate var shortestTransitory: Duration {
    guard let states = tcpStates else { return tcpTransitory }
    return min(
      states.synSent, states.synReceived, states.finWait, states.closeWait, states.lastAck,
      states.timeWait, states.close)
  }
}

extension NATTable {
  /// A requirement that a configuration can fail to meet.
  ///
  /// What no configuration can switch off is not here, such as refresh by outbound packets (RFC
  /// 4787 REQ-6), deterministic behaviour (REQ-11) and mappings that outlive ICMP errors (REQ-12).
  public enum Requirement: Hashable, Sendable, CaseIterable {
    case endpointIndependentMapping
    case pairedPooling
    case noPortOverloading
    case portParity
    case mappingTimeout
    case filtering
    case hairpinning
    case hairpinningSource
    case fragments
    case unsolicitedSYN
    case establishedTimeout
    case transitoryTimeout
    case queryTimeout
    case identification
  }
}

extension NATTable.Requirement: CustomStringConvertible {
  /// The requirement as a sentence with its number and section.
  public var description: String {
    switch self {
    case .endpointIndependentMapping:
      "REQ-1: a NAT must have endpoint-independent mapping (RFC 4787 §4.1, RFC 5382 §4.1)"
    case .pairedPooling:
      "REQ-2: a host's mappings should have one outside address (RFC 4787 §4.1)"
    case .noPortOverloading:
      "REQ-3: a port must not be shared by mappings (RFC 4787 §4.2.1, RFC 5382 §7.1)"
    case .portParity:
      "REQ-4: a NAT should keep a port's parity (RFC 4787 §4.2.2)"
    case .mappingTimeout:
      "REQ-5: a UDP mapping must live for two minutes at least (RFC 4787 §4.3)"
    case .filtering:
      "REQ-8: filtering should be endpoint-independent or address-dependent (RFC 4787 §5)"
    case .hairpinning:
      "REQ-9: a NAT must support hairpinning (RFC 4787 §6, RFC 5382 §7.2)"
    case .hairpinningSource:
      "REQ-9a: a hairpinned packet must have its sender's external source (RFC 4787 §6)"
    case .fragments:
      "REQ-14: a NAT must take fragments in any order (RFC 4787 §11)"
    case .unsolicitedSYN:
      "REQ-4 of TCP: an unsolicited SYN must not be answered for 6 s (RFC 5382 §4.3)"
    case .establishedTimeout:
      "REQ-5 of TCP: an idle connection must be kept for 2 h 4 min (RFC 5382 §5)"
    case .transitoryTimeout:
      "REQ-5 of TCP: one that opens or closes must be kept for 4 min (RFC 5382 §5)"
    case .queryTimeout:
      "REQ-2 of ICMP: a query must be remembered for 60 s (RFC 5508 §3.2)"
    case .identification:
      "a NAT must see to unique Identification values of what it sends (RFC 6864 §5.3.1)"
    }
  }
}
