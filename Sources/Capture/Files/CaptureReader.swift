internal import IPPacket

/// The frames of a capture, one after another: pcap of every kind, and pcapng block by block.
///
/// It keeps one frame at a time, and what the capture says about its interfaces.
public struct CaptureReader {
  private enum Format {
    case unknown
    case pcap(PcapFormat)
    case pcapng(PcapNG)
    case over
  }

  private let input: CaptureInput
  private var format = Format.unknown
  private var frameCount = 0
  private var lastTime: Int64 = 0
  /// The interfaces that have been named so far; a frame's `interface` is an index into it.
  public private(set) var interfaces: [CapturedInterface] = []

  /// Frames and blocks that say they are longer are damage: 16 MiB, Wireshark's limit too.
  static let mostBytes = 1 << 24
  static let mostInterfaces = 1 << 16

  /// A reader of an input of which nothing has been taken.
  public init(_ input: CaptureInput) {
    self.input = input
  }

  /// The next frame; nil at the end.
  ///
  /// - Throws: ``CaptureError`` where the capture is cut off or damaged; after it there is nothing
  ///   more, and what came before stays good.
  public mutating func nextFrame() throws(CaptureError) -> CapturedFrame? {
    do throws(CaptureError) {
      while true {
        switch format {
        case .over: return nil
        case .unknown: try open()
        case .pcap(let pcap):
          guard let frame = try nextFrame(pcap) else { return end() }
          return frame
        case .pcapng(var pcapng):
          guard try nextBlock(&pcapng) else { return end() }
          format = .pcapng(pcapng)
          if let frame = pending.take() { return frame }
        }
      }
    } catch {
      format = .over
      // Whoever stops a live capture does not wait for the end of a frame.
      if input.isInterrupted { return nil }
      throw input.failure ?? error
    }
  }

  private var pending: CapturedFrame?

  private mutating func end() -> CapturedFrame? {
    format = .over
    return nil
  }

  private mutating func open() throws(CaptureError) {
    guard input.has(4) else {
      throw CaptureError(
        description: input.availableByteCount == 0
          ? "the capture is empty"
          : "not a capture: it ends after \(input.availableByteCount) bytes")
    }
    let magic = input.with(4) { $0.number32(at: 0, isBigEndian: true) }
    if magic == PcapNG.sectionHeader {
      format = .pcapng(PcapNG())
      return
    }
    guard var pcap = PcapFormat(magic: magic) ?? PcapFormat(magic: magic.byteSwapped) else {
      throw CaptureError(description: "not a capture: neither pcap nor pcapng begins like this")
    }
    pcap.isBigEndian = PcapFormat(magic: magic) != nil
    guard input.has(24) else {
      throw CaptureError(
        description: "the capture ends in its file header, after \(input.availableByteCount) bytes")
    }
    let linkType = input.with(24) { bytes in
      pcap.read(bytes)
      // The upper bits tell of frame check sequences.
      return LinkType(
        rawValue: Int32(bytes.number32(at: 20, isBigEndian: pcap.isBigEndian) & 0xFFFF))
    }
    input.drop(24)
    interfaces = [CapturedInterface(linkType: linkType)]
    format = .pcap(pcap)
  }

  // MARK: - pcap

  private mutating func nextFrame(_ pcap: PcapFormat) throws(CaptureError) -> CapturedFrame? {
    let begin = input.offset
    guard input.has(pcap.headerByteCount) else {
      if input.availableByteCount == 0, input.failure == nil { return nil }
      throw cut(begin, of: "frame \(frameCount + 1)")
    }
    let header = input.with(16) { bytes in
      (0..<4).map { bytes.number32(at: $0 * 4, isBigEndian: pcap.isBigEndian) }
    }
    var (captured, original) = (Int(header[2]), Int(header[3]))
    if pcap.isSwapped(captured, original) { swap(&captured, &original) }
    guard captured <= Self.mostBytes else {
      throw CaptureError(
        description: "frame \(frameCount + 1), which begins at byte \(begin), "
          + "says that it has \(captured) bytes: the capture is damaged")
    }
    guard input.has(pcap.headerByteCount + captured) else {
      throw cut(begin, of: "frame \(frameCount + 1)")
    }
    input.drop(pcap.headerByteCount)
    let bytes = take(captured)
    let time =
      Int64(header[0]) &* 1_000_000_000 &+ Int64(header[1]) &* (pcap.isNanoseconds ? 1 : 1000)
    return frame(bytes, original, time: time, interface: 0)
  }

  private func take(_ count: Int) -> [UInt8] {
    defer { input.drop(count) }
    return input.with(count) { bytes in bytes.withUnsafeBufferPointer { Array($0) } }
  }

  private func cut(_ begin: Int, of what: String) -> CaptureError {
    CaptureError(
      description: "the capture ends at byte \(input.offset + input.availableByteCount), "
        + "in the middle of \(what), which begins at byte \(begin)")
  }

  private mutating func frame(
    _ bytes: [UInt8], _ originalByteCount: Int, time: Int64, interface: Int
  ) -> CapturedFrame {
    frameCount += 1
    lastTime = time
    return CapturedFrame(
      number: frameCount, time: time, interface: interface,
      linkType: interfaces[interface].linkType, bytes: bytes, originalByteCount: originalByteCount)
  }

  // MARK: - pcapng

  /// Reads a block; false at the end. A frame in it is left in `pending`.
  private mutating func nextBlock(_ pcapng: inout PcapNG) throws(CaptureError) -> Bool {
    let begin = input.offset
    func damaged(_ what: String) -> CaptureError {
      CaptureError(
        description: "the block that begins at byte \(begin) \(what): the capture is damaged")
    }
    guard input.has(12) else {
      if input.availableByteCount == 0, input.failure == nil { return false }
      throw cut(begin, of: "a block")
    }
    let type = input.with(4) { $0.number32(at: 0, isBigEndian: pcapng.isBigEndian) }
    if type == PcapNG.sectionHeader {
      switch input.with(12, { $0.number32(at: 8, isBigEndian: true) }) {
      case 0x1A2B_3C4D: pcapng = PcapNG(isBigEndian: true)
      case 0x4D3C_2B1A: pcapng = PcapNG(isBigEndian: false)
      default: throw damaged("opens a section in no known byte order")
      }
      pcapng.firstInterface = interfaces.count
    }
    let isBigEndian = pcapng.isBigEndian
    let length = input.with(8) { Int($0.number32(at: 4, isBigEndian: isBigEndian)) }
    // Writers that forget the padding are known; the specification wants multiples of four.
    let padded = (length + 3) & ~3
    guard length >= 12 else { throw damaged("says that it has \(length) bytes") }
    guard PcapNG.isRead(type) else {
      guard input.skip(padded) else { throw cut(begin, of: "a block") }
      return true
    }
    guard padded <= Self.mostBytes + 4096 else { throw damaged("says that it has \(length) bytes") }
    guard input.has(padded) else {
      throw cut(begin, of: PcapNG.holdsFrame(type) ? "frame \(frameCount + 1)" : "a block")
    }
    let trailer = input.with(padded) { bytes in
      Int(bytes.number32(at: padded - 4, isBigEndian: isBigEndian))
    }
    guard trailer == length else {
      throw damaged("says at its beginning that it has \(length) bytes, at its end \(trailer)")
    }
    defer { input.drop(padded) }
    if type == PcapNG.interfaceDescription {
      guard interfaces.count < Self.mostInterfaces else {
        throw damaged("is one interface too many")
      }
      guard let found = input.with(padded - 4, { pcapng.interface($0) }) else {
        throw damaged("is too short to describe an interface")
      }
      interfaces.append(found)
    } else if PcapNG.holdsFrame(type) {
      guard let packet = input.with(padded - 4, { pcapng.packet($0, type) }) else {
        throw damaged("is too short for the frame that it announces")
      }
      guard let clock = pcapng.clock(packet.interface) else {
        throw damaged("names interface \(packet.interface), which the capture does not describe")
      }
      let bytes = input.with(padded) { block in
        block.extracting(packet.bytes).withUnsafeBufferPointer { Array($0) }
      }
      // A simple packet block has no time: it came after the frame before it.
      pending = frame(
        bytes, packet.originalByteCount, time: packet.ticks.map { clock.time($0) } ?? lastTime,
        interface: pcapng.firstInterface + packet.interface)
    }
    return true
  }
}

extension Span<UInt8> {
  /// A number in either byte order, whose bytes the caller knows to be there.
  func number16(at offset: Int, isBigEndian: Bool) -> UInt16 {
    let value = word(at: offset)
    return isBigEndian ? value : value.byteSwapped
  }

  /// A number in either byte order, whose bytes the caller knows to be there.
  func number32(at offset: Int, isBigEndian: Bool) -> UInt32 {
    let value = doubleWord(at: offset)
    return isBigEndian ? value : value.byteSwapped
  }
}
