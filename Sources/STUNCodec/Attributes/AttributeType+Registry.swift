extension AttributeType: CustomStringConvertible {
  /// The name in the registry, `XOR-MAPPED-ADDRESS`, or the number, `0x7F00`.
  public var description: String { name ?? Hexadecimal.number(UInt64(rawValue), digits: 4) }

  /// The name in the registry, or nil when this codec does not know the type.
  public var name: String? { registration?.name }

  /// The section that lays out the value, `RFC 8489 §14.2`; the general one for an unknown type.
  public var section: String { registration?.section ?? "RFC 8489 §14" }

  /// What this codec knows of the type: the one table of names and sections.
  private var registration: (name: String, section: String)? {
    switch self {
    case .mappedAddress: ("MAPPED-ADDRESS", "RFC 8489 §14.1")
    case .username: ("USERNAME", "RFC 8489 §14.3")
    case .messageIntegrity: ("MESSAGE-INTEGRITY", "RFC 8489 §14.5")
    case .errorCode: ("ERROR-CODE", "RFC 8489 §14.8")
    case .unknownAttributes: ("UNKNOWN-ATTRIBUTES", "RFC 8489 §14.13")
    case .realm: ("REALM", "RFC 8489 §14.9")
    case .nonce: ("NONCE", "RFC 8489 §14.10")
    case .messageIntegritySHA256: ("MESSAGE-INTEGRITY-SHA256", "RFC 8489 §14.6")
    case .passwordAlgorithm: ("PASSWORD-ALGORITHM", "RFC 8489 §14.12")
    case .userhash: ("USERHASH", "RFC 8489 §14.4")
    case .xorMappedAddress: ("XOR-MAPPED-ADDRESS", "RFC 8489 §14.2")
    case .passwordAlgorithms: ("PASSWORD-ALGORITHMS", "RFC 8489 §14.11")
    case .alternateDomain: ("ALTERNATE-DOMAIN", "RFC 8489 §14.16")
    case .software: ("SOFTWARE", "RFC 8489 §14.14")
    case .alternateServer: ("ALTERNATE-SERVER", "RFC 8489 §14.15")
    case .fingerprint: ("FINGERPRINT", "RFC 8489 §14.7")
    case .channelNumber: ("CHANNEL-NUMBER", "RFC 8656 §18.1")
    case .lifetime: ("LIFETIME", "RFC 8656 §18.2")
    case .xorPeerAddress: ("XOR-PEER-ADDRESS", "RFC 8656 §18.3")
    case .data: ("DATA", "RFC 8656 §18.4")
    case .xorRelayedAddress: ("XOR-RELAYED-ADDRESS", "RFC 8656 §18.5")
    case .requestedAddressFamily: ("REQUESTED-ADDRESS-FAMILY", "RFC 8656 §18.6")
    case .evenPort: ("EVEN-PORT", "RFC 8656 §18.7")
    case .requestedTransport: ("REQUESTED-TRANSPORT", "RFC 8656 §18.8")
    case .dontFragment: ("DONT-FRAGMENT", "RFC 8656 §18.9")
    case .reservationToken: ("RESERVATION-TOKEN", "RFC 8656 §18.10")
    case .additionalAddressFamily: ("ADDITIONAL-ADDRESS-FAMILY", "RFC 8656 §18.11")
    case .addressErrorCode: ("ADDRESS-ERROR-CODE", "RFC 8656 §18.12")
    case .icmp: ("ICMP", "RFC 8656 §18.13")
    case .priority: ("PRIORITY", "RFC 8445 §7.1.1")
    case .useCandidate: ("USE-CANDIDATE", "RFC 8445 §7.1.2")
    case .iceControlled: ("ICE-CONTROLLED", "RFC 8445 §7.1.3")
    case .iceControlling: ("ICE-CONTROLLING", "RFC 8445 §7.1.3")
    case .changeRequest: ("CHANGE-REQUEST", "RFC 5780 §7.2")
    case .padding: ("PADDING", "RFC 5780 §7.6")
    case .responsePort: ("RESPONSE-PORT", "RFC 5780 §7.5")
    case .responseOrigin: ("RESPONSE-ORIGIN", "RFC 5780 §7.3")
    case .otherAddress: ("OTHER-ADDRESS", "RFC 5780 §7.4")
    case .cacheTimeout: ("CACHE-TIMEOUT", "RFC 5780 §9.1")
    case .connectionID: ("CONNECTION-ID", "RFC 6062 §6.2.1")
    case .accessToken: ("ACCESS-TOKEN", "RFC 7635 §6.2")
    case .thirdPartyAuthorization: ("THIRD-PARTY-AUTHORIZATION", "RFC 7635 §6.1")
    case .transactionTransmitCounter: ("TRANSACTION_TRANSMIT_COUNTER", "RFC 7982 §3.1")
    case .ecnCheck: ("ECN-CHECK STUN", "RFC 6679 §7.2.2")
    case .mobilityTicket: ("MOBILITY-TICKET", "RFC 8016 §3.3")
    case .xorMappedAddressDraft: ("XOR-MAPPED-ADDRESS (draft number)", "RFC 8489 §14.2")
    default: expertReviewName.map { ($0, "RFC 8489 §14") }
    }
  }

  /// Names from the range that IANA assigns by expert review, which appear in captures.
  private var expertReviewName: String? {
    switch rawValue {
    case 0xC000: "CISCO-STUN-FLOWDATA"
    case 0xC001: "ENF-FLOW-DESCRIPTION"
    case 0xC002: "ENF-NETWORK-STATUS"
    case 0xC003: "CISCO-WEBEX-FLOW-INFO"
    case 0xC056: "CITRIX-TRANSACTION-ID"
    case 0xC057: "GOOG-NETWORK-INFO"
    case 0xC058: "GOOG-LAST-ICE-CHECK-RECEIVED"
    case 0xC059: "GOOG-MISC-INFO"
    case 0xC05A: "GOOG-OBSOLETE-1"
    case 0xC05B: "GOOG-CONNECTION-ID"
    case 0xC05C: "GOOG-DELTA"
    case 0xC05D: "GOOG-DELTA-ACK"
    case 0xC05E: "GOOG-DELTA-SYNC-REQ"
    case 0xC060: "GOOG-MESSAGE-INTEGRITY-32"
    default: nil
    }
  }
}
