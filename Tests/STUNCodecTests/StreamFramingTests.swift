import STUNCodec
import Testing

// Pitfalls 10 and 18, the stream's half.
@Suite struct StreamFramingTests {
  /// Two messages and three ChannelData of different paddings, and what should come out.
  let frames: [[UInt8]]
  let stream: [UInt8]

  init() throws {
    let channel = ChannelNumber(rawValue: 0x4000)
    var frames: [[UInt8]] = []
    var stream: [UInt8] = []
    for data: [UInt8] in [[], [1], [1, 2, 3, 4, 5]] {
      frames.append(try ChannelData.encode(data, channel: channel))
      stream += try ChannelData.encode(data, channel: channel, isPadded: true)
      frames.append(RFC5769.sampleIPv4Response)
      stream += RFC5769.sampleIPv4Response
    }
    self.frames = frames
    self.stream = stream
  }

  /// Feeds the bytes in pieces of these lengths, over and over.
  func received(_ bytes: [UInt8], inPiecesOf count: Int) throws -> [[UInt8]] {
    var reassembler = StreamReassembler()
    var frames: [[UInt8]] = []
    for start in stride(from: 0, to: bytes.count, by: count) {
      let piece = Array(bytes[start..<min(start + count, bytes.count)])
      reassembler.received(piece.span.bytes)
      while let frame = try reassembler.next() { frames.append(frame) }
    }
    #expect(reassembler.pendingByteCount == 0)
    return frames
  }

  @Test("However a stream is cut into reads, the same frames come out")
  func pieces() throws {
    for count in 1...stream.count {
      #expect(try received(stream, inPiecesOf: count) == frames)
    }
  }

  @Test("Wherever a stream is cut in two, the same frames come out, in place and without padding")
  func everySplit() throws {
    for split in 0...stream.count {
      var reassembler = StreamReassembler()
      var found: [[UInt8]] = []
      for piece in [Array(stream[..<split]), Array(stream[split...])] {
        reassembler.received(piece.span.bytes)
        while let range = try reassembler.nextRange() {
          found.append(reassembler.bytes.extracting(range).withUnsafeBufferPointer { Array($0) })
        }
      }
      #expect(found == frames)
      #expect(reassembler.pendingByteCount == 0)
    }
  }

  @Test("What waits is one unfinished frame, however many have gone by")
  func bounded() throws {
    var reassembler = StreamReassembler()
    for _ in 0..<1000 {
      reassembler.received(stream.span.bytes)
      while try reassembler.nextRange() != nil {}
      #expect(reassembler.pendingByteCount == 0 && reassembler.bytes.count == stream.count)
    }
    let header: [UInt8] = [0x40, 0, 0xFF, 0xFF]
    reassembler.received(header.span.bytes)
    let part = [UInt8](repeating: 0, count: 1000)
    for _ in 0..<65 {
      reassembler.received(part.span.bytes)
      #expect(try reassembler.nextRange() == nil)
    }
    #expect(reassembler.pendingByteCount == 65_004)
  }

  @Test("A frame that is too long is refused by its length, and nothing inside it is looked at")
  func tooLong() throws {
    var reassembler = StreamReassembler(maximumFrameByteCount: 100)
    // A message of 100 bytes is taken; ChannelData of 97 bytes is 104 with header and padding.
    let message: [UInt8] =
      [0, 1, 0, 80, 0x21, 0x12, 0xA4, 0x42] + [UInt8](repeating: 0, count: 92)
    reassembler.received(message.span.bytes)
    #expect(try reassembler.nextRange() == 0..<100)
    let header: [UInt8] = [0x40, 0, 0, 97]
    reassembler.received(header.span.bytes)
    let error = caught { () throws(STUNDecodingError) in _ = try reassembler.nextRange() }
    #expect(error?.code == .frameTooLong && error?.expected == 100 && error?.found == 104)
    reassembler.received(stream.span.bytes)
    let later = caught { () throws(STUNDecodingError) in _ = try reassembler.nextRange() }
    #expect(later == error)
  }

  @Test("A frame is told from its first four bytes, and asks for its padding too")
  func boundary() throws {
    #expect(
      try frame([0x40, 0, 0, 5])
        == .channelData(byteCount: 9, paddedByteCount: 12))
    #expect(
      try frame([0, 1, 0, 8]) == .message(byteCount: 28))
    for count in 0..<4 {
      #expect(try frame(Array([0, 1, 0, 8].prefix(count))) == nil)
    }
  }

  @Test("The longest length wraps nowhere")
  func longest() throws {
    #expect(
      try frame([0x4F, 0xFF, 0xFF, 0xFF])
        == .channelData(byteCount: 65_539, paddedByteCount: 65_540))
    #expect(
      try frame([0x3F, 0xFF, 0xFF, 0xFC]) == .message(byteCount: 65_552)
    )
  }

  @Test("A stream that opens with something else is refused at once, and stays refused")
  func foreign() {
    for first in UInt8.min ... .max {
      let error = caught { () throws(STUNDecodingError) in
        _ = try frame([first])
      }
      #expect(error?.code == (first < 0x50 ? nil : .notAFrame))
    }
    var reassembler = StreamReassembler()
    let foreign: [UInt8] = [0x80]
    reassembler.received(foreign.span.bytes)
    #expect(throws: STUNDecodingError.self) { try reassembler.next() }
    let sound: [UInt8] = [0x40, 0, 0, 0]
    reassembler.received(sound.span.bytes)
    #expect(throws: STUNDecodingError.self) { try reassembler.next() }
  }

  @Test("A message whose length or cookie is wrong is refused before the rest has come")
  func early() {
    let length = caught { () throws(STUNDecodingError) in
      _ = try frame([0, 1, 0, 3])
    }
    #expect(length?.code == .lengthNotMultipleOfFour)
    let cookie = caught { () throws(STUNDecodingError) in
      _ = try frame([0, 1, 0, 4, 0x21, 0x12, 0xA4, 0x43])
    }
    #expect(cookie?.code == .wrongMagicCookie)
  }
}

/// The frame that the bytes begin with.
func frame(_ bytes: [UInt8]) throws(STUNDecodingError) -> StreamFrame? {
  try StreamFrame(beginning: bytes.span.bytes)
}
