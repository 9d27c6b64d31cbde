import ByteOrder

/// A STUN message or ChannelData in a TCP stream (RFC 8489 §6.2.2, RFC 8656 §12.5).
///
/// A stream has no packets: one read may bring half a message or three. Both kinds have their length
/// in the first four bytes, which therefore tell how many bytes to wait for.
public enum StreamFrame: Hashable, Sendable {
  /// A STUN message of this many bytes.
  case message(byteCount: Int)
  /// ChannelData of this many bytes, followed by padding to a multiple of four.
  case channelData(byteCount: Int, paddedByteCount: Int)

  /// The number of bytes in the stream, padding included.
  public var streamByteCount: Int {
    switch self {
    case .message(let byteCount): byteCount
    case .channelData(_, let paddedByteCount): paddedByteCount
    }
  }

  /// The frame at the beginning of the bytes, or nil when there are too few bytes to tell.
  ///
  /// The frame may be longer than the bytes: then more have to be read.
  ///
  /// - Parameter numbers: the channel numbers to accept; only captures need more than the default.
  /// - Throws: `notAFrame`, `lengthNotMultipleOfFour` or `wrongMagicCookie`, as soon as the bytes
  ///   show it. Framing cannot recover from an error: close the connection.
  /// - Complexity: O(1); allocates nothing.
  public init?(
    beginning bytes: RawSpan, numbers: ClosedRange<UInt16> = ChannelNumber.validValues
  ) throws(STUNDecodingError) {
    let count = bytes.byteCount
    guard count > 0 else { return nil }
    let first = bytes.byte(at: 0)
    guard first < 0x40 || UInt16(first) <= numbers.upperBound >> 8 else {
      throw STUNDecodingError(.notAFrame, at: 0, expected: 0, found: Int(first))
    }
    guard count >= 4 else { return nil }
    // An Int: in 16 bits, 4 + length would wrap, and a frame could hide in another.
    let length = Int(bytes.bigEndian16(at: 2))
    guard first < 0x40 else {
      self = .channelData(byteCount: 4 + length, paddedByteCount: 4 + (length + 3) & ~3)
      return
    }
    guard length % 4 == 0 else {
      throw STUNDecodingError(.lengthNotMultipleOfFour, at: 2, expected: 4, found: length)
    }
    if count >= 8 {
      let cookie = bytes.bigEndian32(at: 4)
      guard cookie == STUNHeader.magicCookie else {
        throw STUNDecodingError(
          .wrongMagicCookie, at: 4, expected: Int(STUNHeader.magicCookie), found: Int(cookie))
      }
    }
    self = .message(byteCount: STUNHeader.byteCount + length)
  }
}

/// Collects the bytes of a TCP stream and finds its frames in order.
///
///     received ─▶ │ read already │ frame │ frame │ half a frame      │
///                                  ▲ nextRange: where it lies in `bytes`
///
/// It holds at most one unfinished frame and the bytes of the last read: 65 556 bytes and one read,
/// less where the longest frame is. Its memory is used again, so that frames cost no allocation.
public struct StreamReassembler: Sendable {
  private var buffer: [UInt8] = []
  /// How much of the buffer has been returned.
  private var start = 0
  private var failure: STUNDecodingError?
  /// Whether ChannelData may come: no channel is bound before the first message, and what begins like
  /// ChannelData then is some other protocol's, such as `GET / HTTP/1.1`.
  public var acceptsChannelData = true
  /// The channel numbers to accept; a server takes former ones once its client has bound one.
  public var numbers: ClosedRange<UInt16>
  private let maximumFrameByteCount: Int

  /// The most memory that is kept while nothing waits.
  private static var keptCapacity: Int { 1 << 15 }

  /// An empty reassembler that accepts these channel numbers.
  ///
  /// - Parameter maximumFrameByteCount: the longest frame that is taken, padding included; nil for
  ///   whatever the 16 bits of the length can say.
  public init(
    numbers: ClosedRange<UInt16> = ChannelNumber.validValues, maximumFrameByteCount: Int? = nil
  ) {
    self.numbers = numbers
    self.maximumFrameByteCount = maximumFrameByteCount ?? .max
  }

  /// The number of bytes that wait for the rest of their frame.
  public var pendingByteCount: Int { buffer.count - start }

  /// The bytes in which ``nextRange()`` finds frames; the next read changes them.
  public var bytes: Span<UInt8> {
    @_lifetime(borrow self)
    get { buffer.span }
  }

  /// Adds the bytes of one read.
  ///
  /// - Complexity: O(*n*) in the bytes and those that wait.
  public mutating func received(_ bytes: RawSpan) {
    if start == buffer.count, buffer.capacity > Self.keptCapacity {
      buffer = []
    } else if start > 0 {
      buffer.removeFirst(start)
    }
    start = 0
    bytes.withUnsafeBytes { buffer.append(contentsOf: $0) }
  }

  /// Where in ``bytes`` the next whole frame lies, without ChannelData's padding; nil until more has
  /// been received.
  ///
  /// - Throws: as `StreamFrame.init(beginning:)` does, and `frameTooLong` as soon as the length has
  ///   come; every later call throws the same error. What looks like frames inside a frame that was
  ///   refused is never looked at.
  /// - Complexity: O(1); allocates nothing.
  public mutating func nextRange() throws(STUNDecodingError) -> Range<Int>? {
    if let failure { throw failure }
    let available = buffer.count - start
    let frame: StreamFrame?
    do throws(STUNDecodingError) {
      if !acceptsChannelData, available > 0, buffer[start] >= 0x40 {
        throw STUNDecodingError(.notAFrame, at: 0, expected: 0, found: Int(buffer[start]))
      }
      frame = try StreamFrame(
        beginning: buffer.span.bytes.extracting(droppingFirst: start), numbers: numbers)
      if let frame, frame.streamByteCount > maximumFrameByteCount {
        throw STUNDecodingError(
          .frameTooLong, at: 2, expected: maximumFrameByteCount, found: frame.streamByteCount)
      }
    } catch {
      failure = error
      throw error
    }
    guard let frame, frame.streamByteCount <= available else { return nil }
    let count =
      switch frame {
      case .message(let byteCount): byteCount
      case .channelData(let byteCount, _): byteCount
      }
    defer { start += frame.streamByteCount }
    return start..<start + count
  }

  /// The next whole frame, without ChannelData's padding, or nil until more has been received.
  ///
  /// - Throws: as ``nextRange()`` does.
  public mutating func next() throws(STUNDecodingError) -> [UInt8]? {
    guard let range = try nextRange() else { return nil }
    return Array(buffer[range])
  }
}
