internal import CPcap
internal import Glibc

/// A frame as it was recorded.
public struct CapturedFrame: Hashable, Sendable {
  /// Counted from 1, as Wireshark does.
  public let number: Int
  /// Nanoseconds since 1970.
  public let time: Int64
  /// How the frame begins: libpcap's number for the link layer.
  public let linkType: LinkType
  /// What was kept of the frame.
  public let bytes: [UInt8]
  /// How long the frame was on the wire.
  public let originalByteCount: Int

  public init(
    number: Int, time: Int64, linkType: LinkType, bytes: [UInt8], originalByteCount: Int
  ) {
    self.number = number
    self.time = time
    self.linkType = linkType
    self.bytes = bytes
    self.originalByteCount = originalByteCount
  }
}

/// Why a capture cannot be read.
public struct CaptureError: Error, Hashable, Sendable, CustomStringConvertible {
  /// libpcap's own words.
  public let description: String
}

/// Capture files, pcap and pcapng, read through libpcap.
public enum CaptureFile {
  /// Whether bytes open like a capture: pcap in either byte order and either resolution, or pcapng.
  public static func isCapture(_ bytes: some Collection<UInt8>) -> Bool {
    let magics: [[UInt8]] = [
      [0xA1, 0xB2, 0xC3, 0xD4], [0xD4, 0xC3, 0xB2, 0xA1], [0xA1, 0xB2, 0x3C, 0x4D],
      [0x4D, 0x3C, 0xB2, 0xA1], [0x0A, 0x0D, 0x0D, 0x0A],
    ]
    return magics.contains { bytes.starts(with: $0) }
  }

  /// Reads every frame of a capture that lies in memory.
  ///
  /// - Throws: what libpcap finds wrong. Frames before a torn end are given to `body` all the same.
  public static func read(
    _ capture: [UInt8], _ body: (CapturedFrame) -> Void
  ) throws(CaptureError) {
    guard let library = PcapLibrary.shared else {
      throw CaptureError(
        description: "libpcap is missing; install it with: apt-get install libpcap0.8")
    }
    var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    var copy = capture
    // The file must not outlive the buffer, so all of the reading happens inside.
    let failure: CaptureError? = copy.withUnsafeMutableBytes { bytes in
      guard let base = bytes.baseAddress, let file = fmemopen(base, bytes.count, "rb") else {
        return CaptureError(description: "the capture is empty")
      }
      guard
        let handle = library.open(file, UInt32(PCAP_TSTAMP_PRECISION_NANO), &message)
      else {
        fclose(file)
        return CaptureError(description: String(nullTerminated: message))
      }
      // Closes the file as well.
      defer { library.close(handle) }
      return readFrames(handle, library, body)
    }
    if let failure { throw failure }
  }

  private static func readFrames(
    _ handle: PcapLibrary.Handle, _ library: PcapLibrary, _ body: (CapturedFrame) -> Void
  ) -> CaptureError? {
    let linkType = LinkType(rawValue: library.linkType(handle))
    var number = 0
    while true {
      var header: UnsafeMutablePointer<pcap_pkthdr>?
      var data: UnsafePointer<UInt8>?
      switch library.next(handle, &header, &data) {
      case 1:
        guard let header, let data else { return CaptureError(description: "a frame is missing") }
        number += 1
        let stamp = header.pointee.ts
        body(
          CapturedFrame(
            number: number,
            // With nanosecond precision the second field holds nanoseconds. Wrapping, for both come
            // out of a file that anybody may have written.
            time: Int64(stamp.tv_sec) &* 1_000_000_000 &+ Int64(stamp.tv_usec),
            linkType: linkType,
            bytes: Array(UnsafeBufferPointer(start: data, count: Int(header.pointee.caplen))),
            originalByteCount: Int(header.pointee.len)))
      case PCAP_ERROR_BREAK: return nil
      default:
        return CaptureError(
          description: "after frame \(number): " + String(cString: library.message(handle)))
      }
    }
  }
}

extension String {
  fileprivate init(nullTerminated characters: [CChar]) {
    self = String(
      decoding: characters.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
