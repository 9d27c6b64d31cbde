import ByteOrder
public import TransportAddress

/// The attributes of NAT behavior discovery (RFC 5780 §7).
extension STUNMessageReader where Self: ~Escapable {
  /// CHANGE-REQUEST: which parts of its address the server should change to respond (RFC 5780 §7.2).
  ///
  /// - Throws: `wrongValueLength` unless it has 4 bytes.
  @inlinable
  public var changeRequest: ChangeRequest? {
    get throws(STUNDecodingError) {
      try view.fixed(.changeRequest, byteCount: 4).map {
        ChangeRequest(rawValue: UInt32(truncatingIfNeeded: $0))
      }
    }
  }

  /// RESPONSE-ORIGIN: the source address of the response, as the server sees it (RFC 5780 §7.3).
  ///
  /// - Throws: `unknownAddressFamily` or `wrongValueLength`.
  @inlinable
  public var responseOrigin: TransportAddress? {
    get throws(STUNDecodingError) { try view.address(.responseOrigin) }
  }

  /// OTHER-ADDRESS: the server's other address and other port (RFC 5780 §7.4).
  ///
  /// - Throws: `unknownAddressFamily` or `wrongValueLength`.
  @inlinable
  public var otherAddress: TransportAddress? {
    get throws(STUNDecodingError) { try view.address(.otherAddress) }
  }

  /// RESPONSE-PORT: the port of the request's source address to respond to (RFC 5780 §7.5).
  ///
  /// - Throws: `wrongValueLength` unless it has 2 bytes, or 4 as some senders count the padding.
  public var responsePort: UInt16? {
    get throws(STUNDecodingError) {
      let view = view
      guard let attribute = view.first(.responsePort) else { return nil }
      guard attribute.value.byteCount == 2 || attribute.value.byteCount == 4 else {
        throw attribute.wrongLength(expected: 2)
      }
      return attribute.value.bigEndian16(at: 0)
    }
  }

  /// CACHE-TIMEOUT: how long the server remembers the transaction, in seconds (RFC 5780 §9.1).
  ///
  /// - Throws: `wrongValueLength` unless it has 4 bytes.
  @inlinable
  public var cacheTimeout: UInt32? {
    get throws(STUNDecodingError) {
      try view.fixed(.cacheTimeout, byteCount: 4).map { UInt32(truncatingIfNeeded: $0) }
    }
  }
}

extension STUNMessageView {
  /// PADDING: bytes that make the message so long that it is fragmented; nil if absent
  /// (RFC 5780 §7.6).
  public var padding: RawSpan? {
    @_lifetime(copy self)
    get { first(.padding)?.value }
  }
}

extension STUNMessageBuilder {
  /// Appends CHANGE-REQUEST (RFC 5780 §7.2).
  @_lifetime(self: copy self)
  public mutating func append(changeRequest: ChangeRequest) throws(STUNEncodingError) {
    try append(.changeRequest, changeRequest.rawValue)
  }

  /// Appends RESPONSE-ORIGIN (RFC 5780 §7.3).
  @_lifetime(self: copy self)
  public mutating func append(responseOrigin: TransportAddress) throws(STUNEncodingError) {
    try append(.responseOrigin, address: responseOrigin)
  }

  /// Appends OTHER-ADDRESS, which only a server with a second address may send (RFC 5780 §7.4).
  @_lifetime(self: copy self)
  public mutating func append(otherAddress: TransportAddress) throws(STUNEncodingError) {
    try append(.otherAddress, address: otherAddress)
  }

  /// Appends RESPONSE-PORT (RFC 5780 §7.5).
  @_lifetime(self: copy self)
  public mutating func append(responsePort: UInt16) throws(STUNEncodingError) {
    store(responsePort, at: try open(.responsePort, valueByteCount: 2))
  }

  /// Appends PADDING of this many zeros; a negative count is none (RFC 5780 §7.6).
  @_lifetime(self: copy self)
  public mutating func append(paddingByteCount count: Int) throws(STUNEncodingError) {
    let count = max(0, count)
    let offset = try open(.padding, valueByteCount: count)
    clear(offset..<offset + count)
  }

  /// Appends CACHE-TIMEOUT, in seconds (RFC 5780 §9.1).
  @_lifetime(self: copy self)
  public mutating func append(cacheTimeout seconds: UInt32) throws(STUNEncodingError) {
    try append(.cacheTimeout, seconds)
  }
}

/// Which parts of its address a server should change before it responds (RFC 5780 §7.2).
public struct ChangeRequest: OptionSet, Hashable, Sendable {
  /// The attribute's 32 bits.
  public let rawValue: UInt32

  /// The flags among these 32 bits; the others are kept as they are.
  public init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// Respond from the other IP address.
  public static let ip = ChangeRequest(rawValue: 0b100)
  /// Respond from the other port.
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
