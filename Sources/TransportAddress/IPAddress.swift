/// An IP address of either family; every IPv4 address sorts before every IPv6 address.
public enum IPAddress: AddressText {
  case v4(IPv4Address)
  case v6(IPv6Address)

  /// The purpose of the address in the registry of special-purpose addresses (RFC 6890).
  public var classification: AddressClass {
    switch self {
    case .v4(let address): address.classification
    case .v6(let address): address.classification
    }
  }

  /// Orders numerically within a family, IPv4 before IPv6.
  public static func < (left: IPAddress, right: IPAddress) -> Bool {
    switch (left, right) {
    case (.v4(let left), .v4(let right)): left < right
    case (.v6(let left), .v6(let right)): left < right
    case (.v4, .v6): true
    case (.v6, .v4): false
    }
  }

  /// The canonical text: dotted decimal, or the form of RFC 5952.
  public var description: String {
    switch self {
    case .v4(let address): address.description
    case .v6(let address): address.description
    }
  }

  /// Parses an IPv4 address in dotted decimal or an IPv6 address without brackets.
  public init(parsing text: some StringProtocol) throws(AddressParseError) {
    var cursor = AddressCursor(text)
    if cursor.isAtEnd { throw cursor.error(.empty) }
    if cursor.firstSeparator == .colon {
      self = .v6(try IPv6Address(reading: &cursor))
    } else {
      self = .v4(try IPv4Address(reading: &cursor))
    }
    try cursor.expectEnd()
  }
}
