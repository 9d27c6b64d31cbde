/// One direction of a TCP connection, put together from its segments.
///
/// Segments that come early wait, those that come again are dropped. What a capture never saw leaves
/// a gap; when too much waits behind it, the stream is given up, for nothing after a gap can be read.
struct TCPStream {
  private var next: UInt32?
  private var early: [(sequence: UInt32, bytes: [UInt8])] = []
  private var earlyByteCount = 0
  private(set) var isLost = false
  private static let mostEarlyBytes = 1 << 20
  /// Each that arrives is held against all of them.
  private static let mostEarlySegments = 1024

  /// The bytes that have become readable, in order.
  mutating func received(_ bytes: [UInt8], sequence: UInt32, isStart: Bool) -> [UInt8] {
    if isStart {
      self = TCPStream()
      next = sequence
    }
    guard !isLost, !bytes.isEmpty else { return [] }
    // A capture that begins in the middle is read from its first segment on.
    if next == nil { next = sequence }
    early.append((sequence, bytes))
    earlyByteCount += bytes.count
    if earlyByteCount > Self.mostEarlyBytes || early.count > Self.mostEarlySegments {
      isLost = true
      early = []
      return []
    }
    return takeReadable()
  }

  private mutating func takeReadable() -> [UInt8] {
    var readable: [UInt8] = []
    guard var next else { return [] }
    var hasMoved = true
    while hasMoved {
      hasMoved = false
      for index in early.indices.reversed() {
        let segment = early[index]
        // The distance wraps with the sequence numbers: negative is what has been read before.
        let distance = Int(Int32(bitPattern: segment.sequence &- next))
        guard distance <= 0 else { continue }
        early.remove(at: index)
        earlyByteCount -= segment.bytes.count
        if -distance < segment.bytes.count {
          readable += segment.bytes.dropFirst(-distance)
          next = next &+ UInt32(segment.bytes.count + distance)
          hasMoved = true
        }
      }
    }
    self.next = next
    return readable
  }
}
