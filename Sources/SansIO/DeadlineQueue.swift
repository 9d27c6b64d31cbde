/// A queue of timers by deadline; timers with equal deadlines fire in the order in which they were set.
///
/// Each timer has a key. Ties are broken by a sequence number, so that a simulation with the same
/// seed always runs in the same order.
public struct DeadlineQueue<Key: Hashable> {
  fileprivate struct Entry {
    var deadline: Instant
    var sequence: UInt64
    var key: Key

    static func < (left: Entry, right: Entry) -> Bool {
      (left.deadline, left.sequence) < (right.deadline, right.sequence)
    }
  }

  /// A binary heap: no entry is later than its children, at 2i + 1 and 2i + 2.
  private var heap: [Entry] = []
  /// The index in the heap of each key's entry.
  private var positions: [Key: Int] = [:]
  private var sequence: UInt64 = 0

  /// Creates an empty queue.
  public init() {}

  /// The number of timers that are set.
  public var count: Int { heap.count }

  /// Whether no timer is set.
  public var isEmpty: Bool { heap.isEmpty }

  /// The earliest deadline; nil if no timer is set.
  ///
  /// - Complexity: O(1).
  public var nextDeadline: Instant? { heap.first?.deadline }

  /// The deadline of one timer; nil if it is not set.
  ///
  /// - Complexity: O(1) on average.
  public func deadline(of key: Key) -> Instant? {
    positions[key].map { heap[$0].deadline }
  }

  /// Sets a timer, or moves it if it is set; among equal deadlines it becomes the last.
  ///
  /// - Complexity: O(log *n*).
  public mutating func set(_ key: Key, at deadline: Instant) {
    let entry = Entry(deadline: deadline, sequence: sequence, key: key)
    sequence += 1
    if let position = positions[key] {
      heap[position] = entry
      restore(at: position)
    } else {
      heap.append(entry)
      positions[key] = heap.count - 1
      siftUp(heap.count - 1)
    }
  }

  /// Cancels a timer.
  ///
  /// - Returns: its deadline; nil if it was not set.
  /// - Complexity: O(log *n*).
  @discardableResult
  public mutating func cancel(_ key: Key) -> Instant? {
    positions[key].map { remove(at: $0).deadline }
  }

  /// Removes and returns the first timer that is due; nil if none is.
  ///
  /// - Complexity: O(log *n*).
  public mutating func popDue(at now: Instant) -> (key: Key, deadline: Instant)? {
    guard let first = heap.first, first.deadline <= now else { return nil }
    let entry = remove(at: 0)
    return (entry.key, entry.deadline)
  }

  private mutating func remove(at position: Int) -> Entry {
    let entry = heap[position]
    positions[entry.key] = nil
    let last = heap.removeLast()
    if position < heap.count {
      heap[position] = last
      positions[last.key] = position
      restore(at: position)
    }
    return entry
  }

  /// Restores the heap order after the entry at `position` has changed.
  private mutating func restore(at position: Int) {
    siftUp(position)
    siftDown(position)
  }

  private mutating func siftUp(_ start: Int) {
    var position = start
    while position > 0, heap[position] < heap[(position - 1) / 2] {
      exchange(position, (position - 1) / 2)
      position = (position - 1) / 2
    }
  }

  private mutating func siftDown(_ start: Int) {
    var position = start
    while true {
      var least = position
      for child in [2 * position + 1, 2 * position + 2]
      where child < heap.count && heap[child] < heap[least] {
        least = child
      }
      if least == position { return }
      exchange(position, least)
      position = least
    }
  }

  private mutating func exchange(_ left: Int, _ right: Int) {
    heap.swapAt(left, right)
    positions[heap[left].key] = left
    positions[heap[right].key] = right
  }
}

extension DeadlineQueue.Entry: Sendable where Key: Sendable {}
extension DeadlineQueue: Sendable where Key: Sendable {}
