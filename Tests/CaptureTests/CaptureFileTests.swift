import Capture
import Glibc
import Testing

@Suite struct CaptureFileTests {
  static let frames = [ipv4(udp(response)), [1], []]

  @Test("A pcap file gives its frames, in either byte order and resolution", arguments: Order.all)
  func pcapFile(order: Order) {
    for isNanoseconds in [true, false] {
      let file = order.pcap(
        isNanoseconds ? 0xA1B2_3C4D : 0xA1B2_C3D4, linkType: 101,
        Self.frames.map { (1_700_000_000, 250, $0, []) })
      #expect(CaptureFile.isCapture(file))
      let (frames, error) = read(file)
      #expect(error == nil)
      #expect(frames.map(\.number) == [1, 2, 3])
      #expect(
        frames.map(\.time)
          == Array(
            repeating: 1_700_000_000_000_000_000 + (isNanoseconds ? 250 : 250_000), count: 3))
      #expect(frames.allSatisfy { $0.linkType == .raw && $0.interface == 0 })
      #expect(frames.map(\.bytes) == Self.frames)
    }
  }

  @Test(
    "The modified pcap of Linux 2.1 has eight bytes more before each frame", arguments: Order.all)
  func modified(order: Order) {
    let file = order.pcap(
      0xA1B2_CD34, linkType: 1, Self.frames.map { (1, 2, $0, [9, 9, 9, 9, 9, 9, 9, 9]) })
    #expect(CaptureFile.isCapture(file))
    #expect(read(file).frames.map(\.bytes) == Self.frames)
  }

  @Test("Before version 2.3 the two lengths stood the other way round", arguments: Order.all)
  func swapped(order: Order) {
    for minor in [2, 3] {
      var file = order.pcap(0xA1B2_C3D4, minor: minor, linkType: 1, [])
      // 5 bytes on the wire, of which 2 were kept
      file += order.words(1, 2, 5, 2) + [7, 8]
      let frame = read(file).frames.first
      #expect(frame?.bytes == [7, 8])
      #expect(frame?.originalByteCount == 5)
    }
  }

  @Test("The upper bits of a pcap file's link type are not the link type's")
  func linkTypeBits() {
    let file = Order.little.pcap(0xA1B2_C3D4, linkType: 0xF400_0001, [(0, 0, [1], [])])
    #expect(read(file).frames.first?.linkType == .ethernet)
  }

  @Test("A file torn anywhere gives the frames before the tear, and says where it is torn")
  func torn() {
    for format in CaptureWriter.Format.allCases {
      var writer = CaptureWriter(format)
      var file = writer.header(CapturedInterface(linkType: .raw))
      var ends = [file.count]
      for (index, bytes) in Self.frames.enumerated() {
        file += writer.frame(frame(bytes, number: index + 1))
        ends.append(file.count)
      }
      // The header of a pcapng file is two blocks: a section without interfaces is whole as well.
      let sectionEnd = format == .pcapng ? 28 : 24
      for count in 0..<file.count {
        let (frames, error) = read(Array(file.prefix(count)))
        #expect(
          frames.map(\.bytes) == Array(Self.frames.prefix(max(0, ends.count { $0 <= count } - 1))))
        let endsCleanly = ends.contains(count) || count == sectionEnd
        #expect((error == nil) == endsCleanly, "\(format), \(count) bytes")
        if let error, count > ends[0] {
          let begin = ends.last { $0 <= count } ?? 0
          #expect(error.description.contains("ends at byte \(count)"))
          #expect(error.description.contains("begins at byte \(begin)"))
        }
      }
    }
  }

  @Test("What is no capture is refused, and says why")
  func foreign() {
    #expect(!CaptureFile.isCapture(response))
    #expect(!CaptureFile.isCapture([0xA1, 0xB2]))
    #expect(read(response).error?.description.contains("neither pcap nor pcapng") == true)
    #expect(read([]).error?.description == "the capture is empty")
    #expect(read([1, 2]).error?.description == "not a capture: it ends after 2 bytes")
  }

  @Test("A frame that says it has gigabytes is damage, and takes no memory")
  func endlessFrame() {
    let file =
      Order.little.pcap(0xA1B2_C3D4, linkType: 1, [(0, 0, [1], [])])
      + Order.little.words(0, 0, 0xFFFF_FFFF, 4)
    let (frames, error) = read(file)
    #expect(frames.count == 1)
    #expect(error?.description.contains("frame 2, which begins at byte 41") == true)
  }

  @Test(
    "What the writer writes is read as the same frames", arguments: CaptureWriter.Format.allCases)
  func roundTrip(format: CaptureWriter.Format) {
    for (isBigEndian, isNanoseconds) in [
      (false, true), (true, true), (false, false), (true, false),
    ] {
      var writer = CaptureWriter(format, isBigEndian: isBigEndian, isNanoseconds: isNanoseconds)
      var file = writer.header(CapturedInterface(name: "eth0", linkType: .ethernet))
      let written = (1...9).map { number in
        CapturedFrame(
          number: number, time: 1_700_000_000_123_456_000 + Int64(number), linkType: .ethernet,
          bytes: [UInt8](repeating: 7, count: number), originalByteCount: 60)
      }
      for frame in written { file += writer.frame(frame) }
      let (frames, error) = read(file)
      #expect(error == nil)
      let expected = written.map {
        isNanoseconds
          ? $0
          : CapturedFrame(
            number: $0.number, time: 1_700_000_000_123_456_000, linkType: .ethernet,
            bytes: $0.bytes, originalByteCount: 60)
      }
      #expect(frames == expected)
    }
  }

  @Test("With any byte of a capture changed it is read or refused, and nothing breaks")
  func hostile() {
    for format in CaptureWriter.Format.allCases {
      var writer = CaptureWriter(format)
      var file = writer.header(CapturedInterface(name: "a", linkType: .raw))
      file += writer.frame(frame([1, 2, 3]))
      for index in file.indices {
        for value: UInt8 in [0, 1, 2, 3, 4, 0x7F, 0x80, 0xFE, 0xFF] {
          var changed = file
          changed[index] = value
          #expect(read(changed).frames.count <= 1)
        }
      }
    }
  }
}

/// The byte order that a file's numbers are written in, and files by hand in that order.
///
/// They are the reader's oracle: what the project's own writer makes would share its mistakes, and
/// it does not make every kind of file that the reader knows.
enum Order: String, CaseIterable, CustomTestStringConvertible {
  case little, big

  static var all: [Order] { allCases }
  var testDescription: String { rawValue }

  func half(_ value: Int) -> [UInt8] {
    let bytes = [UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF)]
    return self == .big ? bytes : bytes.reversed()
  }

  func words(_ values: Int...) -> [UInt8] {
    values.flatMap { value in
      self == .big
        ? half(value >> 16) + half(value) : half(value) + half(value >> 16)
    }
  }

  /// A pcap file by hand: of each frame the seconds, their fraction, the bytes, and what else stands
  /// in the frame's header.
  func pcap(
    _ magic: Int, minor: Int = 4, linkType: Int,
    _ frames: [(seconds: Int, fraction: Int, bytes: [UInt8], extra: [UInt8])]
  ) -> [UInt8] {
    var file = words(magic) + half(2) + half(minor) + words(0, 0, 65535, linkType)
    for frame in frames {
      file += words(frame.seconds, frame.fraction, frame.bytes.count, frame.bytes.count)
      file += frame.extra + frame.bytes
    }
    return file
  }

  /// A pcapng block by hand.
  func block(_ type: Int, _ body: [UInt8]) -> [UInt8] {
    let padded = body + [UInt8](repeating: 0, count: -body.count & 3)
    return words(type, padded.count + 12) + padded + words(padded.count + 12)
  }

  func section() -> [UInt8] {
    block(0x0A0D_0D0A, words(0x1A2B_3C4D) + half(1) + half(0) + words(-1, -1))
  }

  func interface(_ linkType: Int, snapLength: Int = 0, options: [(Int, [UInt8])] = []) -> [UInt8] {
    var body = half(linkType) + half(0) + words(snapLength)
    for (code, value) in options {
      body += half(code) + half(value.count) + value
      body += [UInt8](repeating: 0, count: -value.count & 3)
    }
    return block(1, body)
  }

  func enhanced(_ interface: Int, _ ticks: UInt64, _ bytes: [UInt8], originalByteCount: Int? = nil)
    -> [UInt8]
  {
    block(
      6,
      words(
        interface, Int(ticks >> 32), Int(ticks & 0xFFFF_FFFF), bytes.count,
        originalByteCount ?? bytes.count) + bytes)
  }
}

func read(_ file: [UInt8]) -> (frames: [CapturedFrame], error: CaptureError?) {
  var frames: [CapturedFrame] = []
  do throws(CaptureError) {
    try CaptureFile.read(file) { frames.append($0) }
    return (frames, nil)
  } catch {
    return (frames, error)
  }
}
