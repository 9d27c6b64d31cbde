extension RawSpan {
  /// Two bytes, the higher first, as the network sends them; traps past the end.
  @inlinable
  func bigEndian16(at offset: Int) -> UInt16 {
    // Every bit pattern is a valid integer; the load checks its bounds.
    UInt16(bigEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self))
  }

  @inlinable
  func bigEndian32(at offset: Int) -> UInt32 {
    UInt32(bigEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }

  @inlinable
  func bigEndian64(at offset: Int) -> UInt64 {
    UInt64(bigEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  /// For bytes that are known to be there: the check would be made a second time.
  @inlinable
  func bigEndian32(atProven offset: Int) -> UInt32 {
    UInt32(bigEndian: unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt32.self))
  }

  @inlinable
  func bigEndian64(atProven offset: Int) -> UInt64 {
    UInt64(bigEndian: unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self))
  }

  @inlinable
  func byte(at offset: Int) -> UInt8 {
    unsafeLoad(fromByteOffset: offset, as: UInt8.self)
  }

  /// A copy, for whoever must keep the bytes.
  func copied() -> [UInt8] {
    withUnsafeBytes { Array($0) }
  }
}

extension MutableRawSpan {
  @_lifetime(self: copy self)
  mutating func storeBigEndian<Value: FixedWidthInteger & BitwiseCopyable>(
    _ value: Value, at offset: Int
  ) {
    storeBytes(of: value.bigEndian, toByteOffset: offset, as: Value.self)
  }
}
