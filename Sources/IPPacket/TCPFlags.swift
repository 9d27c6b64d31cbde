/// The control bits of a TCP header that a NAT looks at (RFC 9293 §3.1).
public struct TCPFlags: OptionSet, Hashable, Sendable {
  public var rawValue: UInt8

  public init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  public static let fin = TCPFlags(rawValue: 1)
  public static let syn = TCPFlags(rawValue: 2)
  public static let rst = TCPFlags(rawValue: 4)
  public static let ack = TCPFlags(rawValue: 16)

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
