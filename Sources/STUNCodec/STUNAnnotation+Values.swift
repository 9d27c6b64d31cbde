internal import TransportAddress

extension Annotator {
  /// Explains a value that is wholly there and not empty.
  mutating func annotateValue(of type: AttributeType, at range: Range<Int>) {
    do {
      try annotateKnownValue(of: type, at: range)
    } catch {
      add(range, depth: 1, "Value", error.explanation, isProblem: true)
    }
  }

  private mutating func annotateKnownValue(
    of type: AttributeType, at range: Range<Int>
  ) throws(STUNDecodingError) {
    // A copy of the reference, so that the view does not hold `self` while fields are added.
    let bytes = bytes
    let attribute = AttributeView(
      type: type, byteOffset: range.lowerBound - 4, value: bytes.span.bytes.extracting(range))
    switch type {
    case .mappedAddress, .alternateServer, .responseOrigin, .otherAddress:
      annotate(try attribute.address(), isXORed: false, at: range)
    case .xorMappedAddress, .xorMappedAddressDraft, .xorPeerAddress, .xorRelayedAddress:
      annotate(try attribute.address(), isXORed: true, at: range)
    case .username, .realm, .software, .alternateDomain, .thirdPartyAuthorization:
      annotateText(range, "Value", of: type)
    case .nonce:
      annotateText(range, "Value", of: type)
      annotateNonceCookie(range)
    case .errorCode:
      annotate(try attribute.errorCode(), at: range)
    case .unknownAttributes:
      guard range.count % 2 == 0 else { throw attribute.wrongLength(expected: 2) }
      for start in stride(from: range.lowerBound, to: range.upperBound, by: 2) {
        let unknown = AttributeType(rawValue: UInt16(number(start..<start + 2)))
        add(start..<start + 2, depth: 1, "Attribute Type", "\(unknown)")
      }
    case .priority:
      try attribute.requireLength(4)
      add(range, depth: 1, "Priority", "\(number(range))")
    case .iceControlled, .iceControlling:
      try attribute.requireLength(8)
      add(range, depth: 1, "Tiebreaker", Hexadecimal.number(number(range), digits: 16))
    case .useCandidate:
      try attribute.requireLength(0)
    case .messageIntegrity:
      try attribute.requireLength(SHA1Hash.digestByteCount)
      add(range, depth: 1, "HMAC-SHA1", "of all bytes before this attribute; needs the password")
    case .messageIntegritySHA256:
      guard range.count % 4 == 0, (16...32).contains(range.count) else {
        throw attribute.wrongLength(expected: 32)
      }
      add(range, depth: 1, "HMAC-SHA256", "of all bytes before this attribute; needs the password")
    case .fingerprint:
      try attribute.requireLength(4)
      annotateFingerprint(range)
    default:
      try annotateFurtherValue(attribute, at: range)
    }
  }

  private mutating func annotate(
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

  private mutating func annotateFingerprint(_ range: Range<Int>) {
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
}
