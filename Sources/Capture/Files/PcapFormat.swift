internal import IPPacket

/// What the file header of a pcap file says.
///
///      0       4       6       8        16       20         24
///     ┌───────┬───────┬───────┬────────┬────────┬──────────┐
///     │ magic │ major │ minor │ unused │ snap   │ link     │  then the frames
///     │       │       │       │        │ length │ type     │
///     └───────┴───────┴───────┴────────┴────────┴──────────┘
struct PcapFormat {
  var isBigEndian = true
  /// Whether times count nanoseconds; microseconds otherwise.
  let isNanoseconds: Bool
  /// How long the header of each frame is: time, captured and original length, and more in some.
  let headerByteCount: Int
  private var minorVersion: UInt16 = 4

  /// The kind of file that a magic number, read in the file's own byte order, opens.
  init?(magic: UInt32) {
    switch magic {
    case 0xA1B2_C3D4: (isNanoseconds, headerByteCount) = (false, 16)
    case 0xA1B2_3C4D: (isNanoseconds, headerByteCount) = (true, 16)
    // A modified libpcap of Linux 2.1's time: interface, protocol and packet type follow.
    case 0xA1B2_CD34: (isNanoseconds, headerByteCount) = (false, 24)
    default: return nil
    }
  }

  /// Reads the rest of the file header, of 24 bytes.
  mutating func read(_ header: Span<UInt8>) {
    minorVersion = header.number16(at: 6, isBigEndian: isBigEndian)
  }

  /// Whether the two lengths of a frame stand the other way round, as they did before version 2.3.
  func isSwapped(_ captured: Int, _ original: Int) -> Bool {
    minorVersion < 3 || minorVersion == 3 && captured > original
  }
}
