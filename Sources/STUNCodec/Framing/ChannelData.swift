public import ByteOrder

/// The two bytes that stand for a peer's address once a channel is bound (RFC 8656 §12).
public struct ChannelNumber: RawRepresentable, Hashable, Sendable {
  /// The number, valid or not.
  public let rawValue: UInt16

  /// The channel with this number, valid or not.
  @inlinable
  public init(rawValue: UInt16) {
    self.rawValue = rawValue
  }

  /// The numbers that may be bound, 0x4000 to 0x4FFF (RFC 8656 §12).
  @inlinable
  public static var validValues: ClosedRange<UInt16> { 0x4000...0x4FFF }

  /// The numbers that RFC 5766 allowed and some programs still send, for reading captures
  /// (RFC 5766 §11).
  @inlinable
  public static var formerValues: ClosedRange<UInt16> { 0x4000...0x7FFF }

  /// Whether the number may be bound and sent.
  public var isValid: Bool { Self.validValues.contains(rawValue) }
}

extension ChannelNumber: CustomStringConvertible {
  /// `0x4000`.
  public var description: String { Hexadecimal.number(UInt64(rawValue), digits: 4) }
}

/// A ChannelData message, read where its bytes lie (RFC 8656 §12.4, §12.5).
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
///     |         Channel Number        |            Length             |
///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
///     |                       Application Data ...                    |
///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
///
/// Over a stream it is padded to a multiple of four; in a datagram it need not be. The length does
/// not count the padding.
public struct ChannelDataView: ~Escapable {
  /// The header's size in bytes.
  public static var headerByteCount: Int { 4 }

  /// The channel, which stands for the peer.
  public let channel: ChannelNumber
  /// The application data without header and padding.
  public let data: RawSpan

  /// Reads ChannelData from the beginning of the bytes; bytes after its data count as padding.
  ///
  /// - Parameter numbers: the channel numbers to accept; only captures need more than the default.
  /// - Throws: `channelHeaderTruncated`, `channelNumberOutOfRange` or `channelDataTruncated`.
  /// - Complexity: O(1); allocates nothing.
  @inlinable
  @_lifetime(copy bytes)
  public init(
    _ bytes: RawSpan, numbers: ClosedRange<UInt16> = ChannelNumber.validValues
  ) throws(STUNDecodingError) {
    guard bytes.byteCount >= 4 else {
      throw STUNDecodingError(
        .channelHeaderTruncated, at: bytes.byteCount, expected: 4, found: bytes.byteCount)
    }
    let number = bytes.bigEndian16(at: 0)
    guard numbers.contains(number) else {
      throw STUNDecodingError(
        .channelNumberOutOfRange, at: 0, expected: 0x4000, found: Int(number))
    }
    let length = Int(bytes.bigEndian16(at: 2))
    guard length <= bytes.byteCount - 4 else {
      throw STUNDecodingError(
        .channelDataTruncated, at: 2, expected: length, found: bytes.byteCount - 4)
    }
    channel = ChannelNumber(rawValue: number)
    data = bytes.extracting(4..<4 + length)
  }
}

/// Writes ChannelData into the caller's buffer (RFC 8656 §12.4).
public enum ChannelData {
  /// The most bytes of data, as the length has 16 bits.
  public static let maximumByteCount = 0xFFFF

  /// Writes header, data and, for a stream, padding; returns how many bytes that took.
  ///
  /// - Throws: `channelNumberOutOfRange`, `valueTooLong` or `bufferTooSmall`; then nothing is written.
  /// - Complexity: O(*n*) in the data, which is copied as memory; allocates nothing.
  public static func write(
    _ data: RawSpan, channel: ChannelNumber, isPadded: Bool, into buffer: inout MutableRawSpan
  ) throws(STUNEncodingError) -> Int {
    let end = try writeHeader(
      channel: channel, dataByteCount: data.byteCount, isPadded: isPadded, into: &buffer)
    buffer.copyMemory(from: data, at: ChannelDataView.headerByteCount)
    return end
  }

  /// Writes the header in front of data that stays where it is; returns how many bytes both take.
  ///
  /// At `offset` the buffer has 4 bytes of headroom, which the header overwrites; the data are the
  /// `dataByteCount` bytes after them. Over a stream, the padding after the data is set to zero
  /// (RFC 8656 §12.5).
  ///
  /// - Parameter numbers: the channel numbers to accept; only a server of clients that still have
  ///   former ones needs more than the default.
  /// - Throws: `channelNumberOutOfRange`, `valueTooLong` or `bufferTooSmall`; then nothing is written.
  /// - Complexity: O(1); allocates nothing.
  public static func writeHeader(
    channel: ChannelNumber, dataByteCount: Int, isPadded: Bool = false, at offset: Int = 0,
    numbers: ClosedRange<UInt16> = ChannelNumber.validValues, into buffer: inout MutableRawSpan
  ) throws(STUNEncodingError) -> Int {
    guard numbers.contains(channel.rawValue) else {
      throw STUNEncodingError(
        code: .channelNumberOutOfRange, attribute: nil, limit: Int(numbers.upperBound),
        found: Int(channel.rawValue))
    }
    guard (0...maximumByteCount).contains(dataByteCount) else {
      throw STUNEncodingError(
        code: .valueTooLong, attribute: .data, limit: maximumByteCount, found: dataByteCount)
    }
    let end = ChannelDataView.headerByteCount + dataByteCount
    let padded = isPadded ? (end + 3) & ~3 : end
    guard offset >= 0, padded <= buffer.byteCount - offset else {
      throw STUNEncodingError(
        code: .bufferTooSmall, attribute: .data, limit: buffer.byteCount - offset, found: padded)
    }
    buffer.storeBigEndian(channel.rawValue, at: offset)
    buffer.storeBigEndian(UInt16(dataByteCount), at: offset + 2)
    for padding in end..<padded {
      buffer.storeBytes(of: 0, toByteOffset: offset + padding, as: UInt8.self)
    }
    return padded
  }

  /// The bytes of a ChannelData message, padded if it goes into a stream.
  ///
  /// - Throws: as `write` does, but never `bufferTooSmall`.
  public static func encode(
    _ data: [UInt8], channel: ChannelNumber, isPadded: Bool = false
  ) throws(STUNEncodingError) -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: (4 + data.count + 3) & ~3)
    let count = try encode(data, channel, isPadded, into: &buffer)
    buffer.removeLast(buffer.count - count)
    return buffer
  }

  private static func encode(
    _ data: [UInt8], _ channel: ChannelNumber, _ isPadded: Bool, into buffer: inout [UInt8]
  ) throws(STUNEncodingError) -> Int {
    var span = buffer.mutableSpan
    var bytes = span.mutableBytes
    return try write(data.span.bytes, channel: channel, isPadded: isPadded, into: &bytes)
  }
}
