extension [UInt8] {
  /// A copy of the bytes of a span.
  init(_ bytes: Span<UInt8>) {
    self.init(unsafeUninitializedCapacity: bytes.count) { buffer, count in
      for index in bytes.indices { buffer.initializeElement(at: index, to: bytes[index]) }
      count = bytes.count
    }
  }
}
