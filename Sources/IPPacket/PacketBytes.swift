public import ByteOrder
public import TransportAddress

// The words and addresses of a packet in network byte order. Every caller has checked the packet's
// length, and each access is checked once more.

extension Span<UInt8> {
  @inlinable @inline(__always)
  package func word(at offset: Int) -> UInt16 {
    bytes.bigEndian16(at: offset)
  }

  @inlinable @inline(__always)
  package func doubleWord(at offset: Int) -> UInt32 {
    bytes.bigEndian32(at: offset)
  }

  @inlinable @inline(__always)
  package func addressV4(at offset: Int) -> IPv4Address {
    IPv4Address(rawValue: doubleWord(at: offset))
  }

  @inlinable @inline(__always)
  package func address(at offset: Int, isV6: Bool) -> IPAddress {
    if !isV6 { return .v4(IPv4Address(rawValue: doubleWord(at: offset))) }
    return .v6(
      IPv6Address(
        high: bytes.bigEndian64(at: offset), low: bytes.bigEndian64(at: offset + 8)))
  }
}

extension MutableSpan<UInt8> {
  /// Writes a word, and notes the change for the checksums that cover it.
  @inlinable @inline(__always)
  package mutating func replace(
    at offset: Int, by new: UInt16, _ first: inout ChecksumDelta, _ second: inout ChecksumDelta
  ) {
    let old = span.word(at: offset)
    first.replace(old, by: new)
    second.replace(old, by: new)
    write(new, at: offset)
  }

  @inlinable @inline(__always)
  package mutating func write(_ word: UInt16, at offset: Int) {
    var bytes = mutableBytes
    bytes.storeBigEndian(word, at: offset)
  }

  @inlinable @inline(__always)
  package mutating func write(doubleWord: UInt32, at offset: Int) {
    var bytes = mutableBytes
    bytes.storeBigEndian(doubleWord, at: offset)
  }

  /// Writes an address, and notes the change for the checksums that cover it.
  @inlinable @inline(__always)
  package mutating func replace(
    at offset: Int, by address: IPAddress, _ first: inout ChecksumDelta,
    _ second: inout ChecksumDelta
  ) {
    switch address {
    case .v4(let address): replace(at: offset, by: address.rawValue, &first, &second)
    case .v6(let address):
      replace(at: offset, by: UInt32(truncatingIfNeeded: address.high >> 32), &first, &second)
      replace(at: offset + 4, by: UInt32(truncatingIfNeeded: address.high), &first, &second)
      replace(at: offset + 8, by: UInt32(truncatingIfNeeded: address.low >> 32), &first, &second)
      replace(at: offset + 12, by: UInt32(truncatingIfNeeded: address.low), &first, &second)
    }
  }

  @inlinable @inline(__always)
  package mutating func replace(
    at offset: Int, by new: UInt32, _ first: inout ChecksumDelta, _ second: inout ChecksumDelta
  ) {
    let old = span.doubleWord(at: offset)
    first.replace(old, by: new)
    second.replace(old, by: new)
    var bytes = mutableBytes
    bytes.storeBigEndian(new, at: offset)
  }
}
