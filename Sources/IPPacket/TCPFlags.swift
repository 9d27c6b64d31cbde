/// The control bits of a TCP header that a NAT looks at (RFC 9293 §3.1).
@frozen
public struct TCPFlags: OptionSet, Hashable, Sendable {
  /// The bits as they stand in the header.
  public var rawValue: UInt8

  /// The control bits of a header.
  @inlinable
  public init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// The sender sends no more.
  @inlinable
  public static var fin: TCPFlags { TCPFlags(rawValue: 1) }
  /// Opens a connection.
  @inlinable
  public static var syn: TCPFlags { TCPFlags(rawValue: 2) }
  /// Resets the connection.
  @inlinable
  public static var rst: TCPFlags { TCPFlags(rawValue: 4) }
  /// Acknowledges what came; set in each segment but the first.
  @inlinable
  public static var ack: TCPFlags { TCPFlags(rawValue: 16) }

  /// Each bit with its name, in the order in which people say them.
  public static let named: [(name: String, flag: TCPFlags)] = [
    ("SYN", .syn), ("FIN", .fin), ("RST", .rst), ("ACK", .ack),
  ]
}

extension TCPFlags: CustomStringConvertible {
  /// `SYN+ACK`.
  public var description: String {
    Self.named.filter { contains($0.flag) }.map(\.name).joined(separator: "+")
  }
}
