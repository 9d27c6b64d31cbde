import TransportAddress

/// Reading and writing in network order; every caller has checked the packet's length.
extension Span<UInt8> {
  @inline(__always)
  func word(at offset: Int) -> UInt16 {
    UInt16(self[offset]) << 8 | UInt16(self[offset + 1])
  }

  func doubleWord(at offset: Int) -> UInt32 {
    UInt32(word(at: offset)) << 16 | UInt32(word(at: offset + 2))
  }

  func address(at offset: Int, isV6: Bool) -> IPAddress {
    if !isV6 { return .v4(IPv4Address(rawValue: doubleWord(at: offset))) }
    let high = UInt64(doubleWord(at: offset)) << 32 | UInt64(doubleWord(at: offset + 4))
    let low = UInt64(doubleWord(at: offset + 8)) << 32 | UInt64(doubleWord(at: offset + 12))
    return .v6(IPv6Address(high: high, low: low))
  }
}

extension MutableSpan<UInt8> {
  /// Writes a word, and notes the change for the checksums that cover it.
  @inline(__always)
  mutating func replace(
    at offset: Int, by new: UInt16, _ first: inout ChecksumDelta, _ second: inout ChecksumDelta
  ) {
    let old = span.word(at: offset)
    first.replace(old, by: new)
    second.replace(old, by: new)
    write(new, at: offset)
  }

  @inline(__always)
  mutating func write(_ word: UInt16, at offset: Int) {
    self[offset] = UInt8(truncatingIfNeeded: word >> 8)
    self[offset + 1] = UInt8(truncatingIfNeeded: word)
  }

  /// Writes an address, and notes the change for the checksums that cover it.
  mutating func replace(
    at offset: Int, by address: IPAddress, _ first: inout ChecksumDelta,
    _ second: inout ChecksumDelta
  ) {
    switch address {
    case .v4(let address):
      replace(at: offset, by: UInt16(truncatingIfNeeded: address.rawValue >> 16), &first, &second)
      replace(at: offset + 2, by: UInt16(truncatingIfNeeded: address.rawValue), &first, &second)
    case .v6(let address):
      var shift = 48
      while shift >= 0 {
        let place = offset + (48 - shift) / 8
        let high = UInt16(truncatingIfNeeded: address.high >> UInt64(shift))
        let low = UInt16(truncatingIfNeeded: address.low >> UInt64(shift))
        replace(at: place, by: high, &first, &second)
        replace(at: place + 8, by: low, &first, &second)
        shift -= 16
      }
    }
  }
}
