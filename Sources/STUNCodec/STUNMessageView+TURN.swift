public import TransportAddress

/// The attributes of TURN: RFC 8656 §18, RFC 6062 §6.2 and RFC 8016 §3.3.
extension STUNMessageView {
  /// CHANNEL-NUMBER: the two bytes that will stand for a peer's address; nil if absent.
  ///
  /// Any number can be read; `ChannelNumber.isValid` says whether it may be bound.
  ///
  /// - Throws: `wrongValueLength` unless it has 4 bytes. RFC 8656 §18.1.
  public var channelNumber: ChannelNumber? {
    get throws(STUNDecodingError) {
      guard let value = try fixed(.channelNumber, byteCount: 4) else { return nil }
      return ChannelNumber(rawValue: UInt16(value >> 16))
    }
  }

  /// LIFETIME: how many seconds the server keeps the allocation unless refreshed; nil if absent.
  ///
  /// - Throws: `wrongValueLength` unless it has 4 bytes. RFC 8656 §18.2.
  public var lifetime: UInt32? {
    get throws(STUNDecodingError) { try fixed(.lifetime, byteCount: 4).map { UInt32($0) } }
  }

  /// XOR-PEER-ADDRESS: the peer meant; nil if absent. CreatePermission may carry several.
  ///
  /// - Throws: `unknownAddressFamily` or `wrongValueLength`. RFC 8656 §18.3.
  public var xorPeerAddress: TransportAddress? {
    get throws(STUNDecodingError) { try address(.xorPeerAddress)?.xored(with: transactionID) }
  }

  /// Calls `body` with every XOR-PEER-ADDRESS, in order: CreatePermission may carry several.
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

  /// DATA: what the peer sent, or is to get; nil if absent. RFC 8656 §18.4.
  public var data: RawSpan? {
    @_lifetime(copy self)
    get { first(.data)?.value }
  }

  /// XOR-RELAYED-ADDRESS: where the relay listens for the client; nil if absent.
  ///
  /// - Throws: `unknownAddressFamily` or `wrongValueLength`. RFC 8656 §18.5.
  public var xorRelayedAddress: TransportAddress? {
    get throws(STUNDecodingError) { try address(.xorRelayedAddress)?.xored(with: transactionID) }
  }

  /// REQUESTED-ADDRESS-FAMILY: which family the relayed address should be of; nil if absent.
  ///
  /// - Throws: `wrongValueLength` or `unknownAddressFamily`. RFC 8656 §18.6.
  public var requestedAddressFamily: AddressFamily? {
    get throws(STUNDecodingError) { try family(.requestedAddressFamily) }
  }

  /// EVEN-PORT: whether the next port is to be reserved as well; nil if the attribute is absent.
  ///
  /// - Throws: `wrongValueLength` unless it has 1 byte. RFC 8656 §18.7.
  public var evenPortReservesNext: Bool? {
    get throws(STUNDecodingError) { try fixed(.evenPort, byteCount: 1).map { $0 & 0x80 != 0 } }
  }

  /// REQUESTED-TRANSPORT: the IP protocol number toward the peer, 17 for UDP; nil if absent.
  ///
  /// - Throws: `wrongValueLength` unless it has 4 bytes. RFC 8656 §18.8.
  public var requestedTransport: UInt8? {
    get throws(STUNDecodingError) {
      try fixed(.requestedTransport, byteCount: 4).map { UInt8($0 >> 24) }
    }
  }

  /// DONT-FRAGMENT: whether the relay is to set the DF bit toward the peer.
  ///
  /// - Throws: `wrongValueLength` unless it is empty; a missing one is false. RFC 8656 §18.9.
  public var dontFragment: Bool {
    get throws(STUNDecodingError) { try flag(.dontFragment) }
  }

  /// RESERVATION-TOKEN: the token for the port that EVEN-PORT put aside; nil if absent.
  ///
  /// - Throws: `wrongValueLength` unless it has 8 bytes. RFC 8656 §18.10.
  public var reservationToken: UInt64? {
    get throws(STUNDecodingError) { try fixed(.reservationToken, byteCount: 8) }
  }

  /// ADDITIONAL-ADDRESS-FAMILY: a second relayed address, of this family; nil if absent.
  ///
  /// - Throws: `wrongValueLength` or `unknownAddressFamily`. RFC 8656 §18.11.
  public var additionalAddressFamily: AddressFamily? {
    get throws(STUNDecodingError) { try family(.additionalAddressFamily) }
  }

  /// ADDRESS-ERROR-CODE: the family that was not given and why; nil if absent.
  ///
  /// - Throws: `wrongValueLength`, `unknownAddressFamily` or `errorCodeOutOfRange`. RFC 8656 §18.12.
  public var addressErrorCode: AddressErrorCode? {
    get throws(STUNDecodingError) {
      guard let attribute = first(.addressErrorCode) else { return nil }
      let code = try attribute.errorCode()
      return AddressErrorCode(family: try attribute.family(), errorCode: code)
    }
  }

  /// ICMP: the error that came back for a packet the relay had sent; nil if absent.
  ///
  /// - Throws: `wrongValueLength` unless it has 8 bytes. RFC 8656 §18.13.
  public var icmp: ICMPAttribute? {
    get throws(STUNDecodingError) {
      guard let value = try fixed(.icmp, byteCount: 8) else { return nil }
      return ICMPAttribute(
        type: UInt8(truncatingIfNeeded: value >> 40), code: UInt8(truncatingIfNeeded: value >> 32),
        data: UInt32(truncatingIfNeeded: value))
    }
  }

  /// CONNECTION-ID: which of the peer's TCP connections is meant; nil if absent.
  ///
  /// - Throws: `wrongValueLength` unless it has 4 bytes. RFC 6062 §6.2.1.
  public var connectionID: UInt32? {
    get throws(STUNDecodingError) { try fixed(.connectionID, byteCount: 4).map { UInt32($0) } }
  }

  /// MOBILITY-TICKET: lets a client whose address changed keep its allocation; nil if absent.
  ///
  /// Empty in a request that asks for one; otherwise only its maker can read it. RFC 8016 §3.3.
  public var mobilityTicket: RawSpan? {
    @_lifetime(copy self)
    get { first(.mobilityTicket)?.value }
  }

  private func family(_ type: AttributeType) throws(STUNDecodingError) -> AddressFamily? {
    guard let attribute = first(type) else { return nil }
    try attribute.requireLength(4)
    return try attribute.family()
  }
}

extension STUNMessageView {
  /// The value as a number, its highest byte first; nil if absent.
  ///
  /// - Throws: `wrongValueLength` unless it has exactly this many bytes, 8 at most.
  func fixed(_ type: AttributeType, byteCount: Int) throws(STUNDecodingError) -> UInt64? {
    guard let attribute = first(type) else { return nil }
    try attribute.requireLength(byteCount)
    var number: UInt64 = 0
    for index in 0..<byteCount { number = number << 8 | UInt64(attribute.value.byte(at: index)) }
    return number
  }

  /// Whether an attribute that has no value is there.
  func flag(_ type: AttributeType) throws(STUNDecodingError) -> Bool {
    try fixed(type, byteCount: 0) != nil
  }
}

extension AttributeView {
  /// The family that a value's first byte names.
  func family() throws(STUNDecodingError) -> AddressFamily {
    let byte = value.byte(at: 0)
    guard let family = AddressFamily(rawValue: byte) else {
      throw STUNDecodingError(
        .unknownAddressFamily, at: valueOffset, in: type, expected: 1, found: Int(byte))
    }
    return family
  }
}

/// Why one of two families that were asked for was not given. RFC 8656 §18.12.
public struct AddressErrorCode: Hashable, Sendable {
  public let family: AddressFamily
  public let errorCode: ErrorCode

  public init(family: AddressFamily, errorCode: ErrorCode) {
    self.family = family
    self.errorCode = errorCode
  }
}

extension AddressErrorCode: CustomStringConvertible {
  /// `IPv6: 440 Address Family not Supported`.
  public var description: String { "\(family): \(errorCode)" }
}

/// An ICMP error that reached a relay. RFC 8656 §18.13.
///
/// The RFC's drawing gives the type 7 bits and the code 9; its text and every program seen give each
/// a byte, as ICMP itself does, and so does this.
public struct ICMPAttribute: Hashable, Sendable {
  public let type: UInt8
  public let code: UInt8
  /// The next link's maximum transmission unit where the packet was too big, else zero.
  public let data: UInt32

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
