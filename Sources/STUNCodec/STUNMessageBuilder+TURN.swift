public import TransportAddress

/// The attributes of TURN: RFC 8656 §18, RFC 6062 §6.2 and RFC 8016 §3.3. Reserved bits are zero.
extension STUNMessageBuilder {
  /// CHANNEL-NUMBER. RFC 8656 §18.1.
  ///
  /// - Throws: also `channelNumberOutOfRange`.
  @_lifetime(self: copy self)
  public mutating func append(channelNumber: ChannelNumber) throws(STUNEncodingError) {
    guard channelNumber.isValid else {
      throw STUNEncodingError(
        code: .channelNumberOutOfRange, attribute: .channelNumber, limit: 0x4FFF,
        found: Int(channelNumber.rawValue))
    }
    try append(.channelNumber, UInt32(channelNumber.rawValue) << 16)
  }

  /// LIFETIME in seconds. RFC 8656 §18.2.
  @_lifetime(self: copy self)
  public mutating func append(lifetime seconds: UInt32) throws(STUNEncodingError) {
    try append(.lifetime, seconds)
  }

  /// XOR-PEER-ADDRESS; CreatePermission takes several. RFC 8656 §18.3.
  @_lifetime(self: copy self)
  public mutating func append(xorPeerAddress: TransportAddress) throws(STUNEncodingError) {
    try append(.xorPeerAddress, address: xorPeerAddress.xored(with: transactionID))
  }

  /// DATA. RFC 8656 §18.4.
  @_lifetime(self: copy self)
  public mutating func append(data: RawSpan) throws(STUNEncodingError) {
    try append(.data, value: data)
  }

  /// XOR-RELAYED-ADDRESS. RFC 8656 §18.5.
  @_lifetime(self: copy self)
  public mutating func append(xorRelayedAddress: TransportAddress) throws(STUNEncodingError) {
    try append(.xorRelayedAddress, address: xorRelayedAddress.xored(with: transactionID))
  }

  /// REQUESTED-ADDRESS-FAMILY. RFC 8656 §18.6.
  @_lifetime(self: copy self)
  public mutating func append(
    requestedAddressFamily family: AddressFamily
  ) throws(STUNEncodingError) {
    try append(.requestedAddressFamily, UInt32(family.rawValue) << 24)
  }

  /// EVEN-PORT, and whether the next port is to be reserved. RFC 8656 §18.7.
  @_lifetime(self: copy self)
  public mutating func append(evenPortReservesNext: Bool) throws(STUNEncodingError) {
    store(UInt8(evenPortReservesNext ? 0x80 : 0), at: try open(.evenPort, valueByteCount: 1))
  }

  /// REQUESTED-TRANSPORT with an IP protocol number; 17 is UDP. RFC 8656 §18.8.
  @_lifetime(self: copy self)
  public mutating func append(requestedTransport: UInt8 = 17) throws(STUNEncodingError) {
    try append(.requestedTransport, UInt32(requestedTransport) << 24)
  }

  /// DONT-FRAGMENT, which has no value. RFC 8656 §18.9.
  @_lifetime(self: copy self)
  public mutating func appendDontFragment() throws(STUNEncodingError) {
    _ = try open(.dontFragment, valueByteCount: 0)
  }

  /// RESERVATION-TOKEN. RFC 8656 §18.10.
  @_lifetime(self: copy self)
  public mutating func append(reservationToken: UInt64) throws(STUNEncodingError) {
    store(reservationToken, at: try open(.reservationToken, valueByteCount: 8))
  }

  /// ADDITIONAL-ADDRESS-FAMILY. RFC 8656 §18.11.
  @_lifetime(self: copy self)
  public mutating func append(
    additionalAddressFamily family: AddressFamily
  ) throws(STUNEncodingError) {
    try append(.additionalAddressFamily, UInt32(family.rawValue) << 24)
  }

  /// ADDRESS-ERROR-CODE with a reason for people to read. RFC 8656 §18.12.
  ///
  /// - Throws: also `errorCodeOutOfRange`, and `valueTooLong` above 509 bytes or 127 characters.
  @_lifetime(self: copy self)
  public mutating func append(
    addressErrorCode error: AddressErrorCode, reason: String? = nil
  ) throws(STUNEncodingError) {
    let code = error.errorCode
    guard code.isValid else {
      throw STUNEncodingError(
        code: .errorCodeOutOfRange, attribute: .addressErrorCode, limit: 699,
        found: Int(code.rawValue))
    }
    let reason = reason ?? code.name ?? ""
    let count = try textByteCount(reason, for: .addressErrorCode)
    let offset = try open(.addressErrorCode, valueByteCount: 4 + count)
    store(
      UInt32(error.family.rawValue) << 24 | UInt32(code.hundreds) << 8 | UInt32(code.number),
      at: offset)
    store(reason, at: offset + 4)
  }

  /// ICMP. RFC 8656 §18.13.
  @_lifetime(self: copy self)
  public mutating func append(icmp: ICMPAttribute) throws(STUNEncodingError) {
    let offset = try open(.icmp, valueByteCount: 8)
    store(UInt32(icmp.type) << 8 | UInt32(icmp.code), at: offset)
    store(icmp.data, at: offset + 4)
  }

  /// CONNECTION-ID. RFC 6062 §6.2.1.
  @_lifetime(self: copy self)
  public mutating func append(connectionID: UInt32) throws(STUNEncodingError) {
    try append(.connectionID, connectionID)
  }

  /// MOBILITY-TICKET; an empty one asks for a ticket. RFC 8016 §3.3.
  @_lifetime(self: copy self)
  public mutating func append(mobilityTicket: RawSpan) throws(STUNEncodingError) {
    try append(.mobilityTicket, value: mobilityTicket)
  }

  @_lifetime(self: copy self)
  mutating func append(_ type: AttributeType, _ number: UInt32) throws(STUNEncodingError) {
    store(number, at: try open(type, valueByteCount: 4))
  }
}
