import STUNCodec
import Testing

@Suite struct STUNMessageBuilderTests {
  let key = MessageIntegrityKey(shortTermPassword: "secret")

  // Pitfall 8, the sender's half (CVE-2020-4067).
  @Test("Padding is zero although the buffer held something else", arguments: 0...8)
  func padding(count: Int) throws {
    var buffer = [UInt8](repeating: 0xEE, count: 64)
    let written = try write(into: &buffer) { (message) throws(STUNEncodingError) in
      try message.append(software: String(repeating: "A", count: count))
    }
    #expect(written == 24 + count + (-count & 3))
    #expect(buffer[(24 + count)..<written].allSatisfy { $0 == 0 })
    #expect(buffer[written...].allSatisfy { $0 == 0xEE })
  }

  @Test("A buffer too small for the next attribute is said so, and what is written stays whole")
  func tooSmall() throws {
    for size in 0..<64 {
      var buffer = [UInt8](repeating: 0, count: size)
      var failure: STUNEncodingError?
      do {
        _ = try write(into: &buffer) { (message) throws(STUNEncodingError) in
          try message.append(software: "ABCDE")
          do throws(STUNEncodingError) {
            try message.appendMessageIntegrity(key)
          } catch {
            failure = error
          }
        }
      } catch {
        failure = error
      }
      #expect((failure == nil) == (size >= 56))
      #expect(failure.map { $0.code == .bufferTooSmall && $0.limit == size } ?? true)
      if size >= 32, size < 56 {
        #expect(try STUNMessage(Array(buffer.prefix(32))).software == "ABCDE")
      }
    }
  }

  @Test("After MESSAGE-INTEGRITY an ordinary attribute is refused, for it would be ignored")
  func afterMessageIntegrity() {
    let error = #expect(throws: STUNEncodingError.self) {
      try STUNMessage.encode(.bindingRequest, transactionID: RFC5769.transactionID) { message in
        try message.appendMessageIntegrity(key)
        try message.append(software: "late")
      }
    }
    #expect(error?.code == .attributeAfterMessageIntegrity)
    #expect(
      error?.description
        == "SOFTWARE cannot follow MESSAGE-INTEGRITY: the receiver would ignore it")
  }

  @Test("After FINGERPRINT even MESSAGE-INTEGRITY is refused")
  func afterFingerprint() {
    #expect(throws: STUNEncodingError.self) {
      try STUNMessage.encode(.bindingRequest, transactionID: RFC5769.transactionID) { message in
        try message.appendFingerprint()
        try message.appendMessageIntegrity(key)
      }
    }
  }

  @Test("Texts longer than the RFC allows are refused: 509 bytes, 127 characters")
  func textLimits() throws {
    let encode = { (text: String) throws -> [UInt8] in
      try STUNMessage.encode(.bindingRequest, transactionID: RFC5769.transactionID) { message in
        try message.append(realm: text)
      }
    }
    _ = try encode(String(repeating: "A", count: 127))
    _ = try encode(String(repeating: "\u{1F600}", count: 127))
    #expect(throws: STUNEncodingError.self) { try encode(String(repeating: "A", count: 128)) }
    #expect(throws: STUNEncodingError.self) {
      try STUNMessage.encode(.bindingRequest, transactionID: RFC5769.transactionID) { message in
        try message.append(username: String(repeating: "A", count: 509))
      }
    }
  }

  @Test("A value that does not fit a message is refused")
  func tooLong() throws {
    let fits = [UInt8](repeating: 1, count: 0xFFF8)
    let bytes = try STUNMessage.encode(
      .bindingRequest, transactionID: RFC5769.transactionID
    ) { message in
      try message.append(.data, bytes: fits)
    }
    #expect(bytes.count == STUNHeader.maximumMessageByteCount)
    let error = #expect(throws: STUNEncodingError.self) {
      try STUNMessage.encode(.bindingRequest, transactionID: RFC5769.transactionID) { message in
        try message.append(.data, bytes: fits + [1])
      }
    }
    #expect(error?.code == .messageTooLong)
  }

  @Test("An error response says its code, a reason by default, and what was not understood")
  func errorResponse() throws {
    let bytes = try STUNMessage.encode(
      .bindingErrorResponse, transactionID: RFC5769.transactionID
    ) { message in
      try message.append(errorCode: .unknownAttribute)
      try message.append(unknownAttributes: [AttributeType(rawValue: 0x7F00)])
    }
    let message = try STUNMessage(bytes)
    #expect(try message.errorCode == .unknownAttribute)
    #expect(try message.errorReason == "Unknown Attribute")
    #expect(try message.unknownAttributes == [AttributeType(rawValue: 0x7F00)])
  }

  @Test("An error code outside 300 to 699 is refused", arguments: [0, 299, 700, 65535] as [UInt16])
  func errorCode(rawValue: UInt16) {
    let error = #expect(throws: STUNEncodingError.self) {
      try STUNMessage.encode(
        .bindingErrorResponse, transactionID: RFC5769.transactionID
      ) { message in
        try message.append(errorCode: ErrorCode(rawValue: rawValue))
      }
    }
    #expect(error?.code == .errorCodeOutOfRange)
  }
}

/// Builds a Binding request in the buffer and returns how many bytes it took.
func write(
  into buffer: inout [UInt8], _ body: (inout STUNMessageBuilder) throws(STUNEncodingError) -> Void
) throws(STUNEncodingError) -> Int {
  var span = buffer.mutableSpan
  var builder = try STUNMessageBuilder(
    .bindingRequest, transactionID: RFC5769.transactionID, into: span.mutableBytes)
  try body(&builder)
  return builder.byteCount
}
