/// The number of a component within its data stream, 1 to 256 (RFC 8445 §5.1.2.1).
///
/// A component is what has a transport address of its own; RTP is 1 and its RTCP 2 (RFC 8445
/// §5.1.1.1).
public struct ComponentID: RawRepresentable, Hashable, Sendable {
  public let rawValue: UInt16

  /// - Returns: nil unless the value is 1 to 256.
  public init?(rawValue: UInt16) {
    guard (1...256).contains(rawValue) else { return nil }
    self.rawValue = rawValue
  }
}

extension ComponentID: Comparable, CustomStringConvertible, ExpressibleByIntegerLiteral {
  public static func < (left: ComponentID, right: ComponentID) -> Bool {
    left.rawValue < right.rawValue
  }

  public var description: String { String(rawValue) }

  /// A literal outside 1 to 256 is a programmer's error and stops the program.
  public init(integerLiteral value: UInt16) {
    precondition((1...256).contains(value), "component IDs are 1 to 256")
    rawValue = value
  }
}
