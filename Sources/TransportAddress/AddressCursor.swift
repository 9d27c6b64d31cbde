/// A position in the UTF-8 bytes of a text, which errors report.
struct AddressCursor {
  private let bytes: [UInt8]
  private(set) var offset = 0

  init(_ text: some StringProtocol) {
    self.bytes = Array(text.utf8)
  }

  /// The next byte, or nil at the end.
  var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  var isAtEnd: Bool { offset == bytes.count }

  mutating func skip() {
    if offset < bytes.count { offset += 1 }
  }

  /// Steps over `byte` if it comes next.
  mutating func skip(_ byte: UInt8) -> Bool {
    guard next == byte else { return false }
    offset += 1
    return true
  }

  func error(_ reason: AddressParseError.Reason, at position: Int? = nil) -> AddressParseError {
    // Only an error needs the text.
    AddressParseError(
      text: String(decoding: bytes, as: UTF8.self), offset: position ?? offset, reason: reason)
  }

  /// Whether decimal digits and a dot come next: the rest is an embedded IPv4 address.
  var startsDottedQuad: Bool {
    var end = offset
    while end < bytes.count, bytes[end].decimalDigit != nil { end += 1 }
    return end > offset && end < bytes.count && bytes[end] == .dot
  }

  /// The first dot (IPv4) or colon (IPv6) ahead, which tells the families apart.
  var firstSeparator: UInt8? {
    bytes[offset...].first { $0 == .dot || $0 == .colon }
  }

  /// Whether more than one colon is ahead.
  var hasSeveralColons: Bool {
    bytes[offset...].count { $0 == .colon } > 1
  }

  /// Reads a decimal number without leading zeros.
  mutating func decimal(
    atMost limit: UInt32, otherwise tooLarge: AddressParseError.Reason
  ) throws(AddressParseError) -> UInt32 {
    let start = offset
    var value: UInt32 = 0
    while offset < bytes.count {
      // Other bytes than digits become greater than 9.
      let digit = bytes[offset] &- UInt8(ascii: "0")
      if digit > 9 { break }
      if offset > start, value == 0 { throw error(.leadingZero, at: start) }
      // Cannot overflow: before this step `value` is at most `limit`, which is at most 65535.
      value = value * 10 + UInt32(digit)
      if value > limit { throw error(tooLarge, at: start) }
      offset += 1
    }
    if offset == start { throw error(.expectedDecimalDigit) }
    return value
  }

  func expectEnd() throws(AddressParseError) {
    if !isAtEnd { throw error(next == .percent ? .zone : .trailingText) }
  }
}

extension UInt8 {
  static let dot = UInt8(ascii: ".")
  static let colon = UInt8(ascii: ":")
  static let percent = UInt8(ascii: "%")
  static let openBracket = UInt8(ascii: "[")
  static let closeBracket = UInt8(ascii: "]")

  var decimalDigit: UInt8? {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
    default: nil
    }
  }

  var hexDigit: UInt8? {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
