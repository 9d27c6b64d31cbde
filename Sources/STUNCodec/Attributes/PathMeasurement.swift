/// The attributes that measure a path: transmissions counted, and ECN marks (RFC 7982, RFC 6679).
extension STUNMessageReader where Self: ~Escapable {
  /// TRANSACTION_TRANSMIT_COUNTER: how often request and response were sent (RFC 7982 §3.1).
  ///
  /// - Throws: `wrongValueLength` unless it has 4 bytes.
  @inlinable
  public var transmitCounter: TransmitCounter? {
    get throws(STUNDecodingError) {
      guard let value = try view.fixed(.transactionTransmitCounter, byteCount: 4) else {
        return nil
      }
      return TransmitCounter(
        requests: UInt8(truncatingIfNeeded: value >> 8), responses: UInt8(truncatingIfNeeded: value)
      )
    }
  }

  /// ECN-CHECK STUN: the ECN bits with which the request arrived (RFC 6679 §7.2.2).
  ///
  /// - Throws: `wrongValueLength` unless it has 4 bytes.
  @inlinable
  public var ecnCheck: ECNCheck? {
    get throws(STUNDecodingError) {
      guard let value = try view.fixed(.ecnCheck, byteCount: 4) else { return nil }
      return ECNCheck(echo: value & 1 == 0 ? nil : UInt8(value >> 1 & 0b11))
    }
  }
}

extension STUNMessageBuilder {
  /// Appends TRANSACTION_TRANSMIT_COUNTER (RFC 7982 §3.1).
  @_lifetime(self: copy self)
  public mutating func append(transmitCounter: TransmitCounter) throws(STUNEncodingError) {
    try append(
      .transactionTransmitCounter,
      UInt32(transmitCounter.requests) << 8 | UInt32(transmitCounter.responses))
  }

  /// Appends ECN-CHECK STUN (RFC 6679 §7.2.2).
  @_lifetime(self: copy self)
  public mutating func append(ecnCheck: ECNCheck) throws(STUNEncodingError) {
    try append(.ecnCheck, ecnCheck.echo.map { UInt32($0) << 1 | 1 } ?? 0)
  }
}

/// How often request and response of a transaction have been sent (RFC 7982 §3.1).
public struct TransmitCounter: Hashable, Sendable {
  /// How often the request has been sent, this time included.
  public let requests: UInt8
  /// How often the response has been sent, this time included; zero in a request.
  public let responses: UInt8

  /// Counts of transmissions; a request has sent no response.
  public init(requests: UInt8, responses: UInt8 = 0) {
    self.requests = requests
    self.responses = responses
  }
}

/// The ECN bits with which a request arrived (RFC 6679 §7.2.2).
public struct ECNCheck: Hashable, Sendable {
  /// The two bits, or nil where the sender could not read them.
  public let echo: UInt8?

  /// An echo of the lower two bits, or none.
  public init(echo: UInt8?) {
    self.echo = echo.map { $0 & 0b11 }
  }
}
