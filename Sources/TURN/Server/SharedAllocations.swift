internal import Synchronization
internal import TransportAddress

/// What TURN servers in several threads know together, where they serve and relay from the same addresses.
///
/// - The counts for quotas are behind a lock. It is taken where an allocation is made, moves or ends, and
///   for no data.
/// - Each port that is a relayed transport address is a bit. Data for a peer at the relayed address itself
///   read one, without a lock; no other data do.
///
/// Only servers that relay from the same address of each family may share one.
public final class SharedAllocations: Sendable {
  private let counts = Mutex(AllocationCounts())
  let ports = RelayedPortBits()

  /// No allocation yet.
  public init() {}

  deinit { ports.deallocate() }

  /// The number of allocations now, with those whose sockets are being opened.
  public var allocationCount: Int { counts.withLock { $0.total } }

  func update<Value: Sendable>(_ body: (inout AllocationCounts) -> Value) -> Value {
    counts.withLock { body(&$0) }
  }
}

/// A server's counts: its own, or those that it shares.
struct AllocationLedger: Sendable {
  private var own = AllocationCounts()
  private let shared: SharedAllocations?
  /// The relayed ports of all servers that share them; nil for a server that shares nothing.
  let ports: RelayedPortBits?

  init(_ shared: SharedAllocations?) {
    self.shared = shared
    ports = shared?.ports
  }

  mutating func update<Value: Sendable>(_ body: (inout AllocationCounts) -> Value) -> Value {
    if let shared { shared.update(body) } else { body(&own) }
  }
}

/// The ports that are relayed transport addresses: a bit for each, of each family and transport protocol.
///
/// It is memory of a ``SharedAllocations``, which a server that uses it keeps. A reference to that would
/// be counted for each datagram that asks, in memory that all threads write.
struct RelayedPortBits: @unchecked Sendable {
  private let words: UnsafeMutablePointer<Atomic<UInt64>>
  private static let wordsOfTransport = 65_536 / UInt64.bitWidth
  private static let count = 4 * wordsOfTransport

  init() {
    words = .allocate(capacity: Self.count)
    for index in 0..<Self.count { (words + index).initialize(to: Atomic(0)) }
  }

  func deallocate() {
    words.deinitialize(count: Self.count)
    words.deallocate()
  }

  func contains(_ address: TransportAddress, over transport: TransportProtocol) -> Bool {
    let (word, bit) = place(address, transport)
    return words[word].load(ordering: .relaxed) & bit != 0
  }

  func insert(_ address: TransportAddress, over transport: TransportProtocol) {
    let (word, bit) = place(address, transport)
    words[word].bitwiseOr(bit, ordering: .relaxed)
  }

  func remove(_ address: TransportAddress) {
    for transport in [TransportProtocol.udp, .tcp] {
      let (word, bit) = place(address, transport)
      words[word].bitwiseAnd(~bit, ordering: .relaxed)
    }
  }

  private func place(
    _ address: TransportAddress, _ transport: TransportProtocol
  ) -> (word: Int, bit: UInt64) {
    let table = (address.address.family == .ipv4 ? 0 : 2) + (transport == .udp ? 0 : 1)
    let port = Int(address.port)
    // A port is below 65 536, so the word is one of this table's.
    return (
      table * Self.wordsOfTransport + port / UInt64.bitWidth,
      1 << UInt64(port % UInt64.bitWidth)
    )
  }
}
