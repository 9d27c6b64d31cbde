public import TransportAddress

/// Reading and writing in network order; every caller has checked the packet's length, and each
/// access is checked once more: unsafe is only that any bits are an integer.
extension Span<UInt8> {
  @inlinable @inline(__always)
  package func word(at offset: Int) -> UInt16 {
    UInt16(bigEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self))
  }

  @inlinable @inline(__always)
  package func doubleWord(at offset: Int) -> UInt32 {
    UInt32(bigEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }

  @inlinable @inline(__always)
  package func addressV4(at offset: Int) -> IPv4Address {
    IPv4Address(rawValue: doubleWord(at: offset))
  }

  @inlinable @inline(__always)
  package func address(at offset: Int, isV6: Bool) -> IPAddress {
    if !isV6 { return .v4(IPv4Address(rawValue: doubleWord(at: offset))) }
    let high = UInt64(doubleWord(at: offset)) << 32 | UInt64(doubleWord(at: offset + 4))
    let low = UInt64(doubleWord(at: offset + 8)) << 32 | UInt64(doubleWord(at: offset + 12))
    return .v6(IPv6Address(high: high, low: low))
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
    bytes.storeBytes(of: word.bigEndian, toByteOffset: offset, as: UInt16.self)
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
    bytes.storeBytes(of: new.bigEndian, toByteOffset: offset, as: UInt32.self)
  }
}
