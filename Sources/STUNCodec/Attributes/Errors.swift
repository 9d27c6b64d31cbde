import ByteOrder

extension STUNMessageReader where Self: ~Escapable {
  /// ERROR-CODE: why the request was refused (RFC 8489 §14.8).
  ///
  /// - Throws: `wrongValueLength`, or `errorCodeOutOfRange` unless the class is 3 to 6 and the number
  ///   0 to 99. Reserved bits that are set are no error.
  public var errorCode: ErrorCode? {
    get throws(STUNDecodingError) {
      let view = view
      guard let attribute = view.first(.errorCode) else { return nil }
      return try attribute.errorCode()
    }
  }
}

extension STUNMessageView {
  /// The bytes of ERROR-CODE's reason phrase, which should be UTF-8; nil if absent
  /// (RFC 8489 §14.8).
  ///
  /// - Throws: as `errorCode` does, and `valueTooLong` above 763 bytes.
  public var errorReason: RawSpan? {
    @_lifetime(copy self)
    get throws(STUNDecodingError) {
      guard let attribute = first(.errorCode) else { return nil }
      _ = try attribute.errorCode()
      guard attribute.value.byteCount - 4 <= TextLimit.received else {
        throw STUNDecodingError(
          .valueTooLong, at: attribute.byteOffset + 2, in: .errorCode,
          expected: 4 + TextLimit.received, found: attribute.value.byteCount)
      }
      return attribute.value.extracting(droppingFirst: 4)
    }
  }

  /// UNKNOWN-ATTRIBUTES: the types that the server did not understand, with error 420; nil if absent
  /// (RFC 8489 §14.13).
  ///
  /// - Throws: `wrongValueLength` when the value has an odd number of bytes.
  public var unknownAttributes: AttributeTypeList? {
    @_lifetime(copy self)
    get throws(STUNDecodingError) {
      guard let attribute = first(.unknownAttributes) else { return nil }
      guard attribute.value.byteCount % 2 == 0 else { throw attribute.wrongLength(expected: 2) }
      return AttributeTypeList(bytes: attribute.value)
    }
  }

  /// Calls `body` with each comprehension-required attribute type that is not understood
  /// (RFC 8489 §6.3.1).
  ///
  /// A message that has one must not be processed further. Attributes that must be ignored are
  /// skipped; a type that occurs several times is reported as often.
  ///
  /// - Complexity: O(*n*) in the number of attributes.
  public func forEachUnknownComprehensionRequired(
    understanding: (AttributeType) -> Bool = \.isRegistered, _ body: (AttributeType) -> Void
  ) {
    var cursor = attributes
    while let attribute = cursor.next() {
      if attribute.type.isComprehensionRequired, !understanding(attribute.type) {
        body(attribute.type)
      }
    }
  }

  /// Whether there is a comprehension-required attribute whose type is not registered.
  ///
  /// - Complexity: O(*n*) in the number of attributes.
  package var hasUnknownRequirement: Bool {
    var isUnknown = false
    forEachUnknownComprehensionRequired { _ in isUnknown = true }
    return isUnknown
  }
}

extension STUNMessage {
  /// ERROR-CODE's reason phrase, for people; nil if absent (RFC 8489 §14.8).
  ///
  /// - Throws: as `errorCode` does, and `valueTooLong` above 763 bytes, `notUTF8`.
  public var errorReason: String? {
    get throws(STUNDecodingError) { try text(view.errorReason, of: .errorCode) }
  }

  /// UNKNOWN-ATTRIBUTES: the types that the server did not understand, with error 420; nil if absent
  /// (RFC 8489 §14.13).
  ///
  /// - Throws: `wrongValueLength` when the value has an odd number of bytes.
  public var unknownAttributes: [AttributeType]? {
    get throws(STUNDecodingError) {
      guard let list = try view.unknownAttributes else { return nil }
      var types: [AttributeType] = []
      for index in 0..<list.count { types.append(list[index]) }
      return types
    }
  }

  /// The comprehension-required attribute types that are not understood, each once, in order
  /// (RFC 8489 §6.3.1).
  public func unknownComprehensionRequired(
    understanding: (AttributeType) -> Bool = \.isRegistered
  ) -> [AttributeType] {
    var types: [AttributeType] = []
    view.forEachUnknownComprehensionRequired(understanding: understanding) {
      if !types.contains($0) { types.append($0) }
    }
    return types
  }

  /// The error response, 420, to a request with unknown comprehension-required attributes
  /// (RFC 8489 §6.3.1); nil when all of them are understood.
  ///
  /// It has no message integrity. A server that needs it builds the response with `encode`.
  public func unknownAttributeResponse(
    understanding: (AttributeType) -> Bool = \.isRegistered
  ) -> [UInt8]? {
    let unknown = unknownComprehensionRequired(understanding: understanding)
    guard !unknown.isEmpty else { return nil }
    // Two bytes a type, and there are at most as many types as attributes of four bytes: it fits.
    return try? STUNMessage.encode(
      MessageType(.errorResponse, type.method), transactionID: transactionID
    ) { (response: inout STUNMessageBuilder) throws(STUNEncodingError) in
      try response.append(errorCode: .unknownAttribute)
      try response.append(unknownAttributes: unknown)
    }
  }
}

extension STUNMessageBuilder {
  /// Appends ERROR-CODE with a reason for people, the code's name by default (RFC 8489 §14.8).
  ///
  /// - Throws: also `errorCodeOutOfRange`, and `valueTooLong` above 509 bytes or 127 characters.
  @_lifetime(self: copy self)
  public mutating func append(
    errorCode: ErrorCode, reason: String? = nil
  ) throws(STUNEncodingError) {
    try append(.errorCode, errorCode, familyByte: 0, reason: reason)
  }

  /// Appends UNKNOWN-ATTRIBUTES, two bytes a type (RFC 8489 §14.13).
  @_lifetime(self: copy self)
  public mutating func append(
    unknownAttributes: some Collection<AttributeType>
  ) throws(STUNEncodingError) {
    var offset = try open(.unknownAttributes, valueByteCount: 2 * unknownAttributes.count)
    for type in unknownAttributes {
      store(type.rawValue, at: offset)
      offset += 2
    }
  }

  /// Appends ERROR-CODE, or ADDRESS-ERROR-CODE with its family in the first byte.
  @_lifetime(self: copy self)
  mutating func append(
    _ type: AttributeType, _ code: ErrorCode, familyByte: UInt8, reason: String?
  ) throws(STUNEncodingError) {
    guard code.isValid else {
      throw STUNEncodingError(
        code: .errorCodeOutOfRange, attribute: type, limit: 699, found: Int(code.rawValue))
    }
    let reason = reason ?? code.name ?? ""
    let count = try textByteCount(reason, for: type)
    let offset = try open(type, valueByteCount: 4 + count)
    store(
      UInt32(familyByte) << 24 | UInt32(code.hundreds) << 8 | UInt32(code.number), at: offset)
    store(reason, at: offset + 4)
  }
}

extension AttributeView {
  /// The value read as an error code (RFC 8489 §14.8).
  ///
  ///      0                   1                   2                   3
  ///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
  ///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
  ///     |           Reserved, should be 0         |Class|     Number    |
  ///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
  ///     |                    Reason Phrase ...                          |
  ///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
  func errorCode() throws(STUNDecodingError) -> ErrorCode {
    guard value.byteCount >= 4 else { throw wrongLength(expected: 4) }
    let hundreds = UInt16(value.byte(at: 2) & 0b111)
    let number = UInt16(value.byte(at: 3))
    guard (3...6).contains(hundreds), number < 100 else {
      throw STUNDecodingError(
        .errorCodeOutOfRange, at: valueOffset + 2, in: type, expected: 0,
        found: Int(hundreds * 256 + number))
    }
    return ErrorCode(rawValue: hundreds * 100 + number)
  }
}

/// The attribute types that an UNKNOWN-ATTRIBUTES lists, two bytes each (RFC 8489 §14.13).
public struct AttributeTypeList: ~Escapable {
  private let bytes: RawSpan

  @_lifetime(copy bytes)
  init(bytes: RawSpan) {
    self.bytes = bytes
  }

  /// How many types are listed.
  public var count: Int { bytes.byteCount / 2 }

  /// The type at this index, from 0 to below `count`; traps elsewhere.
  public subscript(index: Int) -> AttributeType {
    AttributeType(rawValue: bytes.bigEndian16(at: 2 * index))
  }
}
