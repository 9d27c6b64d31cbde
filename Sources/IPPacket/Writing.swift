public import TransportAddress

/// Writing in network order; every caller has checked the room.
extension MutableSpan<UInt8> {
  /// Puts the checksum into an ICMP message from end to end.
  @inlinable
  package mutating func writeMessageChecksum(at start: Int, end: Int, isV6: Bool) {
    write(0, at: start + 2)
    var checksum = Checksum()
    checksum.add(span, in: start..<end)
    if isV6 {
      checksum.add(span, in: 8..<40)
      checksum.add(UInt16(truncatingIfNeeded: end - start))
      checksum.add(UInt16(TransportProtocol.icmpv6.rawValue))
    }
    write(checksum.value, at: start + 2)
  }

  /// Copies bytes of another span.
  @inlinable
  package mutating func copy(_ bytes: Span<UInt8>, _ range: Range<Int>, to offset: Int) {
    guard !range.isEmpty else { return }
    let source = bytes.extracting(range)
    precondition(offset >= 0 && offset <= count - source.count, "there is room for the bytes")
    withUnsafeMutableBufferPointer { target in
      source.withUnsafeBufferPointer { source in
        // Neither is empty, so that both have addresses.
        (target.baseAddress! + offset).update(from: source.baseAddress!, count: source.count)
      }
    }
  }

  @inlinable @inline(__always)
  package mutating func write(_ address: IPv4Address, at offset: Int) {
    write(doubleWord: address.rawValue, at: offset)
  }

  @inlinable
  package mutating func write(_ address: IPv6Address, at offset: Int) {
    writeHalf(address.high, at: offset)
    writeHalf(address.low, at: offset + 8)
  }

  @inlinable
  package mutating func writeHalf(_ half: UInt64, at offset: Int) {
    for word in 0..<4 {
      write(UInt16(truncatingIfNeeded: half >> UInt64(48 - 16 * word)), at: offset + 2 * word)
    }
  }
}
