import Testing

@testable import Answer

@Suite struct FrameChannelDataChecks {
  @Test("Four bytes need a header and no padding")
  func four() {
    #expect(
      channelData([1, 2, 3, 4], channel: 0x4000) == [0x40, 0x00, 0, 4, 1, 2, 3, 4],
      "Header and data are 8 bytes, which is a multiple of four")
  }

  @Test("The padding is zeros, up to a multiple of four")
  func padding() {
    #expect(
      channelData([1, 2, 3], channel: 0x4000).count == 8,
      "Header and data are 7 bytes, so one byte is missing")
    #expect(
      channelData([1], channel: 0x4000).suffix(3) == [0, 0, 0],
      "Header and data are 5 bytes, so three zeros are missing")
  }

  @Test("The length counts the data, without the padding")
  func length() {
    #expect(
      channelData([1, 2, 3, 4, 5], channel: 0x4FFF) == [0x4F, 0xFF, 0, 5, 1, 2, 3, 4, 5, 0, 0, 0],
      "Of five bytes of data Bob must get five, not eight")
  }

  @Test("A length above 255 needs both of its bytes")
  func long() {
    let message = channelData([UInt8](repeating: 7, count: 258), channel: 0x4001)
    #expect(
      message.prefix(4) == [0x40, 0x01, 1, 2], "258 is 1 times 256 and 2: its bytes are 1 and 2")
    #expect(message.count == 264, "Header and data are 262 bytes, so two are missing")
  }

  @Test("No data are a message, too")
  func empty() {
    #expect(
      channelData([], channel: 0x4000) == [0x40, 0x00, 0, 0], "The header alone, of length zero")
  }
}
