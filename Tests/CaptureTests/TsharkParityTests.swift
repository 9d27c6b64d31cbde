import Capture
import Glibc
import Testing

/// What a shell command prints.
private func output(_ command: String) -> String? {
  guard let pipe = popen("\(command) 2>/dev/null", "r") else { return nil }
  defer { pclose(pipe) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 65536)
  while case let count = fread(&buffer, 1, buffer.count, pipe), count > 0 {
    bytes += buffer[..<count]
  }
  return String(decoding: bytes, as: UTF8.self)
}

private let hasTshark = output("command -v tshark")?.isEmpty == false

/// What tshark reads of a capture, beside what is read here.
@Suite(.enabled(if: hasTshark, "tshark is not installed"))
struct TsharkParityTests {
  static let onlyOurs = [
    "MPLS pseudowire without control word", "NFLOG, highest byte first", "VXLAN on Linux's port",
    "another old VLAN tag",
  ]

  /// The columns of tshark's lines about a capture.
  func tshark(_ capture: [UInt8], _ arguments: String) throws -> [[Substring]] {
    var path = Array("/tmp/tshark-parity-XXXXXX".utf8CString)
    let descriptor = mkstemp(&path)
    try #require(descriptor >= 0)
    let name = String(decoding: path.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    defer { unlink(name) }
    try #require(write(descriptor, capture, capture.count) == capture.count)
    close(descriptor)
    let text = try #require(output("tshark -n -r \(name) \(arguments)"))
    return text.split(separator: "\n").map {
      $0.split(separator: "\t", omittingEmptySubsequences: false)
    }
  }

  @Test("tshark finds the same message behind every link and tunnel, in a capture of many links")
  func tunnels() throws {
    var writer = CaptureWriter(.pcapng)
    var file: [UInt8] = []
    var frames: [CapturedFrame] = []
    for (index, wrapping) in Wrapping.all.enumerated() {
      let interface = CapturedInterface(name: "if\(index)", linkType: wrapping.linkType)
      file += index == 0 ? writer.header(interface) : writer.interface(interface)
      let bytes = wrapping.wrap(ipv4(udp(response)))
      frames.append(
        CapturedFrame(
          number: index + 1, time: 1_700_000_000_000_000_000 + Int64(index),
          interface: index, linkType: wrapping.linkType, bytes: bytes,
          originalByteCount: bytes.count))
      file += writer.frame(frames[index])
    }
    #expect(read(file).frames == frames)
    let theirs = Set(
      try tshark(file, "-Y stun -T fields -e frame.number").compactMap { $0.first.map(String.init) }
    )
    for (frame, wrapping) in zip(frames, Wrapping.all) {
      #expect(messages([frame]).map(\.bytes) == [response])
      // What tshark does only where it is told to: it guesses what a pseudowire holds, takes NFLOG's
      // byte order from the file's, and knows VXLAN's registered port and no tag of 0x9200.
      if Self.onlyOurs.contains(wrapping.testDescription) { continue }
      #expect(theirs.contains("\(frame.number)"), "\(wrapping.testDescription)")
    }
  }

  @Test("tshark reads the same numbers, times, lengths and interfaces from every kind of file")
  func files() throws {
    let frames = [(1_700_000_000, 250, ipv4(udp(response)), [UInt8]()), (0, 999_999, [1, 2], [])]
    var files = Order.all.flatMap { order in
      [0xA1B2_C3D4, 0xA1B2_3C4D].map { order.pcap($0, linkType: 101, frames) }
    }
    for order in Order.all {
      var file = order.section()
      file += order.interface(1, snapLength: 2, options: [(9, [9])])
      file += order.interface(101, options: [(9, [0x94])]) + order.block(5, order.words(0, 0, 0))
      file += order.enhanced(1, 0x0012_3456_789A, [4, 5], originalByteCount: 70)
      let obsolete = order.half(0) + order.half(0) + order.words(1, 9, 3, 3)
      file += order.block(2, obsolete + [1, 2, 3])
      file += Order.little.section() + Order.little.interface(113)
      file += Order.little.enhanced(0, 1_700_000_000_000_001, [6])
      files.append(file)
    }
    for file in files + files.map(gzip) {
      var reader = CaptureReader(CaptureInput(bytes: file))
      var ours: [String] = []
      while let frame = try reader.nextFrame() {
        let fraction = String(1_000_000_000 + frame.time % 1_000_000_000).dropFirst()
        ours.append(
          "\(frame.number) \(frame.time / 1_000_000_000).\(fraction) \(frame.bytes.count) "
            + "\(frame.originalByteCount)")
      }
      let theirs = try tshark(
        file, "-T fields -e frame.number -e frame.time_epoch -e frame.cap_len -e frame.len"
      ).map { $0.joined(separator: " ") }
      #expect(ours == theirs)
    }
  }
}
