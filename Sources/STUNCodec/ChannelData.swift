/// The two bytes that stand for a peer's address once a channel is bound. RFC 8656 §12.
public struct ChannelNumber: RawRepresentable, Hashable, Sendable {
  public let rawValue: UInt16

  @inlinable
  public init(rawValue: UInt16) {
    self.rawValue = rawValue
  }

  /// 0x4000 to 0x4FFF; RFC 5766 had allowed up to 0x7FFF, which RFC 8656 takes back.
  @inlinable
  public static var validValues: ClosedRange<UInt16> { 0x4000...0x4FFF }

  /// What RFC 5766 had allowed, and some programs still send: for whoever reads captures.
  @inlinable
  public static var formerValues: ClosedRange<UInt16> { 0x4000...0x7FFF }

  /// Whether the number may be bound and sent.
  public var isValid: Bool { Self.validValues.contains(rawValue) }
}

extension ChannelNumber: CustomStringConvertible {
  /// `0x4000`.
  public var description: String { Hexadecimal.number(UInt64(rawValue), digits: 4) }
}

/// Application data on its way through a TURN channel, read where it lies.
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
///     |         Channel Number        |            Length             |
///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
///     |                       Application Data ...                    |
///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
///
/// Over a stream it is padded to a multiple of four; in a datagram it need not be. The length never
/// counts the padding. RFC 8656 §12.4 and §12.5.
public struct ChannelDataView: ~Escapable {
  /// How many bytes stand before the data.
  public static var headerByteCount: Int { 4 }

  public let channel: ChannelNumber
  /// The data without header and padding.
  public let data: RawSpan

  /// Reads ChannelData that begins with the bytes; what stands behind its data is its padding.
  ///
  /// - Parameter numbers: the channel numbers taken; RFC 8656's own unless a capture is read.
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

/// Writes ChannelData into the caller's buffer.
public enum ChannelData {
  /// The most data that fits: the length has 16 bits.
  public static let maximumByteCount = 0xFFFF

  /// Writes header, data and, for a stream, the padding, and says how many bytes that took.
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

  /// Writes the header before data that stays where it is, and says how many bytes both take.
  ///
  /// The buffer opens with 4 bytes of headroom, which the header overwrites; the data is the
  /// `dataByteCount` bytes behind them. Over a stream, the padding behind the data is set to zero
  /// (RFC 8656 §12.5).
  ///
  /// - Throws: `channelNumberOutOfRange`, `valueTooLong` or `bufferTooSmall`; then nothing is written.
  /// - Complexity: O(1); allocates nothing.
  public static func writeHeader(
    channel: ChannelNumber, dataByteCount: Int, isPadded: Bool = false,
    into buffer: inout MutableRawSpan
  ) throws(STUNEncodingError) -> Int {
    guard channel.isValid else {
      throw STUNEncodingError(
        code: .channelNumberOutOfRange, attribute: nil, limit: 0x4FFF, found: Int(channel.rawValue))
    }
    guard (0...maximumByteCount).contains(dataByteCount) else {
      throw STUNEncodingError(
        code: .valueTooLong, attribute: .data, limit: maximumByteCount, found: dataByteCount)
    }
    let end = ChannelDataView.headerByteCount + dataByteCount
    let padded = isPadded ? (end + 3) & ~3 : end
    guard padded <= buffer.byteCount else {
      throw STUNEncodingError(
        code: .bufferTooSmall, attribute: .data, limit: buffer.byteCount, found: padded)
    }
    buffer.storeBigEndian(channel.rawValue, at: 0)
    buffer.storeBigEndian(UInt16(dataByteCount), at: 2)
    for offset in end..<padded { buffer.storeBytes(of: 0, toByteOffset: offset, as: UInt8.self) }
    return padded
  }

  /// The bytes of ChannelData, padded if it goes into a stream.
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
