import SansIO
import TransportAddress

/// A mapping as it is stored, in 64 bytes: a cache line; ``NATTable/Mapping`` is what is shown.
///
/// The first session stands in the mapping itself, as most mappings have no other. Its remote also
/// says which destinations the mapping is for: where mapping depends on the address or the
/// endpoint, all sessions of a mapping have that in common.
struct MappingEntry: ExpiringEntry {
  /// The inside endpoint and the remote of the first session, with the outside port beside them.
  var ends: PackedEnds
  /// When the first session ends.
  var deadline: Instant
  /// The first of the further sessions, which are linked.
  var sessions: Slot = .none
  /// Where ports are shared: the neighbours among the mappings of the same inside endpoint.
  var older: Slot = .none
  var newer: Slot = .none
  /// Which of the external addresses it has.
  var place: UInt16
  /// How far the first session is.
  var state: SessionState
  /// What else there is to know.
  var kind: Kind

  enum Kind: UInt8 {
    case dynamic
    /// It was configured and never ends.
    case fixed
    /// It has ended, and its port is not to be given away yet.
    case resting
  }

  init(
    _ protocol: TransportProtocol, inside: TransportAddress, remote: TransportAddress,
    place: UInt16, port: UInt16, _ state: SessionState, until: Instant, kind: Kind = .dynamic
  ) {
    ends = PackedEnds(
      `protocol`, inside: PackedEndpoint(inside), remote: PackedEndpoint(remote),
      isFixed: kind == .fixed)
    ends.spare = port
    deadline = until
    self.place = place
    self.state = state
    self.kind = kind
  }

  var `protocol`: TransportProtocol {
    @inline(__always) get { ends.protocol }
  }

  var inside: TransportAddress {
    @inline(__always) get { ends.insideEndpoint.endpoint }
  }

  /// The remote of the first session.
  var remote: TransportAddress {
    @inline(__always) get { ends.remoteEndpoint.endpoint }
    set { ends.remoteEndpoint = PackedEndpoint(newValue) }
  }

  var port: UInt16 {
    @inline(__always) get { ends.spare }
  }

  var link: Slot {
    get { sessions }
    set { sessions = newValue }
  }
}

/// A further session of a mapping: leave for a remote to send to it, and how far a connection is.
struct SessionEntry: ExpiringEntry {
  var deadline: Instant
  /// The mapping's slot.
  var mapping: Slot
  /// The neighbours among the sessions of the same mapping.
  var previous: Slot = .none
  var next: Slot = .none
  var count: UInt32 = 0
  var remote: TransportAddress
  var state: SessionState
  /// For the count of an address's sessions, which TCP with an address-dependent filter keeps.
  var isCount = false

  var link: Slot {
    get { next }
    set { next = newValue }
  }
}

/// What a mapping is found by from the outside, where ports are shared.
struct OutsideKey: TableKey, Equatable {
  var `protocol`: TransportProtocol
  var place: UInt16
  var port: UInt16
  var remote: TransportAddress

  init(
    protocol: TransportProtocol, place: UInt16, port: UInt16, remote: TransportAddress
  ) {
    self.protocol = `protocol`
    self.place = place
    self.port = port
    self.remote = remote
  }

  init(of entry: MappingEntry) {
    self.init(
      protocol: entry.protocol, place: entry.place, port: entry.port, remote: entry.remote)
  }

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
