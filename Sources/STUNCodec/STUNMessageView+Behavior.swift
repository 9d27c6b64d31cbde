public import TransportAddress

/// The attributes of behaviour discovery: RFC 5780 §7. And two that measure the path.
extension STUNMessageView {
  /// CHANGE-REQUEST: from which other address the server is asked to answer; nil if absent.
  ///
  /// - Throws: `wrongValueLength` unless it has 4 bytes. RFC 5780 §7.2.
  public var changeRequest: ChangeRequest? {
    get throws(STUNDecodingError) {
      try fixed(.changeRequest, byteCount: 4).map { ChangeRequest(rawValue: UInt32($0)) }
    }
  }

  /// RESPONSE-ORIGIN: the address from which the server says it answers; nil if absent.
  ///
  /// - Throws: `unknownAddressFamily` or `wrongValueLength`. RFC 5780 §7.3.
  public var responseOrigin: TransportAddress? {
    get throws(STUNDecodingError) { try address(.responseOrigin) }
  }

  /// OTHER-ADDRESS: the server's other address and other port; nil if it has none.
  ///
  /// - Throws: `unknownAddressFamily` or `wrongValueLength`. RFC 5780 §7.4.
  public var otherAddress: TransportAddress? {
    get throws(STUNDecodingError) { try address(.otherAddress) }
  }

  /// RESPONSE-PORT: the port, at the address the request came from, to answer to; nil if absent.
  ///
  /// - Throws: `wrongValueLength` unless it has 2 bytes, or 4 as some senders count the padding.
  ///   RFC 5780 §7.5.
  public var responsePort: UInt16? {
    get throws(STUNDecodingError) {
      guard let attribute = first(.responsePort) else { return nil }
      guard attribute.value.byteCount == 2 || attribute.value.byteCount == 4 else {
        throw attribute.wrongLength(expected: 2)
      }
      return attribute.value.bigEndian16(at: 0)
    }
  }

  /// PADDING: bytes that make the message long enough to be cut into fragments; nil if absent.
  ///
  /// RFC 5780 §7.6.
  public var padding: RawSpan? {
    @_lifetime(copy self)
    get { first(.padding)?.value }
  }

  /// CACHE-TIMEOUT: for how many seconds the server remembers the transaction; nil if absent.
  ///
  /// - Throws: `wrongValueLength` unless it has 4 bytes. RFC 5780 §9.1.
  public var cacheTimeout: UInt32? {
    get throws(STUNDecodingError) { try fixed(.cacheTimeout, byteCount: 4).map { UInt32($0) } }
  }

  /// TRANSACTION_TRANSMIT_COUNTER: how often request and response were sent; nil if absent.
  ///
  /// - Throws: `wrongValueLength` unless it has 4 bytes. RFC 7982 §3.1.
  public var transmitCounter: TransmitCounter? {
    get throws(STUNDecodingError) {
      guard let value = try fixed(.transactionTransmitCounter, byteCount: 4) else { return nil }
      return TransmitCounter(
        requests: UInt8(truncatingIfNeeded: value >> 8), responses: UInt8(truncatingIfNeeded: value)
      )
    }
  }

  /// ECN-CHECK STUN: the congestion bits of the packet that this answers, where valid.
  ///
  /// - Throws: `wrongValueLength` unless it has 4 bytes. RFC 6679 §7.2.2.
  public var ecnCheck: ECNCheck? {
    get throws(STUNDecodingError) {
      guard let value = try fixed(.ecnCheck, byteCount: 4) else { return nil }
      return ECNCheck(echo: value & 1 == 0 ? nil : UInt8(value >> 1 & 0b11))
    }
  }
}

/// Which parts of its address a server is asked to change before it answers. RFC 5780 §7.2.
public struct ChangeRequest: OptionSet, Hashable, Sendable {
  public let rawValue: UInt32

  public init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// Answer from your other IP address.
  public static let ip = ChangeRequest(rawValue: 0b100)
  /// Answer from your other port.
  public static let port = ChangeRequest(rawValue: 0b010)
}

extension ChangeRequest: CustomStringConvertible {
  /// `change IP, change port`, or `change nothing`.
  public var description: String {
    let parts =
      (contains(.ip) ? ["change IP"] : []) + (contains(.port) ? ["change port"] : [])
    return parts.isEmpty ? "change nothing" : parts.joined(separator: ", ")
  }
}

/// How often each side has sent. RFC 7982 §3.1.
public struct TransmitCounter: Hashable, Sendable {
  /// The how-manieth sending of the request this is.
  public let requests: UInt8
  /// And of the response; zero in a request.
  public let responses: UInt8

  public init(requests: UInt8, responses: UInt8 = 0) {
    self.requests = requests
    self.responses = responses
  }
}

/// The congestion bits with which a request arrived. RFC 6679 §7.2.2.
public struct ECNCheck: Hashable, Sendable {
  /// The two bits, or nil where the sender could not tell.
  public let echo: UInt8?

  public init(echo: UInt8?) {
    self.echo = echo.map { $0 & 0b11 }
  }
}
