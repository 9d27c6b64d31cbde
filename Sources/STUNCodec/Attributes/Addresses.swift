public import ByteOrder
public import TransportAddress

extension STUNMessageReader where Self: ~Escapable {
  /// MAPPED-ADDRESS: the request's source as the server saw it, in plain bytes (RFC 8489 §14.1).
  ///
  /// - Throws: `unknownAddressFamily` or `wrongValueLength`.
  @inlinable
  public var mappedAddress: TransportAddress? {
    get throws(STUNDecodingError) { try view.address(.mappedAddress) }
  }

  /// XOR-MAPPED-ADDRESS: the request's source as the server saw it (RFC 8489 §14.2).
  ///
  /// Where it is absent, the attribute's number in a draft, 0x8020, is read instead.
  ///
  /// - Throws: `unknownAddressFamily` or `wrongValueLength`.
  @inlinable
  public var xorMappedAddress: TransportAddress? {
    @inline(__always)
    get throws(STUNDecodingError) {
      let view = view
      guard let attribute = view.first(.xorMappedAddress) else {
        return try view.draftXORMappedAddress()
      }
      return try attribute.address().xored(with: view.transactionID)
    }
  }

  /// ALTERNATE-SERVER: the server to ask instead, with error 300 (RFC 8489 §14.15).
  ///
  /// - Throws: `unknownAddressFamily` or `wrongValueLength`.
  @inlinable
  public var alternateServer: TransportAddress? {
    get throws(STUNDecodingError) { try view.address(.alternateServer) }
  }
}

extension STUNMessageView {
  /// A call of its own, so that the usual case stays short enough to be inlined.
  @usableFromInline
  func draftXORMappedAddress() throws(STUNDecodingError) -> TransportAddress? {
    try xoredAddress(.xorMappedAddressDraft)
  }
}

extension STUNMessageBuilder {
  /// Appends MAPPED-ADDRESS, the address in plain bytes (RFC 8489 §14.1).
  @_lifetime(self: copy self)
  public mutating func append(mappedAddress: TransportAddress) throws(STUNEncodingError) {
    try append(.mappedAddress, address: mappedAddress)
  }

  /// Appends XOR-MAPPED-ADDRESS, the address with its bits flipped (RFC 8489 §14.2).
  @_lifetime(self: copy self)
  public mutating func append(xorMappedAddress: TransportAddress) throws(STUNEncodingError) {
    try append(.xorMappedAddress, address: xorMappedAddress.xored(with: transactionID))
  }

  /// Appends ALTERNATE-SERVER, the server to ask instead (RFC 8489 §14.15).
  @_lifetime(self: copy self)
  public mutating func append(alternateServer: TransportAddress) throws(STUNEncodingError) {
    try append(.alternateServer, address: alternateServer)
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
}

extension AttributeView {
  /// The value read as family, port and address, whatever the type (RFC 8489 §14.1).
  ///
  ///      0                   1                   2                   3
  ///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
  ///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
  ///     |    ignored    |    Family     |             Port              |
  ///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
  ///     |                 Address (32 bits or 128 bits)                 |
  ///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
  ///
  /// Where the type is an XOR one, the bits are still flipped.
  ///
  /// - Throws: `unknownAddressFamily` or `wrongValueLength`.
  @inline(__always)
  @inlinable
  public func address() throws(STUNDecodingError) -> TransportAddress {
    // The family decides the length, and the length is checked before anything else is read.
    guard value.byteCount >= 4 else { throw wrongLength(expected: 8) }
    let port = value.bigEndian16(at: 2)
    switch value.byte(at: 1) {
    case 0x01:
      guard value.byteCount == 8 else { throw wrongLength(expected: 8) }
      return TransportAddress(
        .v4(IPv4Address(rawValue: value.bigEndian32(at: 4))), port: port)
    case 0x02:
      guard value.byteCount == 20 else { throw wrongLength(expected: 20) }
      return TransportAddress(
        .v6(IPv6Address(high: value.bigEndian64(at: 4), low: value.bigEndian64(at: 12))),
        port: port)
    case let family:
      throw STUNDecodingError(
        .unknownAddressFamily, at: valueOffset + 1, in: type, expected: 1, found: Int(family))
    }
  }
}
