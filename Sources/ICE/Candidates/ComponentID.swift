/// The number of a component within its data stream, 1 to 256 (RFC 8445 §5.1.2.1).
///
/// A component is a part of a stream with transport addresses of its own: RTP is 1 and RTCP is 2
/// (RFC 8445 §5.1.1.1).
public struct ComponentID: RawRepresentable, Hashable, Sendable {
  /// The number, 1 to 256.
  public let rawValue: UInt16

  /// A component ID.
  ///
  /// - Returns: nil unless the value is 1 to 256.
  public init?(rawValue: UInt16) {
    guard ICEConstants.componentIDs.contains(rawValue) else { return nil }
    self.rawValue = rawValue
  }
}

extension ComponentID: Comparable, CustomStringConvertible, ExpressibleByIntegerLiteral {
  /// Orders by number.
  public static func < (left: ComponentID, right: ComponentID) -> Bool {
    left.rawValue < right.rawValue
  }

  /// The number in decimal.
  public var description: String { String(rawValue) }

  /// A literal outside 1 to 256 is a programmer's error and stops the program.
  public init(integerLiteral value: UInt16) {
    precondition(ICEConstants.componentIDs.contains(value), "component IDs are 1 to 256")
    rawValue = value
  }
}
