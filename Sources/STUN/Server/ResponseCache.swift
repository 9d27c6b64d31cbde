public import STUNCodec
public import SansIO
public import TransportAddress

/// The responses sent lately, so that a request that comes again gets the same one again.
///
/// Over datagrams a request is sent again when its response was lost. A server that carried it out a
/// second time would do twice what was asked once, and one that answered differently would confuse
/// the client. The cache is bounded: the oldest response goes first (RFC 8489 §6.3.1).
public struct ResponseCache: Sendable {
  /// How long a client may go on sending: 39.5 s, rounded up (RFC 8489 §6.3.1).
  public static let lifetime: Duration = .seconds(40)

  /// A response belongs to one request of one sender: IDs alone may be chosen by an attacker.
  private struct Key: Hashable {
    let id: TransactionID
    let source: TransportAddress
  }

  private struct Entry {
    let key: Key
    let expires: Instant
  }

  private var responses: [Key: [UInt8]] = [:]
  /// In the order of arrival, which is that of expiry; those before `oldest` are gone.
  private var queue: [Entry] = []
  private var oldest = 0
  private let capacity: Int
  private var now: Instant = .zero

  /// A cache for 4096 responses.
  public init() {
    capacity = 4096
  }

  /// A cache for at most this many responses.
  ///
  /// - Throws: when that is fewer than one.
  public init(capacity: Int) throws(STUNConfigurationError) {
    guard capacity >= 1 else { throw .capacityOutOfRange(capacity) }
    self.capacity = capacity
  }

  /// The number of responses in the cache.
  public var count: Int { responses.count }

  /// The response that this sender's request has got before; nil if there is none.
  ///
  /// - Complexity: O(1) on average.
  public mutating func response(
    to id: TransactionID, from source: TransportAddress, at now: Instant
  ) -> [UInt8]? {
    expire(at: now)
    return responses[Key(id: id, source: source)]
  }

  /// Keeps a response for 40 seconds; the first one to a request stays.
  ///
  /// - Complexity: O(1) on average.
  public mutating func store(
    _ response: [UInt8], to id: TransactionID, from source: TransportAddress, at now: Instant
  ) {
    expire(at: now)
    let key = Key(id: id, source: source)
    guard responses[key] == nil else { return }
    if responses.count >= capacity { forgetOldest() }
    responses[key] = response
    queue.append(Entry(key: key, expires: self.now.advanced(by: Self.lifetime)))
  }

  private mutating func expire(at now: Instant) {
    // Time never runs backwards here, so that the queue stays in order.
    self.now = max(self.now, now)
    while oldest < queue.count, queue[oldest].expires <= self.now { forgetOldest() }
  }

  private mutating func forgetOldest() {
    responses[queue[oldest].key] = nil
    oldest += 1
    if oldest > 32, oldest * 2 > queue.count {
      queue.removeFirst(oldest)
      oldest = 0
    }
  }
}
