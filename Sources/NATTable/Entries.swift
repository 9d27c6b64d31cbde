import TransportAddress

/// A mapping as it is stored, in 88 bytes; ``NATTable/Mapping`` is what is shown.
///
/// The first session stands in the mapping itself, as most mappings have no other. Its remote also
/// says which destinations the mapping is for: where mapping depends on the address or the
/// endpoint, all sessions of a mapping have that in common.
struct MappingEntry: ExpiringEntry {
  typealias Key = MappingKey

  /// When the first session ends.
  var link: ExpiryLink
  var `protocol`: TransportProtocol
  /// How far the first session is.
  var state: SessionState
  /// What else there is to know.
  var kind: Kind = .dynamic
  var inside: TransportAddress
  /// The remote of the first session.
  var remote: TransportAddress
  var port: UInt16
  /// Which of the external addresses it has.
  var place: UInt16
  /// The first of the further sessions, which are linked.
  var sessions: Slot = .none
  /// The host that it counts for.
  var host: Slot = .none
  /// Where ports are shared: the neighbours among the mappings of the same inside endpoint.
  var older: Slot = .none
  var newer: Slot = .none

  enum Kind: UInt8 {
    case dynamic
    /// It was configured and never ends.
    case fixed
    /// It has ended, and its port is not to be given away yet.
    case resting
  }
}

/// A further session of a mapping: leave for a remote to send to it, and how far a connection is.
struct SessionEntry: ExpiringEntry {
  typealias Key = SessionKey

  var link: ExpiryLink
  var state: SessionState
  /// For the count of an address's sessions, which TCP with an address-dependent filter keeps.
  var isCount = false
  /// The mapping's slot.
  var mapping: Slot
  var remote: TransportAddress
  /// The neighbours among the sessions of the same mapping.
  var previous: Slot = .none
  var next: Slot = .none
  var count: UInt32 = 0
}

/// What a mapping is found by from the outside, where ports are shared.
struct OutsideKey: TableKey {
  var `protocol`: TransportProtocol
  var place: UInt16
  var port: UInt16
  var remote: TransportAddress

  func mix(into hash: inout KeyHash) {
    hash.mix(UInt64(`protocol`.rawValue) << 32 | UInt64(place) << 16 | UInt64(port))
    hash.mix(remote)
  }
}

/// What a session of a mapping is found by.
struct SessionKey: TableKey {
  var mapping: Slot
  var scope: RemoteScope

  func mix(into hash: inout KeyHash) {
    hash.mix(UInt64(mapping))
    hash.mix(scope)
  }
}
