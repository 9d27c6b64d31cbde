import TransportAddress

extension CandidateAttribute {
  /// Reads a candidate line, with or without `a=` before it.
  ///
  /// - Throws: ``CandidateParseError`` at the first field that is wrong. Unknown extensions and
  ///   transports, names in place of addresses and zones behind them are not errors; an unknown type
  ///   is one, and its line should be ignored.
  /// - Complexity: O(n) for n characters.
  public init(parsing text: some StringProtocol) throws(CandidateParseError) {
    var fields = FieldReader(String(text))
    try fields.skipPrefix()
    foundation = try fields.next(.foundation) { CandidateFoundation(text: $0) }
    component = try fields.next(.component) { text in
      text.utf8.count <= 3 ? UInt16(digits: text).flatMap { ComponentID(rawValue: $0) } : nil
    }
    transport = try fields.next(.transport) { Transport(token: $0) }
    priority = try fields.next(.priority) { text in
      UInt32(digits: text).flatMap { (1...ICEConstants.highestPriority).contains($0) ? $0 : nil }
    }
    host = try fields.next(.address, accept: Self.readHost)
    port = try fields.next(.port) { UInt16(digits: $0) }
    _ = try fields.next(.typeMark) { $0 == "typ" ? true : nil }
    type = try fields.next(.type) { CandidateType(token: $0) }

    relatedAddress = nil
    extensions = []
    var relatedHost: IPAddress?
    while !fields.isAtEnd {
      let name = try fields.next(.extensionName) { $0 }
      let value = try fields.next(.extensionValue) { $0 }
      switch name {
      case "raddr": relatedHost = try? IPAddress(parsing: value)
      case "rport":
        if let relatedHost, let port = UInt16(digits: value) {
          relatedAddress = TransportAddress(relatedHost, port: port)
        }
      default: extensions.append(Extension(name: name, value: value))
      }
    }
  }

  /// An address, or what can be a domain name; digits and dots, or colons, must be an address.
  private static func readHost(_ text: String) -> Host? {
    if let address = try? IPAddress(parsing: text) { return .address(address) }
    let parts = text.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)
    if parts.count == 2 {
      guard case .v6? = try? IPAddress(parsing: parts[0]), isZone(parts[1]) else { return nil }
      return .zoned(text)
    }
    let isName = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"):
        true
      default: false
      }
    }
    let lastLabel = text.split(separator: ".").last ?? ""
    let isNumeric = lastLabel.utf8.allSatisfy { (0x30...0x39).contains($0) }
    return isName && !isNumeric && text.utf8.count <= 253 ? .name(text) : nil
  }
}

/// Whether a text can be the name of a zone: some characters of ASCII, none of which is a space.
private func isZone(_ text: Substring) -> Bool {
  (1...64).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
}

/// Takes a line apart at its spaces and knows where it is.
private struct FieldReader {
  let text: String
  private var rest: Substring

  init(_ text: String) {
    self.text = text
    rest = text[...]
    while rest.utf8.last == 0x0A || rest.utf8.last == 0x0D || rest.utf8.last == 0x20 {
      rest.unicodeScalars.removeLast()
    }
  }

  var isAtEnd: Bool { rest.isEmpty }

  private var offset: Int { text.utf8.distance(from: text.startIndex, to: rest.startIndex) }

  mutating func skipPrefix() throws(CandidateParseError) {
    if rest.hasPrefix("a=") { rest = rest.dropFirst(2) }
    guard rest.hasPrefix("candidate:") else {
      throw CandidateParseError(text: text, offset: offset, field: .prefix)
    }
    rest = rest.dropFirst("candidate:".count)
  }

  /// The next field as `accept` understands it.
  mutating func next<Value>(
    _ field: CandidateParseError.Field, accept: (String) -> Value?
  ) throws(CandidateParseError) -> Value {
    let start = offset
    let word = rest.prefix { $0 != " " }
    rest = rest[word.endIndex...].drop { $0 == " " }
    // A line end in a field would begin another line of a description that it is written into.
    guard !word.isEmpty, !word.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }),
      let value = accept(String(word))
    else {
      throw CandidateParseError(text: text, offset: start, field: field)
    }
    return value
  }
}

extension FixedWidthInteger {
  /// Decimal digits only: no sign, nothing that `Int("+1")` would take.
  fileprivate init?(digits: String) {
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      return nil
    }
    self.init(digits)
  }
}
