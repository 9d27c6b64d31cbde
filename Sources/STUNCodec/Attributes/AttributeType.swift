/// The type of an attribute: 16 bits, an open registry (RFC 8489 §14, §18.3).
///
/// The highest bit says what a receiver does with an unknown type. Zero is comprehension-required: it
/// refuses the whole message. One is comprehension-optional: it skips the attribute.
public struct AttributeType: RawRepresentable, Hashable, Sendable {
  /// The 16 bits that begin the attribute.
  public let rawValue: UInt16

  /// The type with this number, registered or not.
  @inlinable
  public init(rawValue: UInt16) {
    self.rawValue = rawValue
  }

  /// Whether a receiver that does not know this type must refuse the message: below 0x8000.
  public var isComprehensionRequired: Bool { rawValue < 0x8000 }

  /// Whether this codec has a name for the type.
  public var isRegistered: Bool { name != nil }

  // What decoding compares with is computed, not stored: a stored constant of another module is
  // reached through a function that first asks whether it has been made.

  // Comprehension-required (RFC 8489 §18.3)

  /// MAPPED-ADDRESS: the request's source address, in plain bytes (RFC 8489 §14.1).
  public static let mappedAddress = AttributeType(rawValue: 0x0001)

  /// USERNAME: the user name of the sender's credentials (RFC 8489 §14.3).
  public static let username = AttributeType(rawValue: 0x0006)

  /// MESSAGE-INTEGRITY: the HMAC-SHA1 of the bytes before it (RFC 8489 §14.5).
  @inlinable
  public static var messageIntegrity: AttributeType { AttributeType(rawValue: 0x0008) }

  /// ERROR-CODE: why a request was refused (RFC 8489 §14.8).
  public static let errorCode = AttributeType(rawValue: 0x0009)

  /// UNKNOWN-ATTRIBUTES: the types that a server did not understand (RFC 8489 §14.13).
  public static let unknownAttributes = AttributeType(rawValue: 0x000A)

  /// REALM: the domain in which user name and password are valid (RFC 8489 §14.9).
  public static let realm = AttributeType(rawValue: 0x0014)

  /// NONCE: the text that the server wants back in the next request (RFC 8489 §14.10).
  public static let nonce = AttributeType(rawValue: 0x0015)

  /// MESSAGE-INTEGRITY-SHA256: the HMAC-SHA256 of the bytes before it (RFC 8489 §14.6).
  @inlinable
  public static var messageIntegritySHA256: AttributeType { AttributeType(rawValue: 0x001C) }

  /// PASSWORD-ALGORITHM: the algorithm that the client derived its key with (RFC 8489 §14.12).
  public static let passwordAlgorithm = AttributeType(rawValue: 0x001D)

  /// USERHASH: a hash in place of USERNAME, which hides the user name (RFC 8489 §14.4).
  public static let userhash = AttributeType(rawValue: 0x001E)

  /// XOR-MAPPED-ADDRESS: the request's source address, its bits flipped (RFC 8489 §14.2).
  @inlinable
  public static var xorMappedAddress: AttributeType { AttributeType(rawValue: 0x0020) }

  // Comprehension-optional (RFC 8489 §18.3)

  /// PASSWORD-ALGORITHMS: the algorithms that the server can derive a key with (RFC 8489 §14.11).
  public static let passwordAlgorithms = AttributeType(rawValue: 0x8002)

  /// ALTERNATE-DOMAIN: the name in the alternate server's certificate (RFC 8489 §14.16).
  public static let alternateDomain = AttributeType(rawValue: 0x8003)

  /// SOFTWARE: the name of the program that sent the message (RFC 8489 §14.14).
  public static let software = AttributeType(rawValue: 0x8022)

  /// ALTERNATE-SERVER: the server to ask instead (RFC 8489 §14.15).
  public static let alternateServer = AttributeType(rawValue: 0x8023)

  /// FINGERPRINT: the CRC-32 of the bytes before it (RFC 8489 §14.7).
  @inlinable
  public static var fingerprint: AttributeType { AttributeType(rawValue: 0x8028) }

  // TURN (RFC 8656 §18)

  /// CHANNEL-NUMBER: the channel to bind (RFC 8656 §18.1).
  public static let channelNumber = AttributeType(rawValue: 0x000C)

  /// LIFETIME: how long an allocation lasts, in seconds (RFC 8656 §18.2).
  public static let lifetime = AttributeType(rawValue: 0x000D)

  /// XOR-PEER-ADDRESS: a peer's address (RFC 8656 §18.3).
  public static let xorPeerAddress = AttributeType(rawValue: 0x0012)

  /// DATA: application data from or for a peer (RFC 8656 §18.4).
  public static let data = AttributeType(rawValue: 0x0013)

  /// XOR-RELAYED-ADDRESS: the relayed transport address (RFC 8656 §18.5).
  public static let xorRelayedAddress = AttributeType(rawValue: 0x0016)

  /// REQUESTED-ADDRESS-FAMILY: the family of the relayed address to allocate (RFC 8656 §18.6).
  public static let requestedAddressFamily = AttributeType(rawValue: 0x0017)

  /// EVEN-PORT: an even relayed port, and whether to reserve the next one (RFC 8656 §18.7).
  public static let evenPort = AttributeType(rawValue: 0x0018)

  /// REQUESTED-TRANSPORT: the transport protocol toward the peer (RFC 8656 §18.8).
  public static let requestedTransport = AttributeType(rawValue: 0x0019)

  /// DONT-FRAGMENT: a request to set the DF bit toward the peer (RFC 8656 §18.9).
  public static let dontFragment = AttributeType(rawValue: 0x001A)

  /// RESERVATION-TOKEN: the token of a reserved port (RFC 8656 §18.10).
  public static let reservationToken = AttributeType(rawValue: 0x0022)

  /// ADDITIONAL-ADDRESS-FAMILY: the family of a second relayed address (RFC 8656 §18.11).
  public static let additionalAddressFamily = AttributeType(rawValue: 0x8000)

  /// ADDRESS-ERROR-CODE: the family that was not allocated, and why (RFC 8656 §18.12).
  public static let addressErrorCode = AttributeType(rawValue: 0x8001)

  /// ICMP: an ICMP error that a relayed packet caused (RFC 8656 §18.13).
  public static let icmp = AttributeType(rawValue: 0x8004)

  // ICE (RFC 8445 §16.1)

  /// PRIORITY: the priority of a peer-reflexive candidate (RFC 8445 §7.1.1).
  public static let priority = AttributeType(rawValue: 0x0024)

  /// USE-CANDIDATE: the nomination of a pair (RFC 8445 §7.1.2).
  public static let useCandidate = AttributeType(rawValue: 0x0025)

  /// ICE-CONTROLLED: the tiebreaker of a controlled agent (RFC 8445 §7.1.3).
  public static let iceControlled = AttributeType(rawValue: 0x8029)

  /// ICE-CONTROLLING: the tiebreaker of a controlling agent (RFC 8445 §7.1.3).
  public static let iceControlling = AttributeType(rawValue: 0x802A)

  /// NOMINATION: the number of a nomination (draft-thatcher-ice-renomination-01 §4).
  ///
  /// The draft asks for no number. This is libwebrtc's, which IANA has assigned to
  /// ENF-FLOW-DESCRIPTION.
  public static let nomination = AttributeType(rawValue: 0xC001)

  // NAT behavior discovery (RFC 5780 §9.1)

  /// CHANGE-REQUEST: the address parts that the server should change to respond (RFC 5780 §7.2).
  public static let changeRequest = AttributeType(rawValue: 0x0003)

  /// PADDING: bytes that make a message long enough to be fragmented (RFC 5780 §7.6).
  public static let padding = AttributeType(rawValue: 0x0026)

  /// RESPONSE-PORT: the port to respond to (RFC 5780 §7.5).
  public static let responsePort = AttributeType(rawValue: 0x0027)

  /// RESPONSE-ORIGIN: the source address of the response (RFC 5780 §7.3).
  public static let responseOrigin = AttributeType(rawValue: 0x802B)

  /// OTHER-ADDRESS: the server's other address and port (RFC 5780 §7.4).
  public static let otherAddress = AttributeType(rawValue: 0x802C)

  /// CACHE-TIMEOUT: how long the server remembers the transaction, in seconds (RFC 5780 §9.1).
  public static let cacheTimeout = AttributeType(rawValue: 0x8027)

  // TURN over TCP (RFC 6062 §6.2)

  /// CONNECTION-ID: one of the TCP connections of a peer (RFC 6062 §6.2.1).
  public static let connectionID = AttributeType(rawValue: 0x002A)

  // Third-party authorization (RFC 7635 §6)

  /// ACCESS-TOKEN: a token from an authorization server (RFC 7635 §6.2).
  public static let accessToken = AttributeType(rawValue: 0x001B)

  /// THIRD-PARTY-AUTHORIZATION: the server's name at its authorization server (RFC 7635 §6.1).
  public static let thirdPartyAuthorization = AttributeType(rawValue: 0x802E)

  // Measuring the path, and mobility (RFC 7982 §3.1, RFC 6679 §7.2.2, RFC 8016 §3.3)

  /// TRANSACTION_TRANSMIT_COUNTER: how often request and response were sent (RFC 7982 §3.1).
  public static let transactionTransmitCounter = AttributeType(rawValue: 0x8025)

  /// ECN-CHECK STUN: the ECN bits with which a request arrived (RFC 6679 §7.2.2).
  public static let ecnCheck = AttributeType(rawValue: 0x802D)

  /// MOBILITY-TICKET: a ticket that keeps the allocation of a client whose address changed
  /// (RFC 8016 §3.3).
  public static let mobilityTicket = AttributeType(rawValue: 0x8030)

  /// XOR-MAPPED-ADDRESS under its number in a draft, which some servers still send.
  @inlinable
  public static var xorMappedAddressDraft: AttributeType { AttributeType(rawValue: 0x8020) }
}
