import ByteOrder

/// Capture files that lie in memory.
public enum CaptureFile {
  /// Whether bytes open like a capture: pcapng, or pcap in any of its kinds; four bytes are enough.
  ///
  /// Compressed bytes do not: ``CaptureInput`` shows them uncompressed.
  public static func isCapture(_ bytes: some Collection<UInt8>) -> Bool {
    guard bytes.count >= 4 else { return false }
    let magic = Array(bytes.prefix(4)).bigEndian32(at: 0)
    return magic == PcapNG.sectionHeader || PcapFormat(magic: magic) != nil
      || PcapFormat(magic: magic.byteSwapped) != nil
  }

  /// Reads every frame of a capture that lies in memory.
  ///
  /// - Throws: ``CaptureError``; the frames before what is wrong were given to `body` all the same.
  /// - Complexity: O(n), n being the capture's size.
  public static func read(
    _ capture: [UInt8], _ body: (CapturedFrame) -> Void
  ) throws(CaptureError) {
    var reader = CaptureReader(CaptureInput(bytes: capture))
    while let frame = try reader.nextFrame() { body(frame) }
  }
}
