internal import TransportAddress

/// Puts packets together again from their fragments (RFC 791 §3.2, RFC 8200 §4.5).
///
/// A capture may have been made to do harm, so what waits is bounded: so many packets, so many bytes,
/// so long. When it is too much, the packet that has waited longest is given up.
struct FragmentReassembler: Sendable {
  /// What the fragments of a packet have in common.
  struct Key: Hashable {
    let source: IPAddress
    let destination: IPAddress
    let `protocol`: UInt8
    let identification: UInt32
  }

  private struct Waiting {
    let firstTime: Int64
    /// In the order of their offsets, without a byte in common.
    var pieces: [(offset: Int, bytes: [UInt8])] = []
    /// Known once the last fragment has come.
    var byteCount: Int?
    var heldByteCount = 0

    init(since time: Int64) { firstTime = time }

    /// Puts a piece in its place; false when it contradicts what is there.
    mutating func insert(_ bytes: [UInt8], at offset: Int, isLast: Bool) -> Bool {
      let end = offset + bytes.count
      let place = pieces.firstIndex { $0.offset >= offset } ?? pieces.count
      if place < pieces.count, pieces[place].offset < end {
        // The very same one again is what networks do.
        return pieces[place] == (offset, bytes)
      }
      if place > 0, pieces[place - 1].offset + pieces[place - 1].bytes.count > offset {
        return false
      }
      if isLast {
        guard byteCount ?? end == end, place == pieces.count else { return false }
        byteCount = end
      }
      guard end <= byteCount ?? end else { return false }
      pieces.insert((offset, bytes), at: place)
      heldByteCount += bytes.count
      return true
    }
  }

  private var waiting: [Key: Waiting] = [:]
  /// The keys in the order in which their first fragments came.
  private var order: [Key] = []
  private(set) var heldByteCount = 0

  static let longestPacket = 65_535
  static let mostPackets = 256
  static let mostBytes = 1 << 20
  /// RFC 8200 §4.5: 60 seconds.
  static let longestWait: Int64 = 60_000_000_000

  /// Takes a fragment's bytes and their place in the packet's payload.
  ///
  /// - Parameters:
  ///   - time: when it was recorded, in nanoseconds.
  /// - Returns: the whole payload and of how many fragments it was made, once none is missing.
  mutating func received(
    _ bytes: [UInt8], at offset: Int, isLast: Bool, of key: Key, time: Int64
  ) -> (payload: [UInt8], fragmentCount: Int)? {
    if let known = waiting[key], (time &- known.firstTime).magnitude > Self.longestWait {
      forget(key)
    }
    // A fragment that is not the last one ends at a multiple of eight bytes.
    guard !bytes.isEmpty, offset + bytes.count <= Self.longestPacket,
      isLast || bytes.count % 8 == 0
    else { return nil }
    if waiting[key] == nil {
      waiting[key] = Waiting(since: time)
      order.append(key)
    }
    let held = waiting[key]?.heldByteCount ?? 0
    guard
      waiting[key]?.insert(bytes, at: offset, isLast: isLast) == true
    else {
      // Fragments that overlap are no accident: the whole packet is dropped (RFC 8200 §4.5).
      forget(key)
      return nil
    }
    heldByteCount += (waiting[key]?.heldByteCount ?? 0) - held
    if let whole = waiting[key], whole.heldByteCount == whole.byteCount {
      forget(key)
      return (whole.pieces.flatMap(\.bytes), whole.pieces.count)
    }
    while heldByteCount > Self.mostBytes || order.count > Self.mostPackets {
      forget(order[0])
    }
    return nil
  }

  private mutating func forget(_ key: Key) {
    heldByteCount -= waiting.removeValue(forKey: key)?.heldByteCount ?? 0
    order.removeAll { $0 == key }
  }
}
