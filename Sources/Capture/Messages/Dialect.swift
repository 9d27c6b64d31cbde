public import STUNCodec

/// Which specification a message in a capture follows.
///
/// Only `standard` is what the library itself sends and accepts; the others are read for captures.
public enum Dialect: String, Hashable, Sendable, CaseIterable {
  /// RFC 8489 and what is built on it.
  case standard = "RFC 8489"
  /// Classic STUN: no magic cookie, a transaction ID of 16 bytes (RFC 3489 §11.1).
  case classic = "RFC 3489"
  /// Microsoft's TURN and ICE extensions ([MS-TURN] §2.2, [MS-ICE2] §2.2).
  case microsoft = "Microsoft (MS-TURN, MS-ICE2)"
  /// WhatsApp's own attributes from 0x4000 on, which no document describes.
  case whatsApp = "WhatsApp"

  /// The cookie that MS-TURN puts into its first attribute ([MS-TURN] §2.2.2).
  static let microsoftCookie: [UInt8] = [0x72, 0xC6, 0x4B, 0xC6]

  /// The name that this dialect gives an attribute type; the codec's name where it gives none.
  ///
  /// MS-TURN without the magic cookie has the numbers of REALM and NONCE the other way round
  /// ([MS-TURN] §2.2.2).
  public func name(of type: AttributeType, hasCookie: Bool = true) -> String {
    let name: String? =
      switch self {
      case .standard: nil
      case .classic: Self.classicName(type.rawValue)
      case .microsoft:
        switch type.rawValue {
        case 0x0012 where !hasCookie: "MS-REMOTE-ADDRESS"
        case 0x0014 where !hasCookie: "NONCE"
        case 0x0015 where !hasCookie: "REALM"
        default: Self.microsoftName(type.rawValue)
        }
      case .whatsApp:
        (0x4000...0x40FF).contains(type.rawValue)
          ? "WHATSAPP-\(Hexadecimal.number(UInt64(type.rawValue), digits: 4).dropFirst(2))" : nil
      }
    return name ?? Self.formerName(type) ?? type.description
  }

  /// RFC 3489's names for types that RFC 5389 took out of use, which servers still send beside the
  /// cookie.
  private static func formerName(_ type: AttributeType) -> String? {
    guard type.name == nil else { return nil }
    return classicName(type.rawValue)
  }

  /// The name of an attribute type of classic STUN (RFC 3489 §11.2).
  private static func classicName(_ type: UInt16) -> String? {
    switch type {
    case 0x0002: "RESPONSE-ADDRESS"
    case 0x0004: "SOURCE-ADDRESS"
    case 0x0005: "CHANGED-ADDRESS"
    case 0x0007: "PASSWORD"
    case 0x000B: "REFLECTED-FROM"
    default: nil
    }
  }

  private static func microsoftName(_ type: UInt16) -> String? {
    switch type {
    case 0x000E: "ALTERNATE-SERVER"
    case 0x000F: "MS-MAGIC-COOKIE"
    case 0x0010: "MS-BANDWIDTH"
    case 0x0011: "MS-DESTINATION-ADDRESS"
    case 0x8006: "MS-0x8006"
    case 0x8008: "MS-VERSION"
    case 0x8032: "MS-ALTERNATE-HOST-NAME"
    case 0x8036: "MS-0x8036"
    case 0x8037: "MS-APP-ID"
    case 0x8039: "MS-SECURE-TAG"
    case 0x8050: "MS-SEQUENCE-NUMBER"
    case 0x8054: "MS-CANDIDATE-IDENTIFIER"
    case 0x8055: "MS-SERVICE-QUALITY"
    case 0x8070: "MS-IMPLEMENTATION-VERSION"
    case 0x8090: "MS-ALTERNATE-MAPPED-ADDRESS"
    case 0x8095: "MS-MULTIPLEXED-TURN-SESSION-ID"
    default: nil
    }
  }

  /// Whether only Microsoft's programs send the type.
  static func isMicrosoft(_ type: UInt16) -> Bool {
    switch type {
    case 0x000F, 0x8006, 0x8008, 0x8032, 0x8036, 0x8037, 0x8039, 0x8050, 0x8054, 0x8055, 0x8070,
      0x8090, 0x8095:
      true
    default: false
    }
  }

  /// The dialect that the attributes of a sound message show.
  public static func shown(by attributes: [STUNAttribute]) -> Dialect {
    shown(by: attributes.lazy.map(\.type.rawValue), hasCookie: true)
  }

  /// The dialect that these types and this header show.
  static func shown(by types: some Sequence<UInt16>, hasCookie: Bool) -> Dialect {
    var found: Dialect = hasCookie ? .standard : .classic
    for type in types {
      if isMicrosoft(type) { return .microsoft }
      if (0x4000...0x40FF).contains(type) { found = .whatsApp }
    }
    return found
  }
}
