/// Builds capture files, pcap or pcapng, in memory piece by piece.
///
/// Each call returns the bytes that belong next in the file, so that they can be written as they come.
public struct CaptureWriter: Sendable {
  /// The kind of file.
  public enum Format: Sendable, Hashable, CaseIterable {
    case pcap
    case pcapng
  }

  private let format: Format
  private let isBigEndian: Bool
  private let isNanoseconds: Bool
  private var interfaceCount = 0

  /// A writer that has written nothing.
  ///
  /// - Parameters:
  ///   - format: pcap by default, which every tool reads; pcapng has several interfaces.
  ///   - isBigEndian: whether numbers have their highest byte first.
  ///   - isNanoseconds: whether times are kept to the nanosecond, to the microsecond otherwise.
  public init(
    _ format: Format = .pcap, isBigEndian: Bool = false, isNanoseconds: Bool = true
  ) {
    self.format = format
    self.isBigEndian = isBigEndian
    self.isNanoseconds = isNanoseconds
  }

  /// The file's beginning, with its first interface.
  public mutating func header(
    _ interface: CapturedInterface, snapLength: Int = 262_144
  ) -> [UInt8] {
    switch format {
    case .pcap:
      interfaceCount = 1
      // Version 2.4
      return number(isNanoseconds ? 0xA1B2_3C4D : 0xA1B2_C3D4) + half(2) + half(4) + number(0)
        + number(0) + number(snapLength) + number(Int(interface.linkType.rawValue))
    case .pcapng:
      // Version 1.0, a section of unknown length
      let section = number(0x1A2B_3C4D) + half(1) + half(0) + [UInt8](repeating: 0xFF, count: 8)
      return block(PcapNG.sectionHeader, section)
        + self.interface(interface, snapLength: snapLength)
    }
  }

  /// The description of one more interface: nothing in a pcap file, which has only one.
  public mutating func interface(
    _ interface: CapturedInterface, snapLength: Int = 262_144
  ) -> [UInt8] {
    guard format == .pcapng else { return [] }
    interfaceCount += 1
    var body = half(Int(interface.linkType.rawValue)) + half(0) + number(snapLength)
    if let name = interface.name { body += option(2, Array(name.utf8.prefix(255))) }
    body += option(9, [isNanoseconds ? 9 : 6])
    return block(PcapNG.interfaceDescription, body + half(0) + half(0))
  }

  /// A frame, whose number and link type the file does not keep.
  ///
  /// - Precondition: its interface has been described, and its time is not before 1970.
  public func frame(_ frame: CapturedFrame) -> [UInt8] {
    precondition(frame.interface < interfaceCount, "the interface has not been described")
    precondition(frame.time >= 0, "times before 1970 cannot be written")
    let time = Int(frame.time)
    let lengths = number(frame.bytes.count) + number(frame.originalByteCount)
    switch format {
    case .pcap:
      let fraction = time % 1_000_000_000 / (isNanoseconds ? 1 : 1000)
      return number(time / 1_000_000_000) + number(fraction) + lengths + frame.bytes
    case .pcapng:
      let ticks = isNanoseconds ? time : time / 1000
      return block(
        6,
        number(frame.interface) + number(ticks >> 32) + number(ticks & 0xFFFF_FFFF) + lengths
          + padded(frame.bytes))
    }
  }

  private func block(_ type: UInt32, _ body: [UInt8]) -> [UInt8] {
    let length = number(12 + body.count)
    return number(Int(type)) + length + body + length
  }

  private func option(_ code: Int, _ value: [UInt8]) -> [UInt8] {
    half(code) + half(value.count) + padded(value)
  }

  private func padded(_ bytes: [UInt8]) -> [UInt8] {
    bytes + [UInt8](repeating: 0, count: -bytes.count & 3)
  }

  private func number(_ value: Int) -> [UInt8] {
    let shifts = isBigEndian ? [24, 16, 8, 0] : [0, 8, 16, 24]
    return shifts.map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  private func half(_ value: Int) -> [UInt8] {
    let shifts = isBigEndian ? [8, 0] : [0, 8]
    return shifts.map { UInt8(truncatingIfNeeded: value >> $0) }
  }
}
