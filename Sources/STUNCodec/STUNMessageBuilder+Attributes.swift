public import TransportAddress

extension STUNMessageBuilder {
  /// Appends an attribute whose value is these bytes, for types this codec does not write itself.
  ///
  /// - Throws: what `append(_:value:)` throws, as every call here does.
  @_lifetime(self: copy self)
  public mutating func append(_ type: AttributeType, bytes: [UInt8]) throws(STUNEncodingError) {
    try append(type, value: bytes.span.bytes)
  }

  /// MAPPED-ADDRESS, the address in plain bytes. RFC 8489 §14.1.
  @_lifetime(self: copy self)
  public mutating func append(mappedAddress: TransportAddress) throws(STUNEncodingError) {
    try append(.mappedAddress, address: mappedAddress)
  }

  /// XOR-MAPPED-ADDRESS, the address with its bits flipped. RFC 8489 §14.2.
  @_lifetime(self: copy self)
  public mutating func append(xorMappedAddress: TransportAddress) throws(STUNEncodingError) {
    try append(.xorMappedAddress, address: xorMappedAddress.xored(with: transactionID))
  }

  /// ALTERNATE-SERVER, where to ask instead. RFC 8489 §14.15.
  @_lifetime(self: copy self)
  public mutating func append(alternateServer: TransportAddress) throws(STUNEncodingError) {
    try append(.alternateServer, address: alternateServer)
  }

  /// USERNAME. RFC 8489 §14.3.
  ///
  /// - Throws: also `valueTooLong` above 508 bytes.
  @_lifetime(self: copy self)
  public mutating func append(username: String) throws(STUNEncodingError) {
    try append(.username, text: username, atMost: TextLimit.username, characters: .max)
  }

  /// REALM. RFC 8489 §14.9.
  ///
  /// - Throws: also `valueTooLong` above 509 bytes or 127 characters.
  @_lifetime(self: copy self)
  public mutating func append(realm: String) throws(STUNEncodingError) {
    try append(.realm, text: realm)
  }

  /// NONCE. RFC 8489 §14.10.
  ///
  /// - Throws: also `valueTooLong` above 509 bytes or 127 characters.
  @_lifetime(self: copy self)
  public mutating func append(nonce: String) throws(STUNEncodingError) {
    try append(.nonce, text: nonce)
  }

  /// SOFTWARE. RFC 8489 §14.14.
  ///
  /// - Throws: also `valueTooLong` above 509 bytes or 127 characters.
  @_lifetime(self: copy self)
  public mutating func append(software: String) throws(STUNEncodingError) {
    try append(.software, text: software)
  }

  /// ERROR-CODE with a reason for people to read. RFC 8489 §14.8.
  ///
  /// - Throws: also `errorCodeOutOfRange`, and `valueTooLong` above 509 bytes or 127 characters.
  @_lifetime(self: copy self)
  public mutating func append(
    errorCode: ErrorCode, reason: String? = nil
  ) throws(STUNEncodingError) {
    guard errorCode.isValid else {
      throw STUNEncodingError(
        code: .errorCodeOutOfRange, attribute: .errorCode, limit: 699,
        found: Int(errorCode.rawValue))
    }
    let reason = reason ?? errorCode.name ?? ""
    let count = try textByteCount(reason, for: .errorCode)
    let offset = try open(.errorCode, valueByteCount: 4 + count)
    store(UInt32(errorCode.hundreds) << 8 | UInt32(errorCode.number), at: offset)
    store(reason, at: offset + 4)
  }

  /// UNKNOWN-ATTRIBUTES, 16 bits a type. RFC 8489 §14.13.
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

  /// PRIORITY. RFC 8445 §7.1.1.
  @_lifetime(self: copy self)
  public mutating func append(priority: UInt32) throws(STUNEncodingError) {
    store(priority, at: try open(.priority, valueByteCount: 4))
  }

  /// USE-CANDIDATE, which has no value. RFC 8445 §7.1.2.
  @_lifetime(self: copy self)
  public mutating func appendUseCandidate() throws(STUNEncodingError) {
    _ = try open(.useCandidate, valueByteCount: 0)
  }

  /// ICE-CONTROLLED with the sender's tiebreaker. RFC 8445 §7.1.3.
  @_lifetime(self: copy self)
  public mutating func append(iceControlled tiebreaker: UInt64) throws(STUNEncodingError) {
    store(tiebreaker, at: try open(.iceControlled, valueByteCount: 8))
  }

  /// ICE-CONTROLLING with the sender's tiebreaker. RFC 8445 §7.1.3.
  @_lifetime(self: copy self)
  public mutating func append(iceControlling tiebreaker: UInt64) throws(STUNEncodingError) {
    store(tiebreaker, at: try open(.iceControlling, valueByteCount: 8))
  }

  @_lifetime(self: copy self)
  mutating func append(
    _ type: AttributeType, address: TransportAddress
  ) throws(STUNEncodingError) {
    switch address.address {
    case .v4(let v4):
      let offset = try open(type, valueByteCount: 8)
      store(UInt32(AddressFamily.ipv4.rawValue) << 16 | UInt32(address.port), at: offset)
      store(v4.rawValue, at: offset + 4)
    case .v6(let v6):
      let offset = try open(type, valueByteCount: 20)
      store(UInt32(AddressFamily.ipv6.rawValue) << 16 | UInt32(address.port), at: offset)
      store(v6.high, at: offset + 4)
      store(v6.low, at: offset + 12)
    }
  }

  @_lifetime(self: copy self)
  mutating func append(
    _ type: AttributeType, text: String, atMost limit: Int = TextLimit.sent,
    characters: Int = TextLimit.characters
  ) throws(STUNEncodingError) {
    let count = try textByteCount(text, for: type, atMost: limit, characters: characters)
    store(text, at: try open(type, valueByteCount: count))
  }

  func textByteCount(
    _ text: String, for type: AttributeType, atMost limit: Int = TextLimit.sent,
    characters: Int = TextLimit.characters
  ) throws(STUNEncodingError) -> Int {
    let count = text.utf8.count
    guard count <= limit, text.unicodeScalars.count <= characters else {
      throw STUNEncodingError(code: .valueTooLong, attribute: type, limit: limit, found: count)
    }
    return count
  }

  @_lifetime(self: copy self)
  mutating func store(_ text: String, at offset: Int) {
    store(text.utf8Span.span.bytes, at: offset)
  }
}
