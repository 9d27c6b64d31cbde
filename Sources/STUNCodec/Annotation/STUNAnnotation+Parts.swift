internal import TransportAddress

/// The parts that the values of several attributes have in common, and long values.
extension Annotator {
  mutating func annotate(
    _ value: TransportAddress, isXORed: Bool, at range: Range<Int>
  ) {
    let start = range.lowerBound
    let address = isXORed ? value.xored(with: transactionID) : value
    add(start..<start + 1, depth: 1, "Reserved", "ignored")
    add(start + 1..<start + 2, depth: 1, "Family", bytes[start + 1] == 1 ? "IPv4" : "IPv6")
    add(
      start + 2..<start + 4, depth: 1, isXORed ? "X-Port" : "Port",
      isXORed
        ? "\(Hexadecimal.number(UInt64(value.port), digits: 4)) ⊕ 0x2112 = \(address.port)"
        : "\(address.port)")
    let flipped = range.count == 8 ? "the magic cookie" : "the magic cookie and transaction ID"
    add(
      start + 4..<range.upperBound, depth: 1, isXORed ? "X-Address" : "Address",
      isXORed ? "⊕ \(flipped) = \(address.address)" : "\(address.address)")
  }

  mutating func annotate(_ code: ErrorCode, at range: Range<Int>, hasFamily: Bool = false) {
    let start = range.lowerBound
    if hasFamily {
      add(start..<start + 1, depth: 1, "Family", bytes[start] == 1 ? "IPv4" : "IPv6")
    }
    add(start + (hasFamily ? 1 : 0)..<start + 2, depth: 1, "Reserved", "ignored")
    add(start + 2..<start + 3, depth: 1, "Class", "\(code.hundreds)")
    add(start + 3..<start + 4, depth: 1, "Number", "\(code.number): the error is \(code)")
    if range.count > 4 {
      annotateText(start + 4..<range.upperBound, "Reason Phrase", of: .errorCode)
    }
  }

  mutating func annotateText(_ range: Range<Int>, _ name: String, of type: AttributeType) {
    guard let text = String(validating: bytes[range], as: UTF8.self) else {
      let error = STUNDecodingError(
        .notUTF8, at: range.lowerBound, in: type, expected: 0, found: 0)
      return add(range, depth: 1, name, error.explanation, isProblem: true)
    }
    // Whatever a stranger sent goes to a terminal: control characters are spelled out.
    add(range, depth: 1, name, text.debugDescription)
  }

  mutating func annotateFingerprint(_ range: Range<Int>) {
    let expected = UInt64(
      fingerprint(of: bytes.span.bytes.extracting(first: range.lowerBound - 4)))
    let isRight = number(range) == expected && range.upperBound == bytes.count
    add(
      range, depth: 1, "CRC-32",
      isRight
        ? "of all bytes before this attribute, ⊕ 0x5354554E: right"
        : range.upperBound == bytes.count
          ? "should be \(Hexadecimal.number(expected, digits: 8))" : "not the last attribute",
      isProblem: !isRight)
  }

  mutating func annotatePasswordAlgorithms(_ range: Range<Int>) {
    var start = range.lowerBound
    while range.upperBound - start >= 4 {
      let algorithm = PasswordAlgorithm(rawValue: UInt16(number(start..<start + 2)))
      let length = Int(number(start + 2..<start + 4))
      let end = min(start + 4 + (length + 3) & ~3, range.upperBound)
      add(start..<start + 2, depth: 1, "Algorithm", "\(algorithm)")
      add(start + 2..<start + 4, depth: 1, "Parameters Length", "\(length)")
      if end > start + 4 { add(start + 4..<end, depth: 1, "Parameters", "\(length) bytes") }
      start = end
    }
  }

  /// Says what a nonce's cookie promises; its bytes are in the nonce's own row.
  mutating func annotateNonceCookie(_ range: Range<Int>) {
    guard let features = NonceCookie.features(of: bytes[range]) else { return }
    var parts: [String] = []
    if features.contains(.passwordAlgorithms) { parts.append("password algorithms") }
    if features.contains(.usernameAnonymity) { parts.append("username anonymity") }
    fields.append(
      AnnotatedField(
        range.lowerBound..<range.lowerBound + NonceCookie.byteCount, part: .named("cookie"),
        depth: 1, "Nonce Cookie",
        parts.isEmpty ? "promises nothing" : "promises " + parts.joined(separator: ", ")))
  }
}
