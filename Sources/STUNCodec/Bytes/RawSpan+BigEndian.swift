extension RawSpan {
  /// Two bytes in network order; traps past the end.
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

  /// Four bytes that are known to be there, without a second check.
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

  /// A copy of the bytes.
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
  /// Copies bytes as memory, which may overlap; traps where they do not fit.
  @_lifetime(self: copy self)
  mutating func copyMemory(from source: RawSpan, at offset: Int) {
    let count = source.byteCount
    precondition(offset >= 0 && count <= byteCount - offset, "the bytes do not fit")
    withUnsafeMutableBytes { target in
      source.withUnsafeBytes { source in
        // Proven above: `offset..<offset + count` is inside the target.
        if let start = target.baseAddress, let bytes = source.baseAddress {
          (start + offset).copyMemory(from: bytes, byteCount: count)
        }
      }
    }
  }

  /// Sets these bytes to zero; traps past the end.
  @_lifetime(self: copy self)
  mutating func clear(_ range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= byteCount, "the bytes are not there")
    withUnsafeMutableBytes { target in
      _ = target[range].initializeMemory(as: UInt8.self, repeating: 0)
    }
  }
}
