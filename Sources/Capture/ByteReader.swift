/// Takes numbers off the front of bytes, highest byte first; nil where there are not enough.
struct ByteReader {
  private let bytes: [UInt8]
  private(set) var position: Int
  private var end: Int

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    position = 0
    end = bytes.count
  }

  var count: Int { end - position }

  mutating func uint8() -> UInt8? {
    guard count >= 1 else { return nil }
    defer { position += 1 }
    return bytes[position]
  }

  mutating func uint16() -> UInt16? {
    guard count >= 2 else { return nil }
    defer { position += 2 }
    return UInt16(bytes[position]) << 8 | UInt16(bytes[position + 1])
  }

  mutating func uint32() -> UInt32? {
    guard let high = uint16(), let low = uint16() else { return nil }
    return UInt32(high) << 16 | UInt32(low)
  }

  mutating func uint64() -> UInt64? {
    guard let high = uint32(), let low = uint32() else { return nil }
    return UInt64(high) << 32 | UInt64(low)
  }

  mutating func skip(_ byteCount: Int) -> Bool {
    guard byteCount >= 0, count >= byteCount else { return false }
    position += byteCount
    return true
  }

  /// Forgets what lies behind the next so many bytes: a link's padding, say.
  mutating func limit(to byteCount: Int) {
    end = min(end, position + max(0, byteCount))
  }

  /// What has not been taken yet.
  var rest: [UInt8] { Array(bytes[position..<end]) }
}
