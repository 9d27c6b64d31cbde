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

  // RFC 8489 §18.3.1, comprehension-required
  public static let mappedAddress = AttributeType(rawValue: 0x0001)
  public static let username = AttributeType(rawValue: 0x0006)
  public static let messageIntegrity = AttributeType(rawValue: 0x0008)
  public static let errorCode = AttributeType(rawValue: 0x0009)
  public static let unknownAttributes = AttributeType(rawValue: 0x000A)
  public static let realm = AttributeType(rawValue: 0x0014)
  public static let nonce = AttributeType(rawValue: 0x0015)
  public static let messageIntegritySHA256 = AttributeType(rawValue: 0x001C)
  public static let passwordAlgorithm = AttributeType(rawValue: 0x001D)
  public static let userhash = AttributeType(rawValue: 0x001E)
  public static let xorMappedAddress = AttributeType(rawValue: 0x0020)

  // RFC 8489 §18.3.2, comprehension-optional
  public static let passwordAlgorithms = AttributeType(rawValue: 0x8002)
  public static let alternateDomain = AttributeType(rawValue: 0x8003)
  public static let software = AttributeType(rawValue: 0x8022)
  public static let alternateServer = AttributeType(rawValue: 0x8023)
  public static let fingerprint = AttributeType(rawValue: 0x8028)

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

  /// Not registered, yet some servers still send XOR-MAPPED-ADDRESS under its number from a draft.
  public static let xorMappedAddressDraft = AttributeType(rawValue: 0x8020)
}

extension AttributeType: CustomStringConvertible {
  /// The name the RFC gives it, `XOR-MAPPED-ADDRESS`, or its number, `0x7F00`.
  public var description: String { name ?? Hex.number(UInt64(rawValue), digits: 4) }

  /// The name the RFC gives it, or nil when it is not registered here.
  public var name: String? {
    switch self {
    case .mappedAddress: "MAPPED-ADDRESS"
    case .username: "USERNAME"
    case .messageIntegrity: "MESSAGE-INTEGRITY"
    case .errorCode: "ERROR-CODE"
    case .unknownAttributes: "UNKNOWN-ATTRIBUTES"
    case .realm: "REALM"
    case .nonce: "NONCE"
    case .messageIntegritySHA256: "MESSAGE-INTEGRITY-SHA256"
    case .passwordAlgorithm: "PASSWORD-ALGORITHM"
    case .userhash: "USERHASH"
    case .xorMappedAddress: "XOR-MAPPED-ADDRESS"
    case .passwordAlgorithms: "PASSWORD-ALGORITHMS"
    case .alternateDomain: "ALTERNATE-DOMAIN"
    case .software: "SOFTWARE"
    case .alternateServer: "ALTERNATE-SERVER"
    case .fingerprint: "FINGERPRINT"
    case .channelNumber: "CHANNEL-NUMBER"
    case .lifetime: "LIFETIME"
    case .xorPeerAddress: "XOR-PEER-ADDRESS"
    case .data: "DATA"
    case .xorRelayedAddress: "XOR-RELAYED-ADDRESS"
    case .requestedAddressFamily: "REQUESTED-ADDRESS-FAMILY"
    case .evenPort: "EVEN-PORT"
    case .requestedTransport: "REQUESTED-TRANSPORT"
    case .dontFragment: "DONT-FRAGMENT"
    case .reservationToken: "RESERVATION-TOKEN"
    case .additionalAddressFamily: "ADDITIONAL-ADDRESS-FAMILY"
    case .addressErrorCode: "ADDRESS-ERROR-CODE"
    case .icmp: "ICMP"
    case .priority: "PRIORITY"
    case .useCandidate: "USE-CANDIDATE"
    case .iceControlled: "ICE-CONTROLLED"
    case .iceControlling: "ICE-CONTROLLING"
    case .changeRequest: "CHANGE-REQUEST"
    case .padding: "PADDING"
    case .responsePort: "RESPONSE-PORT"
    case .responseOrigin: "RESPONSE-ORIGIN"
    case .otherAddress: "OTHER-ADDRESS"
    case .xorMappedAddressDraft: "XOR-MAPPED-ADDRESS (draft number)"
    default: nil
    }
  }
}
