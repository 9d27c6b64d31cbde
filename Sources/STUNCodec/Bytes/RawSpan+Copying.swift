extension RawSpan {
  /// One byte; traps past the end.
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
