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

  @Test("What does not fit is not written")
  func tooLong() {
    let channel = ChannelNumber(rawValue: 0x4000)
    #expect(throws: Never.self) {
      try ChannelData.encode([UInt8](repeating: 0, count: 0xFFFF), channel: channel, isPadded: true)
    }
    #expect(throws: STUNEncodingError.self) {
      try ChannelData.encode([UInt8](repeating: 0, count: 0x10000), channel: channel)
    }
    #expect(throws: STUNEncodingError.self) {
      try ChannelData.encode([], channel: ChannelNumber(rawValue: 0x3FFF))
    }
  }
}
