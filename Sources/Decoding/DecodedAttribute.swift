import Capture
import STUNCodec
import TransportAddress

extension DecodedMessage {
  /// An attribute and its value, also of a message that is not sound.
  public struct Attribute: Sendable {
    /// The type's number.
    public var type: UInt16
    /// The type's name in the message's dialect, or its number.
    public var name: String
    /// Where it begins, counted in bytes from the message's first.
    public var offset: Int
    /// The value's length as the attribute tells it.
    public var length: Int
    /// Whether a receiver that does not know the type must refuse the message.
    public var isComprehensionRequired: Bool
    /// Whether it stands where a receiver must not heed it (RFC 8489 §9).
    public var isIgnored: Bool

    /// The value's bytes, as far as they are there.
    private var content: [UInt8]
    private var isCut = false
    private var transactionID: CapturedTransactionID
  }
}

extension DecodedMessage.Attribute {
  init(_ attribute: STUNAttribute, in message: STUNMessage, _ dialect: Dialect) {
    type = attribute.type.rawValue
    name = dialect.name(of: attribute.type)
    offset = attribute.byteOffset
    length = attribute.value.count
    isComprehensionRequired = attribute.type.isComprehensionRequired
    isIgnored = attribute.isIgnored
    content = attribute.value
    transactionID = CapturedTransactionID(message.transactionID)
  }

  init(_ attribute: LenientMessage.Attribute, in message: LenientMessage) {
    type = attribute.type.rawValue
    name = message.name(of: attribute.type)
    offset = attribute.byteOffset
    length = attribute.promisedByteCount
    isComprehensionRequired = attribute.type.isComprehensionRequired
    isIgnored = false
    content = attribute.value
    isCut = attribute.isCut
    transactionID = message.transactionID
  }

  /// The value's bytes in hexadecimal, as far as they are there.
  public var value: String { Hexadecimal.plain(content) }

  /// The value's parts by name, where the type is known and the value sound.
  ///
  /// - Complexity: O(n) in the value's bytes each time; a page of text needs few of them.
  public var fields: [String: String] {
    isCut ? [:] : Self.fields(AttributeType(rawValue: type), content, transactionID)
  }

  /// The value's parts, read by the library's own accessors from a message of this attribute alone.
  private static func fields(
    _ type: AttributeType, _ value: [UInt8], _ id: CapturedTransactionID
  ) -> [String: String] {
    if let fields = dialectFields(type, value, id) { return fields }
    let count = 4 + (value.count + 3) & ~3
    guard count <= 0xFFFF else { return [:] }
    var bytes: [UInt8] = [0x01, 0x11, UInt8(count >> 8), UInt8(count & 0xFF)]
    bytes.reserveCapacity(20 + count)
    bytes += [0x21, 0x12, 0xA4, 0x42]
    bytes += id.id.bytes
    bytes += [
      UInt8(type.rawValue >> 8), UInt8(type.rawValue & 0xFF), UInt8(value.count >> 8),
      UInt8(value.count & 0xFF),
    ]
    bytes += value
    bytes += [UInt8](repeating: 0, count: 20 + count - bytes.count)
    guard let alone = try? STUNMessage(bytes) else { return [:] }
    return (try? fields(alone, type)) ?? [:]
  }

  /// What older and foreign specifications lay out otherwise than the codec.
  private static func dialectFields(
    _ type: AttributeType, _ value: [UInt8], _ id: CapturedTransactionID
  ) -> [String: String]? {
    switch type.rawValue {
    case 0x0002, 0x0004, 0x0005, 0x000B, 0x000E, 0x0011, 0x8090:
      return address(TransportAddress(attributeValue: value, xoredWith: nil))
    case 0x0012 where !id.hasCookie:
      return address(TransportAddress(attributeValue: value, xoredWith: nil))
    case 0x0020 where !id.hasCookie, 0x8020 where !id.hasCookie:
      return address(TransportAddress(attributeValue: value, xoredWith: id))
    case 0x0010, 0x8008, 0x8054, 0x8055, 0x8070:
      guard value.count == 4 else { return [:] }
      return ["number": "\(value.reduce(0) { $0 << 8 | UInt32($1) })"]
    default: return nil
    }
  }

  private static func fields(
    _ alone: STUNMessage, _ type: AttributeType
  ) throws(STUNDecodingError) -> [String: String] {
    switch type {
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

extension DecodedMessage.Attribute: Encodable {
  private enum CodingKeys: String, CodingKey {
    case type, name, offset, length, value, isComprehensionRequired, isIgnored, fields
  }

  /// Encodes the attribute with the keys of `docs/json.md`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(type, forKey: .type)
    try container.encode(name, forKey: .name)
    try container.encode(offset, forKey: .offset)
    try container.encode(length, forKey: .length)
    try container.encode(value, forKey: .value)
    try container.encode(isComprehensionRequired, forKey: .isComprehensionRequired)
    try container.encode(isIgnored, forKey: .isIgnored)
    try container.encode(fields, forKey: .fields)
  }
}
