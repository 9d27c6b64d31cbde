public import TransportAddress

/// The attributes of TURN (RFC 8656 §18, RFC 6062 §6.2, RFC 8016 §3.3).
extension STUNMessageReader where Self: ~Escapable {
  /// CHANNEL-NUMBER: the two bytes that stand for a peer's address once bound (RFC 8656 §18.1).
  ///
  /// Any number can be read; `ChannelNumber.isValid` says whether it may be bound.
  ///
  /// - Throws: `wrongValueLength` unless it has 4 bytes.
  @inlinable
  public var channelNumber: ChannelNumber? {
    get throws(STUNDecodingError) {
      try view.fixed(.channelNumber, byteCount: 4).map { ChannelNumber(rawValue: UInt16($0 >> 16)) }
    }
  }

  /// LIFETIME: how long the server keeps the allocation unless refreshed, in seconds (RFC 8656 §18.2).
  ///
  /// - Throws: `wrongValueLength` unless it has 4 bytes.
  @inlinable
  public var lifetime: UInt32? {
    get throws(STUNDecodingError) {
      try view.fixed(.lifetime, byteCount: 4).map { UInt32(truncatingIfNeeded: $0) }
    }
  }

  /// XOR-PEER-ADDRESS: the first peer address in the message (RFC 8656 §18.3).
  ///
  /// CreatePermission may carry several; `forEachXORPeerAddress` reads them all.
  ///
  /// - Throws: `unknownAddressFamily` or `wrongValueLength`.
  @inlinable
  public var xorPeerAddress: TransportAddress? {
    get throws(STUNDecodingError) { try view.xoredAddress(.xorPeerAddress) }
  }

  /// XOR-RELAYED-ADDRESS: the relayed transport address of the allocation (RFC 8656 §18.5).
  ///
  /// - Throws: `unknownAddressFamily` or `wrongValueLength`.
  @inlinable
  public var xorRelayedAddress: TransportAddress? {
    get throws(STUNDecodingError) { try view.xoredAddress(.xorRelayedAddress) }
  }

  /// REQUESTED-ADDRESS-FAMILY: the family of the relayed address to allocate (RFC 8656 §18.6).
  ///
  /// - Throws: `wrongValueLength` or `unknownAddressFamily`.
  @inlinable
  public var requestedAddressFamily: AddressFamily? {
    get throws(STUNDecodingError) { try view.family(.requestedAddressFamily) }
  }

  /// EVEN-PORT: whether the next port is to be reserved too; nil if absent (RFC 8656 §18.7).
  ///
  /// - Throws: `wrongValueLength` unless it has 1 byte.
  @inlinable
  public var evenPortReservesNext: Bool? {
    get throws(STUNDecodingError) { try view.fixed(.evenPort, byteCount: 1).map { $0 & 0x80 != 0 } }
  }

  /// REQUESTED-TRANSPORT: the IP protocol number toward the peer, 17 for UDP (RFC 8656 §18.8).
  ///
  /// - Throws: `wrongValueLength` unless it has 4 bytes.
  @inlinable
  public var requestedTransport: UInt8? {
    get throws(STUNDecodingError) {
      try view.fixed(.requestedTransport, byteCount: 4).map { UInt8($0 >> 24) }
    }
  }

  /// DONT-FRAGMENT: whether the relay should set the DF bit toward the peer; absent is false
  /// (RFC 8656 §18.9).
  ///
  /// - Throws: `wrongValueLength` unless it is empty.
  @inlinable
  public var dontFragment: Bool {
    get throws(STUNDecodingError) { try view.flag(.dontFragment) }
  }

  /// RESERVATION-TOKEN: the token of the port that EVEN-PORT reserved (RFC 8656 §18.10).
  ///
  /// - Throws: `wrongValueLength` unless it has 8 bytes.
  @inlinable
  public var reservationToken: UInt64? {
    get throws(STUNDecodingError) { try view.fixed(.reservationToken, byteCount: 8) }
  }

  /// ADDITIONAL-ADDRESS-FAMILY: the family of a second relayed address (RFC 8656 §18.11).
  ///
  /// - Throws: `wrongValueLength` or `unknownAddressFamily`.
  @inlinable
  public var additionalAddressFamily: AddressFamily? {
    get throws(STUNDecodingError) { try view.family(.additionalAddressFamily) }
  }

  /// ADDRESS-ERROR-CODE: the family that was not allocated, and why (RFC 8656 §18.12).
  ///
  /// - Throws: `wrongValueLength`, `unknownAddressFamily` or `errorCodeOutOfRange`.
  public var addressErrorCode: AddressErrorCode? {
    get throws(STUNDecodingError) {
      let view = view
      guard let attribute = view.first(.addressErrorCode) else { return nil }
      let code = try attribute.errorCode()
      return AddressErrorCode(family: try attribute.family(), errorCode: code)
    }
  }

  /// ICMP: the ICMP error that a relayed packet caused (RFC 8656 §18.13).
  ///
  /// - Throws: `wrongValueLength` unless it has 8 bytes.
  @inlinable
  public var icmp: ICMPAttribute? {
    get throws(STUNDecodingError) {
      guard let value = try view.fixed(.icmp, byteCount: 8) else { return nil }
      return ICMPAttribute(
        type: UInt8(truncatingIfNeeded: value >> 40), code: UInt8(truncatingIfNeeded: value >> 32),
        data: UInt32(truncatingIfNeeded: value))
    }
  }

  /// CONNECTION-ID: which of the peer's TCP connections is meant (RFC 6062 §6.2.1).
  ///
  /// - Throws: `wrongValueLength` unless it has 4 bytes.
  @inlinable
  public var connectionID: UInt32? {
    get throws(STUNDecodingError) {
      try view.fixed(.connectionID, byteCount: 4).map { UInt32(truncatingIfNeeded: $0) }
    }
  }
}

extension STUNMessageView {
  /// Calls `body` with every XOR-PEER-ADDRESS, in order (RFC 8656 §18.3).
  ///
  /// - Throws: `unknownAddressFamily` or `wrongValueLength`, at the first one that is wrong.
  /// - Complexity: O(*n*) in the number of attributes.
  public func forEachXORPeerAddress(
    _ body: (TransportAddress) -> Void
  ) throws(STUNDecodingError) {
    var cursor = attributes
    while let attribute = cursor.next() {
      if attribute.type == .xorPeerAddress {
        body(try attribute.address().xored(with: transactionID))
      }
    }
  }

  /// DATA: the application data from or for the peer; nil if absent (RFC 8656 §18.4).
  public var data: RawSpan? {
    @_lifetime(copy self)
    get { first(.data)?.value }
  }

  /// MOBILITY-TICKET: keeps the allocation of a client whose address changed; nil if absent
  /// (RFC 8016 §3.3).
  ///
  /// It is empty in a request for a ticket; otherwise only the server that made it can read it.
  public var mobilityTicket: RawSpan? {
    @_lifetime(copy self)
    get { first(.mobilityTicket)?.value }
  }

  /// The address family in a value of 4 bytes; nil if absent.
  @usableFromInline
  func family(_ type: AttributeType) throws(STUNDecodingError) -> AddressFamily? {
    guard let attribute = first(type) else { return nil }
    try attribute.requireLength(4)
    return try attribute.family()
  }
}

extension STUNMessage {
  /// Every XOR-PEER-ADDRESS in order (RFC 8656 §18.3).
  ///
  /// - Throws: `unknownAddressFamily` or `wrongValueLength`, at the first one that is wrong.
  public var xorPeerAddresses: [TransportAddress] {
    get throws(STUNDecodingError) {
      var list: [TransportAddress] = []
      try view.forEachXORPeerAddress { list.append($0) }
      return list
    }
  }

  /// DATA: a copy of the application data from or for the peer; nil if absent (RFC 8656 §18.4).
  public var data: [UInt8]? { value(of: .data) }

  /// MOBILITY-TICKET: a copy of the ticket; nil if absent (RFC 8016 §3.3).
  public var mobilityTicket: [UInt8]? { value(of: .mobilityTicket) }
}

/// Appending the attributes of TURN; reserved bits are zero.
extension STUNMessageBuilder {
  /// Appends CHANNEL-NUMBER (RFC 8656 §18.1).
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

  /// Appends LIFETIME, in seconds (RFC 8656 §18.2).
  @_lifetime(self: copy self)
  public mutating func append(lifetime seconds: UInt32) throws(STUNEncodingError) {
    try append(.lifetime, seconds)
  }

  /// Appends XOR-PEER-ADDRESS; CreatePermission takes several (RFC 8656 §18.3).
  @_lifetime(self: copy self)
  public mutating func append(xorPeerAddress: TransportAddress) throws(STUNEncodingError) {
    try append(.xorPeerAddress, address: xorPeerAddress.xored(with: transactionID))
  }

  /// Appends DATA, copied as memory (RFC 8656 §18.4).
  @_lifetime(self: copy self)
  public mutating func append(data: RawSpan) throws(STUNEncodingError) {
    try append(.data, value: data)
  }

  /// Appends XOR-RELAYED-ADDRESS (RFC 8656 §18.5).
  @_lifetime(self: copy self)
  public mutating func append(xorRelayedAddress: TransportAddress) throws(STUNEncodingError) {
    try append(.xorRelayedAddress, address: xorRelayedAddress.xored(with: transactionID))
  }

  /// Appends REQUESTED-ADDRESS-FAMILY (RFC 8656 §18.6).
  @_lifetime(self: copy self)
  public mutating func append(
    requestedAddressFamily family: AddressFamily
  ) throws(STUNEncodingError) {
    try append(.requestedAddressFamily, UInt32(family.rawValue) << 24)
  }

  /// Appends EVEN-PORT, which also says whether to reserve the next port (RFC 8656 §18.7).
  @_lifetime(self: copy self)
  public mutating func append(evenPortReservesNext: Bool) throws(STUNEncodingError) {
    store(UInt8(evenPortReservesNext ? 0x80 : 0), at: try open(.evenPort, valueByteCount: 1))
  }

  /// Appends REQUESTED-TRANSPORT with an IP protocol number; 17 is UDP (RFC 8656 §18.8).
  @_lifetime(self: copy self)
  public mutating func append(requestedTransport: UInt8 = 17) throws(STUNEncodingError) {
    try append(.requestedTransport, UInt32(requestedTransport) << 24)
  }

  /// Appends DONT-FRAGMENT, which has no value (RFC 8656 §18.9).
  @_lifetime(self: copy self)
  public mutating func appendDontFragment() throws(STUNEncodingError) {
    _ = try open(.dontFragment, valueByteCount: 0)
  }

  /// Appends RESERVATION-TOKEN (RFC 8656 §18.10).
  @_lifetime(self: copy self)
  public mutating func append(reservationToken: UInt64) throws(STUNEncodingError) {
    store(reservationToken, at: try open(.reservationToken, valueByteCount: 8))
  }

  /// Appends ADDITIONAL-ADDRESS-FAMILY (RFC 8656 §18.11).
  @_lifetime(self: copy self)
  public mutating func append(
    additionalAddressFamily family: AddressFamily
  ) throws(STUNEncodingError) {
    try append(.additionalAddressFamily, UInt32(family.rawValue) << 24)
  }

  /// Appends ADDRESS-ERROR-CODE with a reason for people, the code's name by default
  /// (RFC 8656 §18.12).
  ///
  /// - Throws: also `errorCodeOutOfRange`, and `valueTooLong` above 509 bytes or 127 characters.
  @_lifetime(self: copy self)
  public mutating func append(
    addressErrorCode error: AddressErrorCode, reason: String? = nil
  ) throws(STUNEncodingError) {
    try append(
      .addressErrorCode, error.errorCode, familyByte: error.family.rawValue, reason: reason)
  }

  /// Appends ICMP (RFC 8656 §18.13).
  @_lifetime(self: copy self)
  public mutating func append(icmp: ICMPAttribute) throws(STUNEncodingError) {
    let offset = try open(.icmp, valueByteCount: 8)
    store(UInt32(icmp.type) << 8 | UInt32(icmp.code), at: offset)
    store(icmp.data, at: offset + 4)
  }

  /// Appends CONNECTION-ID (RFC 6062 §6.2.1).
  @_lifetime(self: copy self)
  public mutating func append(connectionID: UInt32) throws(STUNEncodingError) {
    try append(.connectionID, connectionID)
  }

  /// Appends MOBILITY-TICKET; an empty one asks for a ticket (RFC 8016 §3.3).
  @_lifetime(self: copy self)
  public mutating func append(mobilityTicket: RawSpan) throws(STUNEncodingError) {
    try append(.mobilityTicket, value: mobilityTicket)
  }
}

extension AttributeView {
  /// The family that a value's first byte names.
  ///
  /// - Throws: `unknownAddressFamily`. The value must not be empty.
  func family() throws(STUNDecodingError) -> AddressFamily {
    let byte = value.byte(at: 0)
    guard let family = AddressFamily(rawValue: byte) else {
      throw STUNDecodingError(
        .unknownAddressFamily, at: valueOffset, in: type, expected: 1, found: Int(byte))
    }
    return family
  }
}

/// The address family that a server did not allocate, and why (RFC 8656 §18.12).
public struct AddressErrorCode: Hashable, Sendable {
  /// The family of the address that was asked for.
  public let family: AddressFamily
  /// Why it was not allocated.
  public let errorCode: ErrorCode

  /// A family and the reason why it was not allocated.
  public init(family: AddressFamily, errorCode: ErrorCode) {
    self.family = family
    self.errorCode = errorCode
  }
}

extension AddressErrorCode: CustomStringConvertible {
  /// `IPv6: 440 Address Family not Supported`.
  public var description: String { "\(family): \(errorCode)" }
}

/// An ICMP error that a relay received, as it reports it to its client (RFC 8656 §18.13).
///
/// The RFC's drawing gives the type 7 bits and the code 9. Its text and all known programs give each
/// a byte, as ICMP itself does, and so does this type.
public struct ICMPAttribute: Hashable, Sendable {
  /// The type of the ICMP message: 3 is IPv4's "destination unreachable".
  public let type: UInt8
  /// The code of the ICMP message, which refines its type.
  public let code: UInt8
  /// The next link's MTU where the packet was too big, else zero.
  public let data: UInt32

  /// The report of an ICMP message with this type, code and data.
  public init(type: UInt8, code: UInt8, data: UInt32) {
    self.type = type
    self.code = code
    self.data = data
  }
}

extension ICMPAttribute: CustomStringConvertible {
  /// `type 3 code 4, data 1280`.
  public var description: String { "type \(type) code \(code), data \(data)" }
}
