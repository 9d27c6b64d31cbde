public import TransportAddress

/// The attributes of behaviour discovery: RFC 5780 §7. And two that measure the path.
extension STUNMessageBuilder {
  /// CHANGE-REQUEST. RFC 5780 §7.2.
  @_lifetime(self: copy self)
  public mutating func append(changeRequest: ChangeRequest) throws(STUNEncodingError) {
    try append(.changeRequest, changeRequest.rawValue)
  }

  /// RESPONSE-ORIGIN. RFC 5780 §7.3.
  @_lifetime(self: copy self)
  public mutating func append(responseOrigin: TransportAddress) throws(STUNEncodingError) {
    try append(.responseOrigin, address: responseOrigin)
  }

  /// OTHER-ADDRESS, which only a server with a second address may send. RFC 5780 §7.4.
  @_lifetime(self: copy self)
  public mutating func append(otherAddress: TransportAddress) throws(STUNEncodingError) {
    try append(.otherAddress, address: otherAddress)
  }

  /// RESPONSE-PORT. RFC 5780 §7.5.
  @_lifetime(self: copy self)
  public mutating func append(responsePort: UInt16) throws(STUNEncodingError) {
    store(responsePort, at: try open(.responsePort, valueByteCount: 2))
  }

  /// PADDING of this many zeros. RFC 5780 §7.6.
  @_lifetime(self: copy self)
  public mutating func append(paddingByteCount count: Int) throws(STUNEncodingError) {
    let count = max(0, count)
    let offset = try open(.padding, valueByteCount: count)
    clear(offset..<offset + count)
  }

  /// CACHE-TIMEOUT in seconds. RFC 5780 §9.1.
  @_lifetime(self: copy self)
  public mutating func append(cacheTimeout seconds: UInt32) throws(STUNEncodingError) {
    try append(.cacheTimeout, seconds)
  }

  /// TRANSACTION_TRANSMIT_COUNTER. RFC 7982 §3.1.
  @_lifetime(self: copy self)
  public mutating func append(transmitCounter: TransmitCounter) throws(STUNEncodingError) {
    try append(
      .transactionTransmitCounter,
      UInt32(transmitCounter.requests) << 8 | UInt32(transmitCounter.responses))
  }

  /// ECN-CHECK STUN. RFC 6679 §7.2.2.
  @_lifetime(self: copy self)
  public mutating func append(ecnCheck: ECNCheck) throws(STUNEncodingError) {
    try append(.ecnCheck, ecnCheck.echo.map { UInt32($0) << 1 | 1 } ?? 0)
  }
}
