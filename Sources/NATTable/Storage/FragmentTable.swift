import SansIO
import TransportAddress

/// What is known of a datagram that comes in fragments: only its first tells the mapping.
struct FragmentEntry: ExpiringEntry {
  var deadline: Instant
  var link = Slot.none
  var key: FragmentKey
  var state: State
  var token: HoldToken
  var held: UInt8 = 0

  enum State {
    /// Later fragments came before the first, and are kept by the caller.
    case waiting
    /// The first was forwarded with these addresses, and this number for all of them.
    case forwarded(source: IPAddress, destination: IPAddress, identification: UInt32)
    case dropped(NATTable.DropReason)
  }
}

/// What the fragments of one datagram have in common (RFC 791 §3.2).
struct FragmentKey: TableKey, Equatable {
  var source: IPAddress
  var destination: IPAddress
  var `protocol`: TransportProtocol
  var identification: UInt32
  var fromInside: Bool

  func mix(into hash: inout KeyHash) {
    hash.mix(source)
    hash.mix(destination)
    hash.mix(UInt64(identification) << 9 | UInt64(`protocol`.rawValue) << 1 | (fromInside ? 1 : 0))
  }
}

/// The datagrams that are on their way in fragments, a limited number of them.
struct FragmentTable: Sendable {
  var entries = ExpiringTable<FragmentEntry>()
  let limit: Int
  private let seed: UInt64
  /// How many wait for their first fragment.
  private(set) var waiting = 0
  private var lastToken: UInt64 = 0

  /// A datagram has at most this many fragments held: 64 KiB in pieces of 552 bytes.
  static var heldLimit: UInt8 { 120 }

  init(seed: UInt64, limit: Int) {
    self.seed = seed
    self.limit = max(0, limit)
  }

  var earliestDeadline: Instant? { entries.earliestDeadline }

  func find(_ key: FragmentKey) -> Slot? {
    entries.find(key.hash(seed: seed)) { $0.key == key }
  }

  /// Adds a datagram; nil if there are too many.
  ///
  /// Queued datagrams get half of the table: a flood of later fragments leaves room for datagrams that
  /// arrive in order (RFC 4787 REQ-14a).
  mutating func add(
    _ key: FragmentKey, _ state: FragmentEntry.State, until deadline: Instant
  ) -> Slot? {
    var waits = false
    if case .waiting = state { waits = true }
    if entries.count >= limit || waits && waiting >= limit / 2 { return nil }
    if waits { waiting += 1 }
    lastToken += 1
    let entry = FragmentEntry(
      deadline: deadline, key: key, state: state, token: HoldToken(rawValue: lastToken))
    return entries.insert(entry, key.hash(seed: seed))
  }

  /// Notes what became of the first fragment.
  ///
  /// - Returns: the token of the fragments that wait for it; nil if none do.
  mutating func settle(_ slot: Slot, _ state: FragmentEntry.State) -> HoldToken? {
    let token = endWait(of: slot)
    entries[slot].state = state
    return token
  }

  /// Removes a datagram whose deadline has come.
  ///
  /// - Returns: the token of the fragments that wait for its first; nil if none do.
  mutating func remove(_ slot: Slot) -> HoldToken? {
    let token = endWait(of: slot)
    entries.remove(slot, entries[slot].key.hash(seed: seed))
    return token
  }

  private mutating func endWait(of slot: Slot) -> HoldToken? {
    guard case .waiting = entries[slot].state else { return nil }
    waiting -= 1
    return entries[slot].token
  }

  /// Gives this copy memory of its own, see ``Slab``.
  mutating func makeUnique() {
    entries.makeUnique()
  }
}
