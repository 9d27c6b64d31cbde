public import TransportAddress

extension STUNMessageView {
  /// MAPPED-ADDRESS: where the server saw the request come from, in plain bytes; nil if absent.
  ///
  /// - Throws: `unknownAddressFamily` or `wrongValueLength`.
  public var mappedAddress: TransportAddress? {
    get throws(STUNDecodingError) { try address(.mappedAddress) }
  }

  /// XOR-MAPPED-ADDRESS: where the server saw the request come from; nil if absent.
  ///
  /// Its number in a draft, 0x8020, is read too when the proper one is not there.
  ///
  /// - Throws: `unknownAddressFamily` or `wrongValueLength`.
  @inlinable
  public var xorMappedAddress: TransportAddress? {
    @inline(__always)
    get throws(STUNDecodingError) {
      guard let attribute = first(.xorMappedAddress) else { return try draftXORMappedAddress() }
      return try attribute.address().xored(with: transactionID)
    }
  }

  /// A call of its own, so that the usual case stays short enough to be part of its caller.
  @usableFromInline
  func draftXORMappedAddress() throws(STUNDecodingError) -> TransportAddress? {
    try address(.xorMappedAddressDraft)?.xored(with: transactionID)
  }

  /// ALTERNATE-SERVER: where to ask instead, with error 300; nil if absent.
  ///
  /// - Throws: `unknownAddressFamily` or `wrongValueLength`.
  public var alternateServer: TransportAddress? {
    get throws(STUNDecodingError) { try address(.alternateServer) }
  }

  func address(_ type: AttributeType) throws(STUNDecodingError) -> TransportAddress? {
    guard let attribute = first(type) else { return nil }
    return try attribute.address()
  }
}

extension AttributeView {
  /// The value read as family, port and address, whatever the type.
  ///
  ///      0                   1                   2                   3
  ///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
  ///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
  ///     |    ignored    |    Family     |             Port              |
  ///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
  ///     |                 Address (32 bits or 128 bits)                 |
  ///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
  ///
  /// Where the type is an XOR one, the bits are still flipped. RFC 8489 §14.1.
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
