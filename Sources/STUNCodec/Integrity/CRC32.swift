internal import Synchronization

/// The CRC-32 of Ethernet and zip, for FINGERPRINT: it detects accidents, not attacks
/// (RFC 8489 §14.7).
///
/// Reflected, polynomial 0xEDB88320, starting and ending with all bits flipped (ISO/IEC 3309).
enum CRC32 {
  /// The effect of one byte on the register: division by the polynomial, bit by bit.
  static func remainder(of byte: UInt32) -> UInt32 {
    var register = byte
    for _ in 0..<8 {
      register = register & 1 == 0 ? register >> 1 : register >> 1 ^ 0xEDB8_8320
    }
    return register
  }

  private static var tableCount: Int { 32 }

  /// Tables of 256: the effect of a byte on the register when 0 to 31 bytes follow it.
  ///
  /// Made on first use, then never changed or freed, which is why a pointer may be shared. Of two
  /// threads that come first, one's tables are kept: a `static let` would ask a function of the
  /// runtime each time, which costs a tenth of a short message's checksum.
  private nonisolated(unsafe) static let shared = Atomic<UnsafePointer<UInt32>?>(nil)

  @inline(__always)
  private static var tables: UnsafePointer<UInt32> {
    shared.load(ordering: .acquiring) ?? makeTables()
  }

  @inline(never)
  private static func makeTables() -> UnsafePointer<UInt32> {
    let tables = UnsafeMutablePointer<UInt32>.allocate(capacity: tableCount * 256)
    for byte in 0..<256 {
      var register = remainder(of: UInt32(byte))
      for following in 0..<tableCount {
        tables[following * 256 + byte] = register
        register = register >> 8 ^ remainder(of: register & 0xFF)
      }
    }
    let (isFirst, others) = shared.compareExchange(
      expected: nil, desired: UnsafePointer(tables), ordering: .acquiringAndReleasing)
    guard isFirst else {
      tables.deallocate()
      return others ?? UnsafePointer(tables)
    }
    return UnsafePointer(tables)
  }

  /// The checksum of the bytes.
  ///
  /// Inlined where a message is checked: a call, with the registers that it saves, costs a
  /// twentieth of a short message's checksum.
  ///
  /// - Complexity: O(*n*), 32 bytes at a step.
  @inline(__always)
  static func checksum(_ bytes: RawSpan) -> UInt32 {
    bytes.withUnsafeBytes { checksum($0, tables) }
  }

  @inline(__always)
  private static func checksum(
    _ bytes: UnsafeRawBufferPointer, _ tables: UnsafePointer<UInt32>
  ) -> UInt32 {
    var register = ~UInt32(0)
    guard var position = bytes.baseAddress else { return ~register }
    let end = position + bytes.count
    // Each step asks first whether its bytes are there: the loads need no checks. A step waits for
    // the register of the one before, so few long steps are faster than many short ones.
    while end - position >= 32 {
      register =
        look(position + 4, 24, tables) ^ look(load(position + 8), 20, tables)
        ^ look(position + 12, 16, tables) ^ look(load(position + 16), 12, tables)
        ^ look(position + 20, 8, tables) ^ look(load(position + 24), 4, tables)
        ^ look(position + 28, 0, tables) ^ look(load(position) ^ register, 28, tables)
      position += 32
    }
    if end - position >= 16 {
      register =
        look(position + 4, 8, tables) ^ look(load(position + 8), 4, tables)
        ^ look(position + 12, 0, tables) ^ look(load(position) ^ register, 12, tables)
      position += 16
    }
    if end - position >= 8 {
      register = look(position + 4, 0, tables) ^ look(load(position) ^ register, 4, tables)
      position += 8
    }
    if end - position >= 4 {
      register = look(load(position) ^ register, 0, tables)
      position += 4
    }
    while position < end {
      let byte = position.load(as: UInt8.self)
      register = register >> 8 ^ tables[Int((register ^ UInt32(byte)) & 0xFF)]
      position += 1
    }
    return ~register
  }

  @inline(__always)
  private static func load(_ position: UnsafeRawPointer) -> UInt32 {
    UInt32(littleEndian: position.loadUnaligned(as: UInt32.self))
  }

  /// The effect of four bytes on the register when so many others follow them, 28 at most.
  ///
  /// Each index is a table of 32 and a byte, so it stays within 32 × 256.
  @inline(__always)
  private static func look(
    _ word: UInt32, _ following: Int, _ tables: UnsafePointer<UInt32>
  ) -> UInt32 {
    let tables = tables + following * 256
    return tables[3 * 256 + Int(word & 0xFF)] ^ tables[2 * 256 + Int(word >> 8 & 0xFF)]
      ^ tables[256 + Int(word >> 16 & 0xFF)] ^ tables[Int(word >> 24)]
  }

  /// The same of four bytes in memory, each loaded by itself. Every second word is looked up like
  /// this, the others are taken apart: so a step needs neither too many loads nor too many shifts.
  @inline(__always)
  private static func look(
    _ position: UnsafeRawPointer, _ following: Int, _ tables: UnsafePointer<UInt32>
  ) -> UInt32 {
    func entry(_ index: Int) -> UInt32 {
      let byte = (position + index).load(as: UInt8.self)
      return tables[(following + 3 - index) * 256 + Int(byte)]
    }
    return entry(0) ^ entry(1) ^ entry(2) ^ entry(3)
  }
}

/// The value of FINGERPRINT: the CRC-32 of all bytes before the attribute, XORed with "STUN"
/// (RFC 8489 §14.7).
///
/// The XOR distinguishes it from the CRC-32 that an application protocol on the same port may use.
@inline(__always)
func fingerprint(of bytes: RawSpan) -> UInt32 {
  CRC32.checksum(bytes) ^ 0x5354_554E
}
