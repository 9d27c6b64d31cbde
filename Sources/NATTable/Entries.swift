import SansIO
import TransportAddress

/// A mapping as it is stored, in 64 bytes: a cache line; ``NATTable/Mapping`` is what is shown.
///
/// The first session stands in the mapping itself, as most mappings have no other. Its remote also
/// says which destinations the mapping is for: where mapping depends on the address or the
/// endpoint, all sessions of a mapping have that in common.
struct MappingEntry: ExpiringEntry {
  /// The inside endpoint and the remote of the first session, with the outside port beside them.
  var flow: FlowKey
  /// When the first session ends.
  var deadline: Instant
  /// The first of the further sessions, which are linked.
  var sessions: Slot = .none
  /// Where ports are shared: the neighbours among the mappings of the same inside endpoint.
  var older: Slot = .none
  var newer: Slot = .none
  /// Which of the external addresses it has.
  var addressIndex: UInt16
  /// How far the first session is.
  var state: SessionState
  /// What else there is to know.
  var kind: Kind

  enum Kind: UInt8 {
    case dynamic
    /// It is static: configured, and never ends.
    case `static`
    /// It has ended, and its port is not to be given away yet.
    case quarantined
  }

  init(
    _ protocol: TransportProtocol, inside: TransportAddress, remote: TransportAddress,
    addressIndex: UInt16, port: UInt16, _ state: SessionState, until: Instant, kind: Kind = .dynamic
  ) {
    flow = FlowKey(
      `protocol`, inside: PackedEndpoint(inside), remote: PackedEndpoint(remote),
      isStatic: kind == .static)
    flow.spare = port
    deadline = until
    self.addressIndex = addressIndex
    self.state = state
    self.kind = kind
  }

  var `protocol`: TransportProtocol {
    @inline(__always) get { flow.protocol }
  }

  var inside: TransportAddress {
    @inline(__always) get { flow.insideEndpoint.endpoint }
  }

  /// The remote of the first session.
  var remote: TransportAddress {
    @inline(__always) get { flow.remoteEndpoint.endpoint }
    set { flow.remoteEndpoint = PackedEndpoint(newValue) }
  }

  var port: UInt16 {
    @inline(__always) get { flow.spare }
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
  var addressIndex: UInt16
  var port: UInt16
  var remote: TransportAddress

  init(
    protocol: TransportProtocol, addressIndex: UInt16, port: UInt16, remote: TransportAddress
  ) {
    self.protocol = `protocol`
    self.addressIndex = addressIndex
    self.port = port
    self.remote = remote
  }

  init(of entry: MappingEntry) {
    self.init(
      protocol: entry.protocol, addressIndex: entry.addressIndex, port: entry.port,
      remote: entry.remote)
  }

  func mix(into hash: inout KeyHash) {
    hash.mix(UInt64(`protocol`.rawValue) << 32 | UInt64(addressIndex) << 16 | UInt64(port))
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
