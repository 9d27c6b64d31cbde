/// Cuts a TCP stream into the STUN messages and ChannelData that were put into it.
///
/// A stream has no packets: one read may bring half a message or three. But both kinds open with
/// their length, so whoever has four bytes knows how many to wait for. RFC 8489 §6.2.2, RFC 8656
/// §12.5.
public enum StreamFrame: Hashable, Sendable {
  /// A STUN message of this many bytes.
  case message(byteCount: Int)
  /// ChannelData of this many bytes, and behind it padding up to a multiple of four.
  case channelData(byteCount: Int, paddedByteCount: Int)

  /// How many bytes of the stream the frame takes.
  public var streamByteCount: Int {
    switch self {
    case .message(let byteCount): byteCount
    case .channelData(_, let paddedByteCount): paddedByteCount
    }
  }

  /// The frame that the bytes begin with, or nil as long as it cannot be told.
  ///
  /// The frame may reach past the bytes: then more have to be read.
  ///
  /// - Parameter numbers: the channel numbers taken; RFC 8656's own unless a capture is read.
  /// - Throws: as soon as it can be seen, `notAFrame`, `lengthNotMultipleOfFour` or
  ///   `wrongMagicCookie`. A stream that has gone wrong cannot be set right again: close it.
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
    // Reckoned as Int: in 16 bits, 4 + length would wrap, and a frame could hide in another.
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

/// Collects what a stream brings and gives out whole frames, in their order.
///
/// It never holds more than one unfinished frame and what the last read brought with it: at most
/// 65 556 bytes and one read.
public struct StreamReassembler: Sendable {
  private var buffer: [UInt8] = []
  /// How much of the buffer has been given out.
  private var start = 0
  private var failure: STUNDecodingError?
  private let numbers: ClosedRange<UInt16>

  /// An empty one, that takes these channel numbers.
  public init(numbers: ClosedRange<UInt16> = ChannelNumber.validValues) {
    self.numbers = numbers
  }

  /// How many bytes wait for the rest of their frame.
  public var pendingByteCount: Int { buffer.count - start }

  /// Takes what has been read.
  public mutating func received(_ bytes: RawSpan) {
    if start > 0 {
      buffer.removeFirst(start)
      start = 0
    }
    bytes.withUnsafeBytes { buffer.append(contentsOf: $0) }
  }

  /// The next whole frame, without ChannelData's padding, or nil until more has been received.
  ///
  /// - Throws: as `StreamFrame.init(beginning:)` does, and then for ever the same.
  public mutating func next() throws(STUNDecodingError) -> [UInt8]? {
    if let failure { throw failure }
    let available = buffer.count - start
    let frame: StreamFrame?
    do throws(STUNDecodingError) {
      frame = try StreamFrame(
        beginning: buffer.span.bytes.extracting(droppingFirst: start), numbers: numbers)
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
    return Array(buffer[start..<start + count])
  }
}
