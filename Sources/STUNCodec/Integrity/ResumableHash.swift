internal import CLibcrypto

/// A hash function whose state after whole blocks can be stored and resumed.
///
/// A prepared HMAC key needs it: the first block is always the key, so hashing it once is enough.
/// libcrypto's own HMAC functions allocate a context each; these stay on the stack.
protocol ResumableHash {
  static var digestByteCount: Int { get }
  init()
  /// The function in the state it had after one block of 64 bytes.
  init(afterOneBlock words: SIMD8<UInt32>)
  /// The chaining value; meaningful only when whole blocks have been hashed.
  var words: SIMD8<UInt32> { get }
  mutating func update(_ bytes: UnsafeRawBufferPointer)
  /// The digest in the first `digestByteCount` bytes, zeros after it.
  mutating func finish() -> SIMD32<UInt8>
}

/// How many bytes SHA-1 and SHA-256 take at a time.
let hashBlockByteCount = 64

struct SHA1Hash: ResumableHash {
  static let digestByteCount = 20
  private var context = SHA_CTX()

  init() {
    SHA1_Init(&context)
  }

  init(afterOneBlock words: SIMD8<UInt32>) {
    (context.h0, context.h1, context.h2) = (words[0], words[1], words[2])
    (context.h3, context.h4) = (words[3], words[4])
    context.Nl = UInt32(hashBlockByteCount * 8)
  }

  var words: SIMD8<UInt32> {
    SIMD8(context.h0, context.h1, context.h2, context.h3, context.h4, 0, 0, 0)
  }

  mutating func update(_ bytes: UnsafeRawBufferPointer) {
    SHA1_Update(&context, bytes.baseAddress, bytes.count)
  }

  mutating func finish() -> SIMD32<UInt8> {
    var digest = SIMD32<UInt8>()
    withUnsafeMutableBytes(of: &digest) { bytes in
      _ = SHA1_Final(bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), &context)
    }
    return digest
  }
}

struct SHA256Hash: ResumableHash {
  static let digestByteCount = 32
  private var context = SHA256_CTX()

  init() {
    SHA256_Init(&context)
  }

  init(afterOneBlock words: SIMD8<UInt32>) {
    context.h = (
      words[0], words[1], words[2], words[3], words[4], words[5], words[6], words[7]
    )
    context.Nl = UInt32(hashBlockByteCount * 8)
    context.md_len = UInt32(Self.digestByteCount)
  }

  var words: SIMD8<UInt32> {
    let h = context.h
    return SIMD8(h.0, h.1, h.2, h.3, h.4, h.5, h.6, h.7)
  }

  mutating func update(_ bytes: UnsafeRawBufferPointer) {
    SHA256_Update(&context, bytes.baseAddress, bytes.count)
  }

  mutating func finish() -> SIMD32<UInt8> {
    var digest = SIMD32<UInt8>()
    withUnsafeMutableBytes(of: &digest) { bytes in
      _ = SHA256_Final(bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), &context)
    }
    return digest
  }
}
