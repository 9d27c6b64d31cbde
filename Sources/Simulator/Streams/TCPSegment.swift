import IPPacket
import TransportAddress

/// A TCP segment (RFC 9293 §3.1).
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     +-------------------------------+-------------------------------+
///     |          Source Port          |       Destination Port        |
///     +-------------------------------+-------------------------------+
///     |                        Sequence Number                        |
///     +---------------------------------------------------------------+
///     |                    Acknowledgment Number                      |
///     +-------+-------+---------------+-------------------------------+
///     | Offset| Rsrvd | Control bits  |            Window             |
///     +-------+-------+---------------+-------------------------------+
///     |           Checksum            |         Urgent Pointer        |
///     +-------------------------------+-------------------------------+
///     |                Options, then the data                         |
///
/// Of the options there is the maximum segment size alone.
struct TCPSegment: Hashable, Sendable {
  var sequence: SequenceNumber
  /// Meaningless without the flag ACK.
  var acknowledgment = SequenceNumber(0)
  var flags: TCPFlags
  var window: UInt16 = 0xFFFF
  /// The largest segment that the sender takes (RFC 9293 §3.7.1); nil without the option.
  var maximumSize: UInt16?
  var data: [UInt8] = []

  init(_ flags: TCPFlags, sequence: SequenceNumber) {
    self.flags = flags
    self.sequence = sequence
  }

  /// How much of the sequence space it takes: SYN and FIN count as a byte each (RFC 9293 §3.4).
  var length: Int {
    data.count + (flags.contains(.syn) ? 1 : 0) + (flags.contains(.fin) ? 1 : 0)
  }

  /// The reset that answers a segment for which there is no connection (RFC 9293 §3.10.7.1); nil for
  /// a reset, which is never answered.
  var reset: TCPSegment? {
    if flags.contains(.rst) { return nil }
    if flags.contains(.ack) { return TCPSegment(.rst, sequence: acknowledgment) }
    var reset = TCPSegment([.rst, .ack], sequence: SequenceNumber(0))
    reset.acknowledgment = sequence + length
    return reset
  }
}

// MARK: - As bytes

extension TCPSegment {
  /// The bytes of an IPv4 and a TCP header without options.
  static let headersLength = 40

  /// Reads the segment in a packet; the checksum has been verified.
  ///
  /// - Throws: if its header does not fit.
  init(_ bytes: Span<UInt8>, at start: Int, end: Int) throws(PacketError) {
    guard end - start >= 20 else { throw PacketError(offset: end, reason: .truncated) }
    let headerLength = Int(bytes[start + 12] >> 4) * 4
    guard headerLength >= 20 else {
      throw PacketError(offset: start + 12, reason: .headerTooShort)
    }
    guard end - start >= headerLength else { throw PacketError(offset: end, reason: .truncated) }
    sequence = SequenceNumber(bytes.doubleWord(at: start + 4))
    acknowledgment = SequenceNumber(bytes.doubleWord(at: start + 8))
    flags = TCPFlags(rawValue: bytes[start + 13])
    window = bytes.word(at: start + 14)
    maximumSize = Self.maximumSize(bytes, in: start + 20..<start + headerLength)
    data = Array(bytes.extracting(start + headerLength..<end))
  }

  /// The option with kind 2, among others that are passed over (RFC 9293 §3.2).
  private static func maximumSize(_ bytes: Span<UInt8>, in options: Range<Int>) -> UInt16? {
    var place = options.lowerBound
    while place < options.upperBound, bytes[place] != 0 {
      if bytes[place] == 1 {
        place += 1
        continue
      }
      guard place + 1 < options.upperBound else { return nil }
      let length = Int(bytes[place + 1])
      guard length >= 2, place + length <= options.upperBound else { return nil }
      if bytes[place] == 2, length == 4 { return bytes.word(at: place + 2) }
      place += length
    }
    return nil
  }

  /// The segment as a packet with right checksums, and in IPv4 with DF set, as a host sends it that
  /// looks for the path's MTU (RFC 1191 §3).
  ///
  /// - Precondition: both addresses are of one family.
  func packet(from source: TransportAddress, to destination: TransportAddress) -> [UInt8] {
    let headerLength = maximumSize == nil ? 20 : 24
    let start = source.address.isV6 ? 40 : 20
    var packet = [UInt8](repeating: 0, count: start + headerLength)
    packet += data
    let length = packet.count - start
    var bytes = packet.mutableSpan
    let addresses: Range<Int>
    switch (source.address, destination.address) {
    case (.v4(let source), .v4(let destination)):
      bytes.writeIPv4Header(
        start + length, .tcp, from: source, to: destination, typeOfService: 0, mayFragment: false)
      addresses = 12..<20
    case (.v6(let source), .v6(let destination)):
      bytes.writeIPv6Header(length, .tcp, from: source, to: destination)
      addresses = 8..<40
    default: preconditionFailure("a connection has one family: not \(source) and \(destination)")
    }
    bytes.write(source.port, at: start)
    bytes.write(destination.port, at: start + 2)
    bytes.write(sequence.rawValue, at: start + 4)
    bytes.write(flags.contains(.ack) ? acknowledgment.rawValue : 0, at: start + 8)
    bytes[start + 12] = UInt8(headerLength / 4) << 4
    bytes[start + 13] = flags.rawValue
    bytes.write(window, at: start + 14)
    if let maximumSize {
      bytes[start + 20] = 2
      bytes[start + 21] = 4
      bytes.write(maximumSize, at: start + 22)
    }
    var checksum = Checksum()
    checksum.add(bytes.span, in: addresses)
    checksum.add(UInt16(TransportProtocol.tcp.rawValue))
    checksum.add(UInt16(length))
    checksum.add(bytes.span, in: start..<start + length)
    bytes.write(checksum.value, at: start + 16)
    return packet
  }
}

extension MutableSpan<UInt8> {
  fileprivate mutating func write(_ word: UInt32, at offset: Int) {
    write(UInt16(truncatingIfNeeded: word >> 16), at: offset)
    write(UInt16(truncatingIfNeeded: word), at: offset + 2)
  }
}
