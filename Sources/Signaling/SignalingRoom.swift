/// A room of a signaling server: two members, and what the first says before the second is there.
public enum SignalingRoom {
  /// How long a room's name may be, in characters.
  public static let nameLength = 1...64

  /// Whether a text can be a room's name: letters and digits of ASCII, `-`, `.`, `_` and `~`.
  public static func isName(_ text: some StringProtocol) -> Bool {
    nameLength.contains(text.utf8.count)
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
          UInt8(ascii: "_"), UInt8(ascii: "~"):
          true
        default: false
        }
      }
  }
}

/// What members of rooms may have, and how long they may take.
public struct SignalingLimits: Hashable, Sendable {
  /// How long the opening handshake may take.
  public var handshake: Duration = .seconds(10)
  /// How long a member may say nothing.
  public var silence: Duration = .seconds(600)
  /// The longest message, in bytes.
  public var messageByteCount = 16_384
  /// All that a member may say, in bytes.
  public var memberByteCount = 1 << 18
  /// What is kept of the first member's messages until the second is there, in bytes.
  public var waitingByteCount = 65_536

  /// Limits that no session of ICE meets.
  public init() {}
}
