internal import IPPacket

/// What a section of a pcapng file has said so far, and how its blocks are read.
///
///      0      4        8                  length - 4   length
///     ┌──────┬────────┬───────────────────┬────────────┐
///     │ type │ length │ body and options  │ length     │
///     └──────┴────────┴───────────────────┴────────────┘
struct PcapNG {
  static let sectionHeader: UInt32 = 0x0A0D_0D0A
  static let interfaceDescription: UInt32 = 1
  private static let obsoletePacket: UInt32 = 2
  private static let simplePacket: UInt32 = 3
  private static let enhancedPacket: UInt32 = 6

  var isBigEndian = true
  /// The index of this section's first interface among those of the whole file.
  var firstInterface = 0
  private var clocks: [Clock] = []
  private var snapLengths: [Int] = []

  init(isBigEndian: Bool = true) {
    self.isBigEndian = isBigEndian
  }

  /// Whether blocks of this type say something that is needed here.
  static func isRead(_ type: UInt32) -> Bool {
    type == sectionHeader || type == interfaceDescription || holdsFrame(type)
  }

  /// Whether blocks of this type hold a frame.
  static func holdsFrame(_ type: UInt32) -> Bool {
    type == obsoletePacket || type == simplePacket || type == enhancedPacket
  }

  /// How an interface counts time.
  struct Clock {
    /// Ticks a second: ten to this power, or two to this power.
    var exponent = 6
    var isBinary = false
    /// Seconds to be added to every time.
    var offset: Int64 = 0

    /// Nanoseconds since 1970; the arithmetic wraps, because the values are untrusted input.
    func time(_ ticks: UInt64) -> Int64 {
      let nanoseconds: UInt64
      if isBinary {
        let product = UInt128(ticks) * 1_000_000_000
        nanoseconds = UInt64(truncatingIfNeeded: product >> UInt128(exponent))
      } else if exponent <= 9 {
        nanoseconds = ticks &* Self.powerOfTen(9 - exponent)
      } else {
        // Finer than 10^-28 s, no 64 bits come to a nanosecond.
        nanoseconds = exponent > 28 ? 0 : ticks / Self.powerOfTen(exponent - 9)
      }
      return Int64(truncatingIfNeeded: nanoseconds) &+ offset &* 1_000_000_000
    }

    private static func powerOfTen(_ exponent: Int) -> UInt64 {
      (0..<exponent).reduce(1) { power, _ in power * 10 }
    }
  }

  /// The clock of one of this section's interfaces; nil where there is no such interface.
  func clock(_ interface: Int) -> Clock? {
    interface < clocks.count ? clocks[interface] : nil
  }

  /// Reads an interface description block without its last four bytes; nil where it is too short.
  mutating func interface(_ block: Span<UInt8>) -> CapturedInterface? {
    guard block.count >= 16 else { return nil }
    let linkType = Int32(block.number16(at: 8, isBigEndian: isBigEndian))
    snapLengths.append(Int(block.number32(at: 12, isBigEndian: isBigEndian)))
    var clock = Clock()
    var name: String?
    var at = 16
    while block.count - at >= 4 {
      let code = block.number16(at: at, isBigEndian: isBigEndian)
      let length = Int(block.number16(at: at + 2, isBigEndian: isBigEndian))
      at += 4
      // Options that reach past their block tell nothing more.
      guard code != 0, length <= block.count - at else { break }
      switch code {
      case 2:
        let text = block.extracting(at..<at + min(length, 256))
        name = text.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
      case 9 where length >= 1:
        clock.isBinary = block[at] & 0x80 != 0
        clock.exponent = Int(block[at] & 0x7F)
      case 14 where length >= 8:
        let high = UInt64(block.number32(at: at + (isBigEndian ? 0 : 4), isBigEndian: isBigEndian))
        let low = UInt64(block.number32(at: at + (isBigEndian ? 4 : 0), isBigEndian: isBigEndian))
        clock.offset = Int64(bitPattern: high << 32 | low)
      default: break
      }
      at += (length + 3) & ~3
    }
    clocks.append(clock)
    return CapturedInterface(name: name, linkType: LinkType(rawValue: linkType))
  }

  /// What a packet block says about its frame.
  struct Packet {
    let interface: Int
    /// The time in the interface's ticks; nil in a simple packet block.
    let ticks: UInt64?
    /// Where in the block the frame stands.
    let bytes: Range<Int>
    let originalByteCount: Int
  }

  /// Reads a packet block without its last four bytes; nil where it is too short for its frame.
  func packet(_ block: Span<UInt8>, _ type: UInt32) -> Packet? {
    func number(_ offset: Int) -> Int { Int(block.number32(at: offset, isBigEndian: isBigEndian)) }
    if type == Self.simplePacket {
      guard block.count >= 12 else { return nil }
      let limit = snapLengths.first.map { $0 == 0 ? Int.max : $0 } ?? Int.max
      let captured = min(number(8), limit, block.count - 12)
      return Packet(
        interface: 0, ticks: nil, bytes: 12..<12 + captured, originalByteCount: number(8))
    }
    guard block.count >= 28, number(20) <= block.count - 28 else { return nil }
    // The obsolete block has two bytes of interface, and two of lost frames.
    let interface =
      type == Self.obsoletePacket
      ? Int(block.number16(at: 8, isBigEndian: isBigEndian)) : number(8)
    return Packet(
      interface: interface, ticks: UInt64(number(12)) << 32 | UInt64(number(16)),
      bytes: 28..<28 + number(20), originalByteCount: number(24))
  }
}
