/// An IP address and a port: one endpoint of a flow of any transport protocol (RFC 8489 §4).
public struct TransportAddress: AddressText {
  /// The IP address.
  public var address: IPAddress
  /// The port, in host order.
  public var port: UInt16

  /// Creates a transport address.
  public init(_ address: IPAddress, port: UInt16) {
    self.address = address
    self.port = port
  }

  /// Hashes one word for IPv4 and three for IPv6, in half the time that enumeration cases take.
  public func hash(into hasher: inout Hasher) {
    switch address {
    case .v4(let address):
      hasher.combine(UInt64(address.rawValue) << 16 | UInt64(port))
    case .v6(let address):
      hasher.combine(address.high)
      hasher.combine(address.low)
      hasher.combine(UInt64(port))
    }
  }

  /// Orders by address, then by port.
  public static func < (left: TransportAddress, right: TransportAddress) -> Bool {
    left.address == right.address ? left.port < right.port : left.address < right.address
  }

  /// `10.0.0.2:5000`, or for IPv6 with brackets `[2001:db8::1]:3478` (RFC 5952 §6).
  public var description: String {
    switch address {
    case .v4(let address): "\(address):\(port)"
    case .v6(let address): "[\(address)]:\(port)"
    }
  }

  /// Parses an address, a colon and a port; an IPv6 address stands in brackets.
  public init(parsing text: some StringProtocol) throws(AddressParseError) {
    var cursor = AddressCursor(text)
    if cursor.isAtEnd { throw cursor.error(.empty) }
    if cursor.skip(.openBracket) {
      address = .v6(try IPv6Address(reading: &cursor))
      if !cursor.skip(.closeBracket) {
        throw cursor.error(cursor.next == .percent ? .zone : .unclosedBracket)
      }
    } else {
      if cursor.firstSeparator == .colon, cursor.hasSeveralColons {
        throw cursor.error(.missingBracket)
      }
      address = .v4(try IPv4Address(reading: &cursor))
    }
    if cursor.isAtEnd { throw cursor.error(.missingPort) }
    guard cursor.skip(.colon) else { throw cursor.error(.trailingText) }
    if cursor.isAtEnd { throw cursor.error(.missingPort) }
    port = UInt16(try cursor.decimal(atMost: 65535, otherwise: .portTooLarge))
    try cursor.expectEnd()
  }
}
