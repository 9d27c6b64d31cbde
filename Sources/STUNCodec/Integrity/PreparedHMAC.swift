import ByteOrder
internal import CLibcrypto

/// An HMAC key with both of its blocks hashed in advance: two chaining values, 64 bytes
/// (RFC 2104 §4).
///
/// HMAC(k, m) = H((k ⊕ 0x5C…) ‖ H((k ⊕ 0x36…) ‖ m)) (RFC 2104 §2).
struct PreparedHMAC<Hash: ResumableHash>: Hashable, Sendable {
  private let inner: SIMD8<UInt32>
  private let outer: SIMD8<UInt32>

  init(key: [UInt8]) {
    var block = [UInt8](repeating: 0, count: hashBlockByteCount)
    if key.count > hashBlockByteCount {
      var hash = Hash()
      key.withUnsafeBytes { hash.update($0) }
      let digest = hash.finish()
      for index in 0..<Hash.digestByteCount { block[index] = digest[index] }
    } else {
      block.replaceSubrange(0..<key.count, with: key)
    }
    inner = Self.words(afterHashing: block.map { $0 ^ 0x36 })
    outer = Self.words(afterHashing: block.map { $0 ^ 0x5C })
  }

  private static func words(afterHashing block: [UInt8]) -> SIMD8<UInt32> {
    var hash = Hash()
    block.withUnsafeBytes { hash.update($0) }
    return hash.words
  }

  /// The HMAC of a message's beginning, computed as if its header held this length.
  ///
  /// - Complexity: O(*n*) in the bytes; allocates nothing.
  func code(of prefix: RawSpan, messageLength: UInt16) -> SIMD32<UInt8> {
    var hash = Hash(afterOneBlock: inner)
    // Type and length, the latter replaced, then all that follows them.
    let typeAndLength = (prefix.bigEndian32(at: 0) & 0xFFFF_0000 | UInt32(messageLength)).bigEndian
    withUnsafeBytes(of: typeAndLength) { hash.update($0) }
    prefix.extracting(droppingFirst: 4).withUnsafeBytes { hash.update($0) }
    return finish(&hash)
  }

  /// The HMAC of any bytes.
  func code(of bytes: RawSpan) -> SIMD32<UInt8> {
    var hash = Hash(afterOneBlock: inner)
    bytes.withUnsafeBytes { hash.update($0) }
    return finish(&hash)
  }

  private func finish(_ hash: inout Hash) -> SIMD32<UInt8> {
    let digest = hash.finish()
    var outerHash = Hash(afterOneBlock: outer)
    withUnsafeBytes(of: digest) {
      outerHash.update(UnsafeRawBufferPointer(rebasing: $0[0..<Hash.digestByteCount]))
    }
    return outerHash.finish()
  }
}

/// Whether the value is the beginning of the HMAC, compared in constant time.
///
/// Otherwise an attacker could measure where they differ, and guess the HMAC byte by byte.
func isEqualInConstantTime(_ code: SIMD32<UInt8>, _ value: RawSpan) -> Bool {
  value.withUnsafeBytes { value in
    withUnsafeBytes(of: code) { code in
      value.count <= code.count
        && CRYPTO_memcmp(code.baseAddress, value.baseAddress, value.count) == 0
    }
  }
}
