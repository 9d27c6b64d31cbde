extension NATTable.Configuration {
  /// The requirements of RFC 4787 that a NAT with this configuration does not meet, in order.
  public var unmetRequirements: [NATTable.Requirement] {
    var unmet: [NATTable.Requirement] = []
    if mapping != .endpointIndependent { unmet.append(.endpointIndependentMapping) }
    if !portParity { unmet.append(.portParity) }
    if mappingTimeout < .seconds(120) { unmet.append(.mappingTimeout) }
    if filtering == .addressAndPortDependent { unmet.append(.filtering) }
    if hairpinning == .none { unmet.append(.hairpinning) }
    if hairpinning == .internalSource { unmet.append(.hairpinningSource) }
    return unmet
  }
}

extension NATTable {
  /// A requirement of RFC 4787 that a configuration can fail to meet.
  ///
  /// What no configuration can switch off is not here: paired address pooling (REQ-2), no port
  /// overloading (REQ-3), refresh by outbound packets (REQ-6), deterministic behaviour (REQ-11).
  public enum Requirement: Hashable, Sendable, CaseIterable {
    case endpointIndependentMapping
    case portParity
    case mappingTimeout
    case filtering
    case hairpinning
    case hairpinningSource
  }
}

extension NATTable.Requirement: CustomStringConvertible {
  public var description: String {
    switch self {
    case .endpointIndependentMapping:
      "REQ-1: a NAT must have endpoint-independent mapping (RFC 4787 §4.1)"
    case .portParity:
      "REQ-4: a NAT should keep a port's parity (RFC 4787 §4.2.2)"
    case .mappingTimeout:
      "REQ-5: a UDP mapping must live for two minutes at least (RFC 4787 §4.3)"
    case .filtering:
      "REQ-8: filtering should be endpoint-independent or address-dependent (RFC 4787 §5)"
    case .hairpinning:
      "REQ-9: a NAT must support hairpinning (RFC 4787 §6)"
    case .hairpinningSource:
      "REQ-9a: a hairpinned packet must have its sender's external source (RFC 4787 §6)"
    }
  }
}
