/// The method of a STUN message: 12 bits, an open registry (RFC 8489 §5, §18.2).
///
/// A method that this codec does not know is kept as its number, so that its messages can be read,
/// printed and refused.
public struct STUNMethod: RawRepresentable, Hashable, Sendable {
  /// The method's number, 0x000 to 0xFFF.
  public let rawValue: UInt16

  /// The method with this number, of which the lowest 12 bits count.
  public init(rawValue: UInt16) {
    self.rawValue = rawValue & 0xFFF
  }

  /// Binding, which asks for the client's own address: the one method of STUN itself (RFC 8489 §2).
  public static let binding = STUNMethod(rawValue: 0x001)

  /// Allocate creates an allocation, with its relayed transport address (RFC 8656 §17).
  public static let allocate = STUNMethod(rawValue: 0x003)
  /// Refresh prolongs or deletes an allocation (RFC 8656 §17).
  public static let refresh = STUNMethod(rawValue: 0x004)
  /// Send, an indication, carries data from the client for a peer (RFC 8656 §17).
  public static let send = STUNMethod(rawValue: 0x006)
  /// Data, an indication, carries data from a peer for the client (RFC 8656 §17).
  public static let data = STUNMethod(rawValue: 0x007)
  /// CreatePermission allows peers to send to the relayed address (RFC 8656 §17).
  public static let createPermission = STUNMethod(rawValue: 0x008)
  /// ChannelBind binds a channel number to a peer (RFC 8656 §17).
  public static let channelBind = STUNMethod(rawValue: 0x009)

  /// Connect opens a TCP connection from the relayed address to a peer (RFC 6062 §6.1).
  public static let connect = STUNMethod(rawValue: 0x00A)
  /// ConnectionBind joins a TCP connection of the client to one of a peer (RFC 6062 §6.1).
  public static let connectionBind = STUNMethod(rawValue: 0x00B)
  /// ConnectionAttempt, an indication, reports a TCP connection from a peer (RFC 6062 §6.1).
  public static let connectionAttempt = STUNMethod(rawValue: 0x00C)

  /// GOOG-PING, Chrome's short form of a connectivity check: registered, not standardized.
  public static let googPing = STUNMethod(rawValue: 0x080)
}

extension STUNMethod: CustomStringConvertible {
  /// The name in the registry, `Binding`, or the number, `method 0x7FF`.
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
