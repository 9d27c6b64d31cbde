import Testing

@testable import Signaling

/// WebSocket frames as bytes (RFC 6455 §5).
@Suite struct WebSocketFrameTests {
  /// The examples of RFC 6455 §5.7.
  static let examples: [(bytes: [UInt8], isMasked: Bool, event: WebSocketReader.Event)] = [
    ([0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f], false, .message("Hello")),
    (
      [0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58], true,
      .message("Hello")
    ),
    ([0x01, 0x03, 0x48, 0x65, 0x6c, 0x80, 0x02, 0x6c, 0x6f], false, .message("Hello")),
    ([0x89, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f], false, .ping(Array("Hello".utf8))),
    ([0x8a, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58], true, .pong),
  ]

  @Test("The RFC's examples are read, wherever they are cut", arguments: examples)
  func reading(bytes: [UInt8], isMasked: Bool, event: WebSocketReader.Event) throws {
    for cut in 0...bytes.count {
      var reader = WebSocketReader(limit: 100, takesMasked: isMasked)
      var events: [WebSocketReader.Event] = []
      for part in [bytes[..<cut], bytes[cut...]] {
        reader.received(part)
        while let event = try reader.next() { events.append(event) }
      }
      #expect(events == [event], "cut at \(cut)")
    }
  }

  @Test("The RFC's examples are written")
  func writing() {
    let hello = WebSocketFrame(.text, Array("Hello".utf8))
    #expect(hello.bytes() == Self.examples[0].bytes)
    #expect(hello.bytes(maskedBy: 0x37fa_213d) == Self.examples[1].bytes)
    #expect(WebSocketFrame(.ping, Array("Hello".utf8)).bytes() == Self.examples[3].bytes)
  }

  @Test(
    "A length is written in its shortest form and read again",
    arguments: [0, 1, 125, 126, 127, 255, 256, 65_535, 65_536, 70_000])
  func lengths(count: Int) throws {
    let text = String(repeating: "x", count: count)
    let frame = WebSocketFrame(.text, Array(text.utf8))
    #expect(frame.bytes().count == count + (count < 126 ? 2 : count < 65_536 ? 4 : 10))
    for key in [nil, UInt32(0x0102_0304)] {
      var reader = WebSocketReader(limit: 70_000, takesMasked: key != nil)
      reader.received(frame.bytes(maskedBy: key))
      #expect(try reader.next() == .message(text))
      #expect(try reader.next() == nil)
    }
  }

  /// What no client may send, and the code of the Close frame that answers it.
  static let wrong: [(bytes: [UInt8], close: WebSocketClose)] = [
    ([0x81, 0x00], .protocolError),  // not masked
    ([0xC1, 0x80, 0, 0, 0, 0], .protocolError),  // a reserved bit
    ([0x83, 0x80, 0, 0, 0, 0], .protocolError),  // an opcode that there is not
    ([0x80, 0x80, 0, 0, 0, 0], .protocolError),  // goes on with nothing
    ([0x01, 0x80, 0, 0, 0, 0, 0x81, 0x80, 0, 0, 0, 0], .protocolError),  // two messages at once
    ([0x09, 0x80, 0, 0, 0, 0], .protocolError),  // a Ping in parts
    ([0x89, 0xFE, 0, 126], .protocolError),  // a long Ping
    ([0x81, 0xFE, 0, 125], .protocolError),  // two bytes of length where one would do
    ([0x81, 0xFF, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF], .protocolError),  // eight where two would do
    ([0x82, 0x80, 0, 0, 0, 0], .unsupported),
    ([0x81, 0x81, 0, 0, 0, 0, 0xFF], .notUTF8),
    ([0x81, 0xFE, 0x03, 0xE9], .tooLong),  // 1001 bytes, of which none is there
    ([0x81, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], .tooLong),
  ]

  @Test("What is no frame of a client's ends the connection with its code", arguments: wrong)
  func refusal(bytes: [UInt8], close: WebSocketClose) {
    var reader = WebSocketReader(limit: 1000, takesMasked: true)
    reader.received(bytes)
    #expect(throws: close) { while try reader.next() != nil {} }
  }

  @Test("Parts that are too long together are refused")
  func parts() {
    var reader = WebSocketReader(limit: 10, takesMasked: false)
    reader.received([0x01, 6] + Array("123456".utf8) + [0x80, 6] + Array("123456".utf8))
    #expect(throws: WebSocketClose.tooLong) { try reader.next() }
  }

  @Test("The answer to the RFC's key is the RFC's (RFC 6455 §1.3)")
  func accept() {
    #expect(
      WebSocketHandshake.accept("dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
  }

  @Test(
    "Base64 has the RFC's test vectors (RFC 4648 §10)",
    arguments: [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
      ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ])
  func base64(text: String, encoded: String) {
    #expect(WebSocketHandshake.base64(Array(text.utf8)) == encoded)
  }
}
