/// Bytes of a TCP stream that have become readable, with the frame that brought them.
struct StreamPiece {
  /// The bytes, in the order of the stream.
  var bytes: [UInt8]
  /// How many bytes before these the capture does not hold.
  var missingBefore = 0
  /// The frame that brought them, counted from 1.
  var frameNumber: Int
  /// When, in nanoseconds since 1970.
  var time: Int64
  /// Which interface recorded them.
  var interface: Int
}

/// One direction of a TCP connection, put together from its segments.
///
/// Segments that come early wait, those that come again are dropped. What a capture never saw leaves
/// a gap: when too much waits behind it, or the capture ends, reading goes on after it.
struct TCPStream {
  private var next: UInt32?
  private var early: [(sequence: UInt32, piece: StreamPiece)] = []
  private var earlyByteCount = 0
  private static let mostEarlyBytes = 1 << 20
  /// Each that arrives is held against all of them.
  private static let mostEarlySegments = 256

  /// The pieces that have become readable, in order.
  mutating func received(
    _ piece: StreamPiece, sequence: UInt32, isStart: Bool
  ) -> [StreamPiece] {
    if isStart {
      self = TCPStream()
      next = sequence
    }
    guard !piece.bytes.isEmpty else { return [] }
    // A capture that begins in the middle is read from its first segment on.
    if next == nil { next = sequence }
    early.append((sequence, piece))
    earlyByteCount += piece.bytes.count
    var readable = takeReadable()
    while earlyByteCount > Self.mostEarlyBytes || early.count > Self.mostEarlySegments {
      readable += skipGap()
    }
    return readable
  }

  /// What still waits behind gaps.
  mutating func finish() -> [StreamPiece] {
    var readable: [StreamPiece] = []
    while !early.isEmpty { readable += skipGap() }
    return readable
  }

  private mutating func skipGap() -> [StreamPiece] {
    guard let next else { return [] }
    let distances = early.map { Int(Int32(bitPattern: $0.sequence &- next)) }
    guard let nearest = distances.indices.min(by: { distances[$0] < distances[$1] }),
      distances[nearest] > 0
    else { return [] }
    early[nearest].piece.missingBefore = distances[nearest]
    self.next = early[nearest].sequence
    return takeReadable()
  }

  private mutating func takeReadable() -> [StreamPiece] {
    var readable: [StreamPiece] = []
    guard var next else { return [] }
    var hasMoved = true
    while hasMoved {
      hasMoved = false
      for index in early.indices.reversed() {
        var (sequence, piece) = early[index]
        // The distance wraps with the sequence numbers: negative is what has been read before.
        let distance = Int(Int32(bitPattern: sequence &- next))
        guard distance <= 0 else { continue }
        early.remove(at: index)
        earlyByteCount -= piece.bytes.count
        if -distance < piece.bytes.count {
          piece.bytes.removeFirst(-distance)
          next = next &+ UInt32(piece.bytes.count)
          readable.append(piece)
          hasMoved = true
        }
      }
    }
    self.next = next
    return readable
  }
}
