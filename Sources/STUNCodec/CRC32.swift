/// The checksum of Ethernet and zip, for FINGERPRINT: it finds accidents, not attacks.
///
/// Reflected, polynomial 0xEDB88320, starting and ending with all bits flipped. RFC 8489 §14.7,
/// ISO/IEC 3309.
enum CRC32 {
  /// What one byte does to the register: division by the polynomial, bit by bit.
  static func remainder(of byte: UInt32) -> UInt32 {
    var register = byte
    for _ in 0..<8 {
      register = register & 1 == 0 ? register >> 1 : register >> 1 ^ 0xEDB8_8320
    }
    return register
  }

  /// Eight tables of 256: what a byte does to the register when 0 to 7 bytes follow it.
  ///
  /// Made on first use, then never changed or freed, which is why a pointer may be shared.
  private nonisolated(unsafe) static let tables: UnsafePointer<UInt32> = {
    let tables = UnsafeMutablePointer<UInt32>.allocate(capacity: 8 * 256)
    for byte in 0..<256 {
      var register = remainder(of: UInt32(byte))
      for following in 0..<8 {
        tables[following * 256 + byte] = register
        register = register >> 8 ^ remainder(of: register & 0xFF)
      }
    }
    return UnsafePointer(tables)
  }()

  /// The checksum of the bytes.
  ///
  /// - Complexity: O(*n*), eight bytes at a step.
  static func checksum(_ bytes: RawSpan) -> UInt32 {
    let tables = tables
    var register = ~UInt32(0)
    var offset = 0
    let count = bytes.byteCount
    while offset + 8 <= count {
      // Both indices below are a table of 8 and a byte, so they stay within 8 × 256.
      let low =
        UInt32(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
        ^ register
      let high = UInt32(
        littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset + 4, as: UInt32.self))
      register =
        tables[7 * 256 + Int(low & 0xFF)] ^ tables[6 * 256 + Int(low >> 8 & 0xFF)]
        ^ tables[5 * 256 + Int(low >> 16 & 0xFF)] ^ tables[4 * 256 + Int(low >> 24)]
      register ^=
        tables[3 * 256 + Int(high & 0xFF)] ^ tables[2 * 256 + Int(high >> 8 & 0xFF)]
        ^ tables[1 * 256 + Int(high >> 16 & 0xFF)] ^ tables[Int(high >> 24)]
      offset += 8
    }
    while offset < count {
      register = register >> 8 ^ tables[Int((register ^ UInt32(bytes.byte(at: offset))) & 0xFF)]
      offset += 1
    }
    return ~register
  }
}

/// What FINGERPRINT holds: the CRC-32 of all bytes before the attribute, XORed with "STUN".
///
/// The XOR keeps it from being the checksum that an application protocol on the same port may have
/// of its own. RFC 8489 §14.7.
func fingerprint(of bytes: RawSpan) -> UInt32 {
  CRC32.checksum(bytes) ^ 0x5354_554E
}
