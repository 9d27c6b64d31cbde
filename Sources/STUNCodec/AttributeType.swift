/// What kind of attribute follows: 16 bits, an open registry. RFC 8489 §14 and §18.3.
///
/// The highest bit says what to do with a type one does not know: zero, and the whole message must
/// be refused (comprehension-required); one, and the attribute is skipped (comprehension-optional).
public struct AttributeType: RawRepresentable, Hashable, Sendable {
  public let rawValue: UInt16

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

  // RFC 8489 §18.3, comprehension-required
  public static let mappedAddress = AttributeType(rawValue: 0x0001)
  public static let username = AttributeType(rawValue: 0x0006)
  @inlinable
  public static var messageIntegrity: AttributeType { AttributeType(rawValue: 0x0008) }
  public static let errorCode = AttributeType(rawValue: 0x0009)
  public static let unknownAttributes = AttributeType(rawValue: 0x000A)
  public static let realm = AttributeType(rawValue: 0x0014)
  public static let nonce = AttributeType(rawValue: 0x0015)
  @inlinable
  public static var messageIntegritySHA256: AttributeType { AttributeType(rawValue: 0x001C) }
  public static let passwordAlgorithm = AttributeType(rawValue: 0x001D)
  public static let userhash = AttributeType(rawValue: 0x001E)
  @inlinable
  public static var xorMappedAddress: AttributeType { AttributeType(rawValue: 0x0020) }

  // RFC 8489 §18.3, comprehension-optional
  public static let passwordAlgorithms = AttributeType(rawValue: 0x8002)
  public static let alternateDomain = AttributeType(rawValue: 0x8003)
  public static let software = AttributeType(rawValue: 0x8022)
  public static let alternateServer = AttributeType(rawValue: 0x8023)
  @inlinable
  public static var fingerprint: AttributeType { AttributeType(rawValue: 0x8028) }

  // RFC 8656 §18
  public static let channelNumber = AttributeType(rawValue: 0x000C)
  public static let lifetime = AttributeType(rawValue: 0x000D)
  public static let xorPeerAddress = AttributeType(rawValue: 0x0012)
  public static let data = AttributeType(rawValue: 0x0013)
  public static let xorRelayedAddress = AttributeType(rawValue: 0x0016)
  public static let requestedAddressFamily = AttributeType(rawValue: 0x0017)
  public static let evenPort = AttributeType(rawValue: 0x0018)
  public static let requestedTransport = AttributeType(rawValue: 0x0019)
  public static let dontFragment = AttributeType(rawValue: 0x001A)
  public static let reservationToken = AttributeType(rawValue: 0x0022)
  public static let additionalAddressFamily = AttributeType(rawValue: 0x8000)
  public static let addressErrorCode = AttributeType(rawValue: 0x8001)
  public static let icmp = AttributeType(rawValue: 0x8004)

  // RFC 8445 §16.1
  public static let priority = AttributeType(rawValue: 0x0024)
  public static let useCandidate = AttributeType(rawValue: 0x0025)
  public static let iceControlled = AttributeType(rawValue: 0x8029)
  public static let iceControlling = AttributeType(rawValue: 0x802A)

  // RFC 5780 §9.1
  public static let changeRequest = AttributeType(rawValue: 0x0003)
  public static let padding = AttributeType(rawValue: 0x0026)
  public static let responsePort = AttributeType(rawValue: 0x0027)
  public static let responseOrigin = AttributeType(rawValue: 0x802B)
  public static let otherAddress = AttributeType(rawValue: 0x802C)
  public static let cacheTimeout = AttributeType(rawValue: 0x8027)

  // RFC 6062 §6.2
  public static let connectionID = AttributeType(rawValue: 0x002A)

  // RFC 7635 §6
  public static let accessToken = AttributeType(rawValue: 0x001B)
  public static let thirdPartyAuthorization = AttributeType(rawValue: 0x802E)

  // RFC 7982 §3.1, RFC 6679 §7.2.2 and RFC 8016 §3.3
  public static let transactionTransmitCounter = AttributeType(rawValue: 0x8025)
  public static let ecnCheck = AttributeType(rawValue: 0x802D)
  public static let mobilityTicket = AttributeType(rawValue: 0x8030)

  /// Not registered, yet some servers still send XOR-MAPPED-ADDRESS under its number from a draft.
  @inlinable
  public static var xorMappedAddressDraft: AttributeType { AttributeType(rawValue: 0x8020) }
}
