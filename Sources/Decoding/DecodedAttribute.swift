import STUNCodec
import TransportAddress

extension DecodedMessage.Attribute {
  init(_ attribute: STUNAttribute, in message: STUNMessage) {
    self.init(
      type: attribute.type.rawValue, name: attribute.type.description,
      offset: attribute.byteOffset, length: attribute.value.count,
      value: Hexadecimal.text(attribute.value).replacing(" ", with: ""),
      isComprehensionRequired: attribute.type.isComprehensionRequired,
      isIgnored: attribute.isIgnored, fields: Self.fields(of: attribute, in: message))
  }

  /// The value's parts, read by the library's own accessors from a message of this attribute alone.
  private static func fields(
    of attribute: STUNAttribute, in message: STUNMessage
  ) -> [String: String] {
    let bytes = try? STUNMessage.encode(
      message.type, transactionID: message.transactionID
    ) { (alone: inout STUNMessageBuilder) throws(STUNEncodingError) in
      try alone.append(attribute.type, bytes: attribute.value)
    }
    guard let bytes, let alone = try? STUNMessage(bytes) else { return [:] }
    return (try? fields(alone, attribute)) ?? [:]
  }

  private static func fields(
    _ alone: STUNMessage, _ attribute: STUNAttribute
  ) throws(STUNDecodingError) -> [String: String] {
    switch attribute.type {
    case .mappedAddress: address(try alone.mappedAddress)
    case .xorMappedAddress, .xorMappedAddressDraft: address(try alone.xorMappedAddress)
    case .alternateServer: address(try alone.alternateServer)
    case .xorPeerAddress: address(try alone.xorPeerAddress)
    case .xorRelayedAddress: address(try alone.xorRelayedAddress)
    case .responseOrigin: address(try alone.responseOrigin)
    case .otherAddress: address(try alone.otherAddress)
    case .username: one("text", try alone.username)
    case .realm: one("text", try alone.realm)
    case .nonce: one("text", try alone.nonce)
    case .software: one("text", try alone.software)
    case .alternateDomain: one("text", try alone.alternateDomain)
    case .thirdPartyAuthorization: one("text", try alone.thirdPartyAuthorization)
    case .errorCode:
      ["code": "\(try alone.errorCode?.rawValue ?? 0)", "reason": try alone.errorReason ?? ""]
    case .unknownAttributes:
      one(
        "types",
        try alone.unknownAttributes?.map { Hexadecimal.number(UInt64($0.rawValue), digits: 4) }
          .joined(separator: " "))
    case .priority: one("priority", try alone.priority)
    case .iceControlled: one("tiebreaker", try alone.iceControlled)
    case .iceControlling: one("tiebreaker", try alone.iceControlling)
    case .channelNumber: one("channel", try alone.channelNumber)
    case .lifetime: one("seconds", try alone.lifetime)
    case .cacheTimeout: one("seconds", try alone.cacheTimeout)
    case .requestedTransport: one("protocol", try alone.requestedTransport)
    case .requestedAddressFamily: one("family", try alone.requestedAddressFamily)
    case .additionalAddressFamily: one("family", try alone.additionalAddressFamily)
    case .addressErrorCode:
      [
        "family": "\(try alone.addressErrorCode?.family ?? .ipv4)",
        "code": "\(try alone.addressErrorCode?.errorCode.rawValue ?? 0)",
      ]
    case .evenPort: one("reservesNext", try alone.evenPortReservesNext)
    case .reservationToken:
      one("token", try alone.reservationToken.map { Hexadecimal.number($0, digits: 16) })
    case .icmp:
      [
        "type": "\(try alone.icmp?.type ?? 0)", "code": "\(try alone.icmp?.code ?? 0)",
        "data": "\(try alone.icmp?.data ?? 0)",
      ]
    case .connectionID: one("connectionID", try alone.connectionID)
    case .changeRequest:
      [
        "changeIP": "\(try alone.changeRequest?.contains(.ip) ?? false)",
        "changePort": "\(try alone.changeRequest?.contains(.port) ?? false)",
      ]
    case .responsePort: one("port", try alone.responsePort)
    case .passwordAlgorithms:
      one(
        "algorithms",
        try alone.passwordAlgorithms?.map(\.description).joined(separator: " "))
    case .passwordAlgorithm: one("algorithm", try alone.passwordAlgorithm)
    case .transactionTransmitCounter:
      [
        "requests": "\(try alone.transmitCounter?.requests ?? 0)",
        "responses": "\(try alone.transmitCounter?.responses ?? 0)",
      ]
    default: [:]
    }
  }

  private static func address(_ address: TransportAddress?) -> [String: String] {
    guard let address else { return [:] }
    let family =
      switch address.address {
      case .v4: "IPv4"
      case .v6: "IPv6"
      }
    return ["family": family, "address": "\(address.address)", "port": "\(address.port)"]
  }

  private static func one(
    _ name: String, _ value: (some CustomStringConvertible)?
  ) -> [String: String] {
    value.map { [name: $0.description] } ?? [:]
  }
}
