extension Annotator {
  /// Explains a value that is complete and not empty.
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
    let start = range.lowerBound
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
    case .channelNumber:
      try attribute.requireLength(4)
      let channel = ChannelNumber(rawValue: UInt16(number(start..<start + 2)))
      add(
        start..<start + 2, depth: 1, "Channel Number",
        channel.isValid ? "\(channel)" : "\(channel) is not among 0x4000 to 0x4FFF",
        isProblem: !channel.isValid)
      add(start + 2..<start + 4, depth: 1, "Reserved", "ignored")
    case .lifetime, .cacheTimeout:
      try attribute.requireLength(4)
      add(range, depth: 1, "Seconds", "\(number(range))")
    case .connectionID:
      try attribute.requireLength(4)
      add(range, depth: 1, "Connection ID", Hexadecimal.number(number(range), digits: 8))
    case .data, .padding:
      add(range, depth: 1, "Data", "\(range.count) bytes")
    case .requestedAddressFamily, .additionalAddressFamily:
      try attribute.requireLength(4)
      add(start..<start + 1, depth: 1, "Family", "\(try attribute.family())")
      add(start + 1..<start + 4, depth: 1, "Reserved", "ignored")
    case .evenPort:
      try attribute.requireLength(1)
      add(
        range, depth: 1, "R",
        bytes[start] & 0x80 == 0 ? "0: an even port" : "1: an even port, and the next one reserved")
    case .requestedTransport:
      try attribute.requireLength(4)
      let name = [6: "TCP", 17: "UDP"][bytes[start]] ?? "unknown"
      add(start..<start + 1, depth: 1, "Protocol", "\(bytes[start]): \(name)")
      add(start + 1..<start + 4, depth: 1, "Reserved", "ignored")
    case .dontFragment:
      try attribute.requireLength(0)
    case .reservationToken:
      try attribute.requireLength(8)
      add(range, depth: 1, "Token", Hexadecimal.number(number(range), digits: 16))
    case .addressErrorCode:
      _ = try attribute.errorCode()
      _ = try attribute.family()
      annotate(try attribute.errorCode(), at: range, hasFamily: true)
    case .icmp:
      try attribute.requireLength(8)
      add(start..<start + 2, depth: 1, "Reserved", "ignored")
      add(start + 2..<start + 3, depth: 1, "ICMP Type", "\(bytes[start + 2])")
      add(start + 3..<start + 4, depth: 1, "ICMP Code", "\(bytes[start + 3])")
      add(start + 4..<start + 8, depth: 1, "Error Data", "\(number(start + 4..<start + 8))")
    case .changeRequest:
      try attribute.requireLength(4)
      add(range, depth: 1, "Flags", "\(ChangeRequest(rawValue: UInt32(number(range))))")
    case .responsePort:
      guard range.count == 2 || range.count == 4 else { throw attribute.wrongLength(expected: 2) }
      add(start..<start + 2, depth: 1, "Port", "\(number(start..<start + 2))")
      if range.count == 4 { add(start + 2..<start + 4, depth: 1, "Reserved", "ignored") }
    case .transactionTransmitCounter:
      try attribute.requireLength(4)
      add(start..<start + 2, depth: 1, "Reserved", "ignored")
      add(start + 2..<start + 3, depth: 1, "Req", "request sent \(bytes[start + 2]) times")
      add(start + 3..<start + 4, depth: 1, "Resp", "response sent \(bytes[start + 3]) times")
    case .userhash:
      try attribute.requireLength(SHA256Hash.digestByteCount)
      add(range, depth: 1, "SHA-256", "of user name and realm")
    case .passwordAlgorithms, .passwordAlgorithm:
      _ = try PasswordAlgorithmList(attribute)
      annotatePasswordAlgorithms(range)
    default:
      add(range, depth: 1, "Value", Hexadecimal.text(bytes[range]))
    }
  }
}
