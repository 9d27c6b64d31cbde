import ByteOrder
import STUNCodec

/// Finds the messages in one direction of a TCP connection: plain STUN and ChannelData, or RFC 4571
/// framing, from any point of the stream on and across gaps.
///
///     searching -> plain, framed (a message is found), given (nothing was, for too long)
///     plain, framed -> searching (bytes are missing, or are no frame)
///     given -> searching (bytes are missing: what is behind them was not looked at)
struct StreamDissector {
  /// What a stream holds.
  enum Item {
    /// A message or ChannelData, with the number of its bytes that the capture does not hold.
    case frame([UInt8], CapturedMessage.Framing, missing: Int)
    /// Bytes that are missing or were passed over before what comes next.
    case gap(missing: Int, skipped: Int)
  }

  private enum State {
    case searching
    case plain
    case framed
    case given
  }

  private var state = State.searching
  private var buffer: [UInt8] = []
  /// Where the unread part of the buffer begins.
  private var start = 0
  /// Where the last piece begins in the buffer: frames mostly begin where segments do.
  private var pieceStart = 0
  /// Whether a message has been found: then the stream is worth looking through to its end.
  private(set) var hasMessages = false
  /// Whether the first byte of the stream is the first byte here.
  private var isAtStart: Bool
  private var missing = 0
  private var skipped = 0
  private var searched = 0
  /// How much of a stream without messages is looked through.
  private static let longestSearch = 1 << 16

  /// A direction of a connection, seen from its SYN on or from the middle.
  init(isFromStart: Bool) {
    isAtStart = isFromStart
  }

  /// Whether nothing more will be looked for, unless bytes are missing.
  var isGiven: Bool { if case .given = state { true } else { false } }

  /// What the next bytes of the stream complete.
  mutating func received(_ bytes: [UInt8], missingBefore: Int) -> [Item] {
    var items: [Item] = []
    if missingBefore > 0 { items += gapReceived(missingBefore) }
    if case .given = state { return items }
    if start > 0 {
      buffer.removeFirst(start)
      start = 0
    }
    pieceStart = buffer.count
    buffer += bytes
    if skipNext > 0 {
      let count = min(skipNext, buffer.count)
      start = count
      skipNext -= count
    }
    while let item = next() { items.append(item) }
    return items
  }

  /// What is left when the capture or the connection ends.
  mutating func finish() -> [Item] {
    var items = cutFrame().map { [$0.item] } ?? []
    if hasMessages {
      skipped += items.isEmpty ? buffer.count - start : 0
      items += toldGap()
    }
    buffer = []
    start = 0
    state = .given
    return items
  }

  /// How much of what comes belongs to a message of which a part is missing.
  private var skipNext = 0

  /// Ends the frame that has begun, and finds out where the next one begins.
  private mutating func gapReceived(_ count: Int) -> [Item] {
    isAtStart = false
    var items: [Item] = []
    if skipNext > 0 {
      // The gap lies in a message that was cut before.
      let rest = skipNext
      skipNext = max(0, rest - count)
      if count > rest { resynchronise(missing: count) }
    } else if let cut = cutFrame() {
      items.append(cut.item)
      buffer = []
      start = 0
      if cut.remaining >= count {
        skipNext = cut.remaining - count
      } else {
        resynchronise(missing: count)
      }
    } else {
      skipped += buffer.count - start
      buffer = []
      start = 0
      resynchronise(missing: count)
    }
    return items
  }

  private mutating func resynchronise(missing count: Int) {
    missing += count
    if searched < Self.longestSearch || hasMessages { state = .searching }
  }

  /// The frame of which only the beginning is there, where its header tells what it is.
  private func cutFrame() -> (item: Item, remaining: Int)? {
    let offset: Int
    switch state {
    case .plain: offset = 0
    case .framed: offset = 2
    case .searching, .given: return nil
    }
    let rest = buffer.count - start - offset
    guard rest >= 4 else { return nil }
    let position = start + offset
    let isMessage = rest >= STUNHeader.byteCount && hasCookie(at: position)
    let isChannelData = offset == 0 && buffer[position] & 0xC0 == 0x40
    guard isMessage || isChannelData else { return nil }
    let length = number(at: position + 2)
    let byteCount = isMessage ? STUNHeader.byteCount + length : 4 + length
    let inStream = isMessage ? byteCount : (byteCount + 3) & ~3
    return (
      .frame(
        Array(buffer[position..<min(buffer.count, position + byteCount)]),
        offset == 0 ? .none : .rfc4571, missing: max(0, byteCount - rest)), inStream - rest
    )
  }

  private mutating func toldGap() -> [Item] {
    guard missing > 0 || skipped > 0 else { return [] }
    defer { (missing, skipped) = (0, 0) }
    return [.gap(missing: missing, skipped: skipped)]
  }

  // MARK: - Frames

  /// The next item, or nil until more has been received.
  private mutating func next() -> Item? {
    while start < buffer.count {
      switch state {
      case .given: return nil
      case .searching:
        guard search() else { return nil }
        if let gap = toldGap().first { return gap }
      case .plain:
        switch plainFrame() {
        case .some(let byteCount, let streamByteCount):
          guard buffer.count - start >= streamByteCount else { return nil }
          hasMessages = true
          defer { start += streamByteCount }
          return .frame(Array(buffer[start..<start + byteCount]), .none, missing: 0)
        case .more: return nil
        case .none: state = .searching
        }
      case .framed:
        guard buffer.count - start >= 2 else { return nil }
        let length = number(at: start)
        guard buffer.count - start >= 2 + length else { return nil }
        let isMessage = length >= STUNHeader.byteCount && hasCookie(at: start + 2)
        let range = start + 2..<start + 2 + length
        start += 2 + length
        guard isMessage else { continue }
        hasMessages = true
        return .frame(Array(buffer[range]), .rfc4571, missing: 0)
      }
    }
    return nil
  }

  private enum PlainFrame {
    case some(byteCount: Int, streamByteCount: Int)
    case more
    case none
  }

  private func plainFrame() -> PlainFrame {
    let rest = buffer.count - start
    guard rest >= 4 else { return .more }
    let length = number(at: start + 2)
    if buffer[start] & 0xC0 == 0x40 {
      return .some(byteCount: 4 + length, streamByteCount: 4 + (length + 3) & ~3)
    }
    guard buffer[start] < 0x40 else { return .none }
    guard rest >= 8 else { return .more }
    guard hasCookie(at: start) else { return .none }
    return .some(
      byteCount: STUNHeader.byteCount + length, streamByteCount: STUNHeader.byteCount + length)
  }

  // MARK: - Searching

  /// Moves to the next place where a message begins; false until there is one.
  private mutating func search() -> Bool {
    let from = start
    if beginsChannelData() { return found(.plain, at: start, from: from) }
    var position = start
    // A header with the cookie cannot be anything else; whoever frames puts the length before it.
    while position + 8 <= buffer.count {
      if buffer[position] < 0x40, hasCookie(at: position) {
        let length = STUNHeader.byteCount + number(at: position + 2)
        let isFramed = position >= start + 2 && number(at: position - 2) == length
        return found(
          isFramed ? .framed : .plain, at: isFramed ? position - 2 : position, from: from)
      }
      // A stream that is seen from its first byte opens with a message or holds none.
      if isAtStart, position >= start + 2 {
        state = .given
        buffer = []
        start = 0
        return false
      }
      position += 1
    }
    guard !isAtStart || position == start else { return false }
    // What could still be a header's beginning, with its frame's length, stays.
    let end = max(start, buffer.count - 9)
    passOver(end - start)
    start = end
    if !hasMessages, searched > Self.longestSearch {
      state = .given
      buffer = []
      start = 0
    }
    return false
  }

  private mutating func found(_ newState: State, at position: Int, from: Int) -> Bool {
    passOver(position - from)
    start = position
    state = newState
    isAtStart = false
    return true
  }

  private mutating func passOver(_ count: Int) {
    searched += count
    skipped += count
  }

  /// Whether ChannelData begins here: frames up to the end of what has come, or three and more.
  private func beginsChannelData() -> Bool {
    guard start == pieceStart, start < buffer.count, buffer[start] & 0xF0 == 0x40 else {
      return false
    }
    var position = start
    var count = 0
    while position + 4 <= buffer.count, count < 3 {
      if position + 8 <= buffer.count, count > 0, buffer[position] < 0x40, hasCookie(at: position) {
        return true
      }
      guard buffer[position] & 0xF0 == 0x40 else { return false }
      position += 4 + (number(at: position + 2) + 3) & ~3
      count += 1
    }
    return position == buffer.count || (count == 3 && position < buffer.count)
  }

  private func number(at position: Int) -> Int {
    Int(buffer.bigEndian16(at: position))
  }

  private func hasCookie(at position: Int) -> Bool {
    buffer[position + 4] == 0x21 && buffer[position + 5] == 0x12 && buffer[position + 6] == 0xA4
      && buffer[position + 7] == 0x42
  }
}
