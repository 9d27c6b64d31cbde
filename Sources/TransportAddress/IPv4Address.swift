/// An IPv4 address: 32 bits (RFC 791 §3.1), written as four decimal octets (RFC 1123 §2.1).
public struct IPv4Address: AddressText {
  /// The address in host order: `10.0.0.2` is `0x0A00_0002`.
  public var rawValue: UInt32

  /// Creates an address from its 32 bits in host order.
  public init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// Creates an address from its four octets, in the order in which they are written.
  public init(_ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8) {
    rawValue = UInt32(a) << 24 | UInt32(b) << 16 | UInt32(c) << 8 | UInt32(d)
  }

  /// The four octets in network order, most significant first.
  public var octets: (UInt8, UInt8, UInt8, UInt8) {
    (
      UInt8(truncatingIfNeeded: rawValue >> 24), UInt8(truncatingIfNeeded: rawValue >> 16),
      UInt8(truncatingIfNeeded: rawValue >> 8), UInt8(truncatingIfNeeded: rawValue)
    )
  }

  /// Orders numerically.
  public static func < (left: IPv4Address, right: IPv4Address) -> Bool {
    left.rawValue < right.rawValue
  }

  /// The address in dotted decimal: `10.0.0.2`.
  public var description: String {
    let (a, b, c, d) = octets
    return "\(a).\(b).\(c).\(d)"
  }

  /// Parses four decimal octets without leading zeros.
  public init(parsing text: some StringProtocol) throws(AddressParseError) {
    var cursor = AddressCursor(text)
    if cursor.isAtEnd { throw cursor.error(.empty) }
    self = try IPv4Address(reading: &cursor)
    try cursor.expectEnd()
  }

  /// Reads four octets and leaves the cursor after the last one.
  init(reading cursor: inout AddressCursor) throws(AddressParseError) {
    var value: UInt32 = 0
    for index in 0..<4 {
      if index > 0, !cursor.skip(.dot) {
        throw cursor.error(cursor.isAtEnd ? .tooFewOctets : .expectedDot)
      }
      if index > 0, cursor.isAtEnd { throw cursor.error(.tooFewOctets) }
      value = try value << 8 | cursor.decimal(atMost: 255, otherwise: .octetTooLarge)
    }
    self.init(rawValue: value)
  }

  /// Whether the first `length` bits are those of `prefix`; `length` is 1 to 32.
  func isIn(_ prefix: IPv4Address, _ length: Int) -> Bool {
    (rawValue ^ prefix.rawValue) >> UInt32(32 - length) == 0
  }
}
