import STUNCodec
import Testing

@Suite struct ChannelDataTests {
  @Test("ChannelData written is ChannelData read, padded or not", arguments: 0...9)
  func roundTrip(count: Int) throws {
    let data = (0..<count).map { UInt8($0 + 1) }
    for isPadded in [false, true] {
      let bytes = try ChannelData.encode(
        data, channel: ChannelNumber(rawValue: 0x4123), isPadded: isPadded)
      #expect(bytes.count == (isPadded ? 4 + (count + 3) / 4 * 4 : 4 + count))
      #expect(bytes.prefix(4) == [0x41, 0x23, 0, UInt8(count)])
      #expect(bytes.dropFirst(4 + count).allSatisfy { $0 == 0 })
      let view = try ChannelDataView(bytes.span.bytes)
      #expect(view.channel == ChannelNumber(rawValue: 0x4123))
      #expect(view.data.withUnsafeBytes { Array($0) } == data)
    }
  }

  @Test("Every first number but 0x4000 to 0x4FFF is refused")
  func numbers() {
    for rawValue in UInt16.min ... .max {
      let bytes = [UInt8(rawValue >> 8), UInt8(rawValue & 0xFF), 0, 0]
      let error = caught { () throws(STUNDecodingError) in
        _ = try ChannelDataView(bytes.span.bytes)
      }
      #expect(error?.code == (rawValue >> 12 == 4 ? nil : .channelNumberOutOfRange))
    }
  }

  @Test("ChannelData cut anywhere is refused, with its place")
  func truncation() throws {
    let bytes = try ChannelData.encode([1, 2, 3, 4, 5], channel: ChannelNumber(rawValue: 0x4000))
    for count in 0..<bytes.count {
      let cut = Array(bytes.prefix(count))
      let error = caught { () throws(STUNDecodingError) in
        _ = try ChannelDataView(cut.span.bytes)
      }
      #expect(error?.code == (count < 4 ? .channelHeaderTruncated : .channelDataTruncated))
      #expect(error?.byteOffset == (count < 4 ? count : 2))
      #expect(error?.section == "RFC 8656 §12.4")
    }
  }

  @Test(
    "A header written into headroom makes the same ChannelData, and the data stays where it is",
    arguments: 0...9, [false, true])
  func headroom(count: Int, isPadded: Bool) throws {
    let channel = ChannelNumber(rawValue: 0x4ABC)
    let data = (0..<count).map { UInt8($0 + 1) }
    var buffer = [0xEE, 0xEE, 0xEE, 0xEE] + data + [0xEE, 0xEE, 0xEE]
    let written = try writeHeader(
      channel: channel, dataByteCount: count, isPadded: isPadded, into: &buffer)
    #expect(
      Array(buffer.prefix(written))
        == (try ChannelData.encode(data, channel: channel, isPadded: isPadded)))
    #expect(buffer[written...].allSatisfy { $0 == 0xEE })
  }

  @Test("A header is not written where the data or its padding would not fit")
  func headroomTooSmall() {
    for (size, isPadded) in [(3, false), (8, false), (11, true)] {
      var buffer = [UInt8](repeating: 0xEE, count: size)
      let error = #expect(throws: STUNEncodingError.self) {
        try writeHeader(
          channel: ChannelNumber(rawValue: 0x4000), dataByteCount: 5, isPadded: isPadded,
          into: &buffer)
      }
      #expect(error?.code == .bufferTooSmall)
      #expect(buffer.allSatisfy { $0 == 0xEE })
    }
  }

  @Test(
    "A header for a negative number of bytes, or more than 16 bits can say, is refused",
    arguments: [-1, 0x10000])
  func headerLength(count: Int) async {
    // In a process of its own, as a length that is let through traps.
    await #expect(processExitsWith: .success) { [count] in
      var buffer = [UInt8](repeating: 0, count: 0x10010)
      let error = #expect(throws: STUNEncodingError.self) {
        try ChannelDataTests().writeHeader(
          channel: ChannelNumber(rawValue: 0x4000), dataByteCount: count, isPadded: false,
          into: &buffer)
      }
      #expect(error?.code == .valueTooLong)
    }
  }

  func writeHeader(
    channel: ChannelNumber, dataByteCount: Int, isPadded: Bool, into buffer: inout [UInt8]
  ) throws(STUNEncodingError) -> Int {
    var span = buffer.mutableSpan
    var bytes = span.mutableBytes
    return try ChannelData.writeHeader(
      channel: channel, dataByteCount: dataByteCount, isPadded: isPadded, into: &bytes)
  }

  @Test("The most data that the length can say is written")
  func longest() throws {
    let bytes = try ChannelData.encode(
      [UInt8](repeating: 1, count: 0xFFFF), channel: ChannelNumber(rawValue: 0x4000),
      isPadded: true)
    #expect(bytes.count == 0x10004)
  }

  @Test("One byte of data more than the length can say is refused")
  func tooLong() async {
    // In a process of its own, as a length that is let through traps.
    await #expect(processExitsWith: .success) {
      let error = #expect(throws: STUNEncodingError.self) {
        try ChannelData.encode(
          [UInt8](repeating: 0, count: 0x10000), channel: ChannelNumber(rawValue: 0x4000))
      }
      #expect(error?.code == .valueTooLong)
    }
  }

  @Test("ChannelData with a number that is no channel's is not written")
  func wrongNumber() {
    let error = #expect(throws: STUNEncodingError.self) {
      try ChannelData.encode([], channel: ChannelNumber(rawValue: 0x3FFF))
    }
    #expect(error?.code == .channelNumberOutOfRange)
  }
}
