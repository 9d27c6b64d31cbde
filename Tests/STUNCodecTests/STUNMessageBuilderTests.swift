import STUNCodec
import Testing
import TransportAddress

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

  /// The bytes of a request with this realm.
  func request(realm: String) throws -> [UInt8] {
    try STUNMessage.encode(.bindingRequest, transactionID: RFC5769.transactionID) { message in
      try message.append(realm: realm)
    }
  }

  @Test(
    "A realm of 127 characters is written, however many bytes each takes", arguments: ["A", "😀"])
  func longestRealm(character: String) throws {
    let realm = String(repeating: character, count: 127)
    #expect(try STUNMessage(request(realm: realm)).realm == realm)
  }

  @Test("A realm of 128 characters is refused")
  func realmTooLong() {
    let error = #expect(throws: STUNEncodingError.self) {
      try request(realm: String(repeating: "A", count: 128))
    }
    #expect(error?.code == .valueTooLong)
  }

  @Test("A username of 508 bytes is written, however few characters they are")
  func longestUsername() throws {
    for username in [String(repeating: "A", count: 508), String(repeating: "😀", count: 127)] {
      let bytes = try STUNMessage.encode(
        .bindingRequest, transactionID: RFC5769.transactionID
      ) { message in
        try message.append(username: username)
      }
      #expect(try STUNMessage(bytes).username == username)
    }
  }

  @Test("A username of 509 bytes is refused")
  func usernameTooLong() {
    let error = #expect(throws: STUNEncodingError.self) {
      try STUNMessage.encode(.bindingRequest, transactionID: RFC5769.transactionID) { message in
        try message.append(username: String(repeating: "A", count: 509))
      }
    }
    #expect(error?.code == .valueTooLong)
  }

  // 552 and 553 bytes of value stand on either side of the first buffer's 576.
  @Test(
    "A message that outgrows its first buffers is the one that a large buffer would hold",
    arguments: [0, 1, 551, 552, 553, 600, 1100, 2300, 9000, 0xFF00])
  func growth(count: Int) throws {
    let value = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let body = { (message: inout STUNMessageBuilder) throws(STUNEncodingError) in
      try message.append(software: "before")
      try message.append(.data, bytes: value)
      try message.append(xorMappedAddress: "192.0.2.1:32853")
      try message.appendMessageIntegrity(key)
      try message.appendFingerprint()
    }
    var buffer = [UInt8](repeating: 0xEE, count: STUNHeader.maximumMessageByteCount)
    let written = try write(into: &buffer, body)
    let encoded = try STUNMessage.encode(
      .bindingRequest, transactionID: RFC5769.transactionID, body)
    #expect(encoded == Array(buffer.prefix(written)))
    #expect(try STUNMessage(encoded).value(of: .data) == value)
  }

  @Test("A message grows as often as attributes ask for it, up to the most that it can have")
  func repeatedGrowth() throws {
    let bytes = try STUNMessage.encode(
      .bindingRequest, transactionID: RFC5769.transactionID
    ) { (message: inout STUNMessageBuilder) throws(STUNEncodingError) in
      for index in 0..<0xFFFC / 4 {
        try message.append(AttributeType(rawValue: UInt16(0x100 + index)), bytes: [])
      }
    }
    #expect(bytes.count == STUNHeader.maximumMessageByteCount)
    let types = try STUNMessage(bytes).allAttributes.map(\.type.rawValue)
    #expect(types == Array(0x100..<0x100 + 0xFFFC / 4))
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
