extension AttributeType {
  /// Where the attribute's value is laid out: `RFC 8489 §14.2`; the general rules for an unknown type.
  public var section: String {
    switch self {
    case .mappedAddress: "RFC 8489 §14.1"
    case .xorMappedAddress, .xorMappedAddressDraft: "RFC 8489 §14.2"
    case .username: "RFC 8489 §14.3"
    case .userhash: "RFC 8489 §14.4"
    case .messageIntegrity: "RFC 8489 §14.5"
    case .messageIntegritySHA256: "RFC 8489 §14.6"
    case .fingerprint: "RFC 8489 §14.7"
    case .errorCode: "RFC 8489 §14.8"
    case .realm: "RFC 8489 §14.9"
    case .nonce: "RFC 8489 §14.10"
    case .passwordAlgorithms: "RFC 8489 §14.11"
    case .passwordAlgorithm: "RFC 8489 §14.12"
    case .unknownAttributes: "RFC 8489 §14.13"
    case .software: "RFC 8489 §14.14"
    case .alternateServer: "RFC 8489 §14.15"
    case .alternateDomain: "RFC 8489 §14.16"
    case .channelNumber, .lifetime, .xorPeerAddress, .data, .xorRelayedAddress,
      .requestedAddressFamily, .evenPort, .requestedTransport, .dontFragment, .reservationToken,
      .additionalAddressFamily, .addressErrorCode, .icmp:
      "RFC 8656 §18"
    case .priority: "RFC 8445 §7.1.1"
    case .useCandidate: "RFC 8445 §7.1.2"
    case .iceControlled, .iceControlling: "RFC 8445 §7.1.3"
    case .changeRequest, .padding, .responsePort, .responseOrigin, .otherAddress: "RFC 5780 §7"
    default: "RFC 8489 §14"
    }
  }
}
