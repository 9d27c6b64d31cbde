/// What a STUN message asks for or answers: 12 bits, an open registry.
///
/// A method this codec has no name for is kept as its number, so that a message which uses it can
/// still be read, printed and refused politely. RFC 8489 §5 and §18.2.
public struct STUNMethod: RawRepresentable, Hashable, Sendable {
  /// The method's number, 0x000 to 0xFFF.
  public let rawValue: UInt16

  /// The method with this number, of which the lowest 12 bits count.
  public init(rawValue: UInt16) {
    self.rawValue = rawValue & 0xFFF
  }

  /// "What is my address?": the one method of STUN itself. RFC 8489 §2.
  public static let binding = STUNMethod(rawValue: 0x001)

  // TURN, RFC 8656 §17.
  public static let allocate = STUNMethod(rawValue: 0x003)
  public static let refresh = STUNMethod(rawValue: 0x004)
  public static let send = STUNMethod(rawValue: 0x006)
  public static let data = STUNMethod(rawValue: 0x007)
  public static let createPermission = STUNMethod(rawValue: 0x008)
  public static let channelBind = STUNMethod(rawValue: 0x009)

  // TURN over TCP, RFC 6062 §6.1.
  public static let connect = STUNMethod(rawValue: 0x00A)
  public static let connectionBind = STUNMethod(rawValue: 0x00B)
  public static let connectionAttempt = STUNMethod(rawValue: 0x00C)

  /// Chrome's short form of a connectivity check; registered, not standardised.
  public static let googPing = STUNMethod(rawValue: 0x080)
}

extension STUNMethod: CustomStringConvertible {
  /// The name the RFC gives it, `Binding`, or its number, `0x7FF`.
  public var description: String {
    switch self {
    case .binding: "Binding"
    case .allocate: "Allocate"
    case .refresh: "Refresh"
    case .send: "Send"
    case .data: "Data"
    case .createPermission: "CreatePermission"
    case .channelBind: "ChannelBind"
    case .connect: "Connect"
    case .connectionBind: "ConnectionBind"
    case .connectionAttempt: "ConnectionAttempt"
    case .googPing: "GOOG-PING"
    default: "method " + Hexadecimal.number(UInt64(rawValue), digits: 3)
    }
  }
}
