extension AttributeType: CustomStringConvertible {
  /// The name the RFC gives it, `XOR-MAPPED-ADDRESS`, or its number, `0x7F00`.
  public var description: String { name ?? Hexadecimal.number(UInt64(rawValue), digits: 4) }

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
    case .cacheTimeout: "CACHE-TIMEOUT"
    case .connectionID: "CONNECTION-ID"
    case .accessToken: "ACCESS-TOKEN"
    case .thirdPartyAuthorization: "THIRD-PARTY-AUTHORIZATION"
    case .transactionTransmitCounter: "TRANSACTION_TRANSMIT_COUNTER"
    case .ecnCheck: "ECN-CHECK STUN"
    case .mobilityTicket: "MOBILITY-TICKET"
    case .xorMappedAddressDraft: "XOR-MAPPED-ADDRESS (draft number)"
    default: expertReviewName
    }
  }

  /// Names from the range that IANA gives away after a look by an expert, for whoever reads captures.
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
