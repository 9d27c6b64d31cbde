import SansIO
import TransportAddress

/// The inside hosts that have mappings: which outside address is theirs, and what they use of it.
///
/// "Paired" pooling (RFC 4787 §4.1, REQ-2) gives all mappings of a host the same outside address: a
/// peer that knows the host's address from one flow may refuse another that comes from elsewhere.
struct HostEntry: ExpiringEntry {
  // It ends with its last port.
  var deadline = Instant.zero
  var link = Slot.none
  var address: IPAddress
  /// Which of the external addresses it is paired with.
  var addressIndex: UInt16
  var mappings: UInt32 = 0
  /// The ports of its mappings, and those that rest.
  var ports: UInt32 = 0
  /// The first of its port blocks, which are linked; one more than its number, 0 for none.
  var firstBlock: UInt16 = 0
  var blocks: UInt16 = 0
}

struct HostKey: TableKey {
  var address: IPAddress

  func mix(into hash: inout KeyHash) {
    hash.mix(address)
  }
}

/// The blocks of one external address's ports: which are given to a host.
struct BlockTable {
  private var owners: [Slot] = []
  private var used: [UInt32] = []
  private var next: [UInt16] = []
  let range: ClosedRange<UInt16>
  let size: Int
  /// Where the search for a free block begins.
  private var cursor = 0

  init(range: ClosedRange<UInt16>, size: Int) {
    self.range = range
    self.size = max(1, size)
  }

  /// How many whole blocks there are.
  var count: Int { range.count / size }

  func number(of port: UInt16) -> Int? {
    guard range.contains(port) else { return nil }
    let number = Int(port - range.lowerBound) / size
    return number < count ? number : nil
  }

  func ports(of number: Int) -> ClosedRange<UInt16> {
    // The last block ends within the range, as only whole blocks count.
    let first = Int(range.lowerBound) + number * size
    return UInt16(first)...UInt16(first + size - 1)
  }

  func block(after number: Int) -> Int? {
    next[number] == 0 ? nil : Int(next[number]) - 1
  }

  func owner(of number: Int) -> Slot {
    owners.isEmpty ? .none : owners[number]
  }

  /// Gives a free block to a host, in front of its others; nil if there is none.
  mutating func take(for host: Slot, before first: UInt16) -> Int? {
    if owners.isEmpty {
      owners = Array(repeating: .none, count: count)
      used = Array(repeating: 0, count: count)
      next = Array(repeating: 0, count: count)
    }
    for _ in 0..<count {
      cursor = cursor + 1 < count ? cursor + 1 : 0
      guard owners[cursor] == .none else { continue }
      owners[cursor] = host
      next[cursor] = first
      return cursor
    }
    return nil
  }

  mutating func retain(_ number: Int) {
    used[number] += 1
  }

  /// One port less is used.
  ///
  /// - Returns: whether it was the block's last.
  mutating func release(_ number: Int) -> Bool {
    used[number] -= 1
    return used[number] == 0
  }

  /// Takes a block that has no port in use from the host whose chain begins with `first`.
  ///
  /// - Returns: what the chain begins with now.
  mutating func unlink(_ number: Int, from first: UInt16) -> UInt16 {
    owners[number] = .none
    if Int(first) == number + 1 { return next[number] }
    var here = Int(first) - 1
    while Int(next[here]) != number + 1 { here = Int(next[here]) - 1 }
    next[here] = next[number]
    return first
  }
}
