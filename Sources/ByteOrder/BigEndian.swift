// Numbers in network byte order, their highest byte first, as all headers have them (RFC 791,
// appendix B). Every bit pattern is a valid number; a load checks that its bytes are there, unless
// its name says that this is proven.

extension RawSpan {
  /// Two bytes as a number; traps past the end.
  @inlinable
  @inline(__always)
  public func bigEndian16(at offset: Int) -> UInt16 {
    UInt16(bigEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self))
  }

  /// Four bytes as a number; traps past the end.
  @inlinable
  @inline(__always)
  public func bigEndian32(at offset: Int) -> UInt32 {
    UInt32(bigEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }

  /// Eight bytes as a number; traps past the end.
  @inlinable
  @inline(__always)
  public func bigEndian64(at offset: Int) -> UInt64 {
    UInt64(bigEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  /// Four bytes that the caller has proven to be there, as a number.
  @inlinable
  @inline(__always)
  public func bigEndian32(atProven offset: Int) -> UInt32 {
    UInt32(bigEndian: unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt32.self))
  }

  /// Eight bytes that the caller has proven to be there, as a number.
  @inlinable
  @inline(__always)
  public func bigEndian64(atProven offset: Int) -> UInt64 {
    UInt64(bigEndian: unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self))
  }
}

extension MutableRawSpan {
  /// Stores a number, its highest byte first; traps past the end.
  @inlinable
  @inline(__always)
  @_lifetime(self: copy self)
  public mutating func storeBigEndian<Value: FixedWidthInteger & BitwiseCopyable>(
    _ value: Value, at offset: Int
  ) {
    storeBytes(of: value.bigEndian, toByteOffset: offset, as: Value.self)
  }
}

extension [UInt8] {
  /// Two bytes as a number; traps past the end.
  @inlinable
  public func bigEndian16(at offset: Int) -> UInt16 { span.bytes.bigEndian16(at: offset) }

  /// Four bytes as a number; traps past the end.
  @inlinable
  public func bigEndian32(at offset: Int) -> UInt32 { span.bytes.bigEndian32(at: offset) }

  /// Eight bytes as a number; traps past the end.
  @inlinable
  public func bigEndian64(at offset: Int) -> UInt64 { span.bytes.bigEndian64(at: offset) }
}
