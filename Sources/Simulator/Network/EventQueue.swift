import SansIO

/// What is going to happen in a network, by time.
///
/// Of events at the same time, timers of NATs come first, by node; then the others in the order in
/// which they were added. A NAT may be asked for its next deadline and name an earlier one: its timer
/// is then set more often, and the order of all that can be seen must not depend on that.
///
/// `DeadlineQueue` can move and cancel timers, for which it hashes a key at every step. A packet is
/// never called back, and a timer that comes too early is looked at and set again.
struct EventQueue: Sendable {
  /// A packet on its way to a node.
  struct Flight: Sendable {
    var packet: PacketID
    var bytes: [UInt8]
    /// The node where it arrives.
    var node: NodeID
    /// The node at the other end of the link.
    var sender: NodeID
  }

  enum Event {
    /// The flight at a place arrives; ``land(_:)`` gives it.
    case arrival(Int)
    case endpointTimer(host: Int, endpoint: Int)
    case streamTimer(host: Int)
    case natTimer(router: Int)
  }

  private struct Entry {
    var time: Int64
    var order: UInt64
    var event: Event

    static func < (left: Entry, right: Entry) -> Bool {
      left.time < right.time || left.time == right.time && left.order < right.order
    }
  }

  /// A binary heap: no entry is later than its children, at 2i + 1 and 2i + 2.
  private var heap: [Entry] = []
  /// The packets on their way, at places that the heap's entries name, so that the heap moves little.
  private var flights: [Flight] = []
  private var freePlaces: [Int] = []
  /// Orders of NATs' timers are below.
  private var sequence: UInt64 = 1 << 32

  /// How many packets are on their way.
  var flightCount: Int { flights.count - freePlaces.count }

  /// Sends a packet on its way.
  mutating func add(_ flight: consuming Flight, at time: Instant) {
    if let place = freePlaces.popLast() {
      flights[place] = flight
      add(.arrival(place), at: time)
    } else {
      flights.append(flight)
      add(.arrival(flights.count - 1), at: time)
    }
  }

  /// Takes a packet out that has arrived.
  mutating func land(_ place: Int) -> Flight {
    let flight = flights[place]
    flights[place].bytes = []
    freePlaces.append(place)
    return flight
  }

  /// Sets a timer.
  mutating func add(_ event: Event, at time: Instant) {
    var order = sequence
    if case .natTimer(let router) = event {
      order = UInt64(router)
    } else {
      sequence += 1
    }
    heap.append(Entry(time: time.nanoseconds, order: order, event: event))
    siftUp(heap.count - 1)
  }

  /// Takes out the first event, if it is due.
  mutating func popDue(at now: Instant) -> (event: Event, time: Instant)? {
    guard let first = heap.first, first.time <= now.nanoseconds else { return nil }
    let last = heap.removeLast()
    if !heap.isEmpty {
      heap[0] = last
      siftDown(0)
    }
    return (first.event, Instant(nanoseconds: first.time))
  }

  private mutating func siftUp(_ start: Int) {
    var position = start
    let entry = heap[position]
    while position > 0 {
      let parent = (position - 1) / 2
      guard entry < heap[parent] else { break }
      heap[position] = heap[parent]
      position = parent
    }
    heap[position] = entry
  }

  private mutating func siftDown(_ start: Int) {
    var position = start
    let entry = heap[position]
    while true {
      var child = 2 * position + 1
      guard child < heap.count else { break }
      if child + 1 < heap.count, heap[child + 1] < heap[child] { child += 1 }
      guard heap[child] < entry else { break }
      heap[position] = heap[child]
      position = child
    }
    heap[position] = entry
  }
}
