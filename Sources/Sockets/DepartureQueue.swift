import CLinux
import Glibc
import TransportAddress

/// Datagrams that wait to be sent by few system calls.
///
///     added        socket 1 → A   socket 2 → C   socket 1 → B   socket 1 → B
///     sent         socket 1: A, B B as segments of one      socket 2: C
///
/// Those of one socket leave in their order. Datagrams of one size that follow one another to the same
/// endpoint go to the kernel as one, which cuts it (UDP_SEGMENT). What cannot be sent is lost, as on any
/// network, and those after it are sent.
struct DepartureQueue: ~Copyable {
  fileprivate struct Entry {
    var departure = linux_departure()
    var destination: TransportAddress
    var source: IPAddress?
    var socket: UDPSocket
    /// How many datagrams it consists of.
    var count = 1
    /// The next entry of the same socket.
    var next: Int?
    var isFirst: Bool
  }

  /// Datagrams that the kernel did not take.
  typealias Unsent = SocketLoop.Unsent

  private let bytes: UnsafeMutableRawBufferPointer
  private var used = 0
  private var entries: [Entry] = []
  /// The last entry of each socket, by its descriptor. Only those of entries that are there count.
  private var lasts: [Int32] = []
  private let ordered: UnsafeMutablePointer<linux_departure>
  private let parts: UnsafeMutablePointer<linux_departure>
  private var canSegment = true
  private(set) var unsent: [Unsent] = []

  /// The most entries, and datagrams of one entry.
  fileprivate static var capacity: Int { Int(LINUX_DEPARTURES) }
  /// Datagrams that are longer do not fit the usual link, so that the kernel would not cut them.
  fileprivate static var longestSegment: Int { 1452 }
  /// The longest that all segments of one may be together, less than the longest IP packet.
  fileprivate static var longestEntry: Int { 64_000 }

  init() {
    bytes = .allocate(byteCount: 1 << 18, alignment: 64)
    ordered = .allocate(capacity: Self.capacity)
    parts = .allocate(capacity: Self.capacity)
    entries.reserveCapacity(Self.capacity)
  }

  deinit {
    bytes.deallocate()
    ordered.deallocate()
    parts.deallocate()
  }

  /// Adds a datagram, whose bytes are copied.
  mutating func add(
    _ data: UnsafeRawBufferPointer, on socket: UDPSocket, to destination: TransportAddress,
    from source: IPAddress?
  ) {
    if entries.count == Self.capacity || used + data.count > bytes.count { flush() }
    guard data.count <= bytes.count else {
      return unsent.append(Unsent(socket: socket, count: 1, byteCount: data.count))
    }
    let start = bytes.baseAddress! + used
    if let from = data.baseAddress { start.copyMemory(from: from, byteCount: data.count) }
    used += data.count

    let descriptor = Int(socket.descriptor)
    while lasts.count <= descriptor { lasts.append(-1) }
    let last = Int(lasts[descriptor])
    var isFirst = true
    if entries.indices.contains(last), entries[last].socket === socket {
      if entries[last].append(data.count, at: start, to: destination, source, canSegment) { return }
      entries[last].next = entries.count
      isFirst = false
    }
    lasts[descriptor] = Int32(entries.count)
    var entry = Entry(
      destination: destination, source: source, socket: socket, isFirst: isFirst)
    entry.departure.bytes = UnsafeRawPointer(start)
    entry.departure.count = UInt32(data.count)
    entry.departure.destination = linux_endpoint(destination)
    if let source {
      entry.departure.source = linux_endpoint(TransportAddress(source, port: 0))
      entry.departure.hasSource = 1
    }
    entries.append(entry)
  }

  /// Sends all that waits.
  mutating func flush() {
    guard !entries.isEmpty else { return }
    for first in entries.indices where entries[first].isFirst {
      var count = 0
      var next: Int? = first
      while let index = next {
        ordered[count] = entries[index].departure
        count += 1
        next = entries[index].next
      }
      send(ordered, count, on: entries[first].socket)
    }
    entries.removeAll(keepingCapacity: true)
    used = 0
  }

  /// What the kernel did not take since this was last asked.
  mutating func takeUnsent() -> Unsent? { unsent.popLast() }

  // MARK: - Sending

  private mutating func send(
    _ departures: UnsafeMutablePointer<linux_departure>, _ count: Int, on socket: UDPSocket
  ) {
    var start = 0
    var hasFailed = false
    while start < count {
      let sent = linux_udp_send_many(
        socket.descriptor, departures + start, UInt32(count - start))
      if sent > 0 {
        start += Int(sent)
        hasFailed = false
        continue
      }
      switch errno {
      case EINTR: continue
      // This may be an error of something sent before, which stands in the way once.
      case ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, EACCES, EPROTO:
        if socket.keepsErrors, !hasFailed {
          hasFailed = true
          continue
        }
      // Segments that are too long for the way, or a device that does not cut.
      case EINVAL, EMSGSIZE, EIO:
        if departures[start].segment == 0 { break }
        if errno == EIO { canSegment = false }
        let whole = departures[start]
        send(parts, split(whole), on: socket)
        (start, hasFailed) = (start + 1, false)
        continue
      default: break
      }
      let departure = departures[start]
      unsent.append(
        Unsent(
          socket: socket, count: departure.datagramCount, byteCount: Int(departure.count)))
      (start, hasFailed) = (start + 1, false)
    }
  }

  /// The segments of one, each by itself; how many.
  private func split(_ whole: linux_departure) -> Int {
    for index in 0..<whole.datagramCount {
      let start = UInt32(index) * whole.segment
      parts[index] = whole
      parts[index].bytes = whole.bytes + Int(start)
      parts[index].count = min(whole.segment, whole.count - start)
      parts[index].segment = 0
    }
    return whole.datagramCount
  }
}

extension DepartureQueue.Entry {
  /// Makes a datagram the next segment of this; false where it cannot be.
  fileprivate mutating func append(
    _ count: Int, at start: UnsafeRawPointer, to destination: TransportAddress,
    _ source: IPAddress?, _ canSegment: Bool
  ) -> Bool {
    let whole = Int(departure.count)
    let segment = departure.segment == 0 ? whole : Int(departure.segment)
    guard canSegment, count > 0, count <= segment, segment <= DepartureQueue.longestSegment,
      // The last segment alone may be shorter.
      whole % segment == 0, self.count < DepartureQueue.capacity,
      whole + count <= DepartureQueue.longestEntry, departure.bytes + whole == start,
      self.destination == destination, self.source == source
    else { return false }
    departure.segment = UInt32(segment)
    departure.count += UInt32(count)
    self.count += 1
    return true
  }
}

extension linux_departure {
  fileprivate var datagramCount: Int {
    segment == 0 ? 1 : Int((count + segment - 1) / segment)
  }
}
