extension Annotator {
  /// Explains the values of TURN, behaviour discovery and long-term credentials.
  mutating func annotateFurtherValue(
    _ attribute: borrowing AttributeView, at range: Range<Int>
  ) throws(STUNDecodingError) {
    let start = range.lowerBound
    switch attribute.type {
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

  private mutating func annotatePasswordAlgorithms(_ range: Range<Int>) {
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
        range.lowerBound..<range.lowerBound + NonceCookie.byteCount, bits: "cookie", depth: 1,
        "Nonce Cookie",
        parts.isEmpty ? "promises nothing" : "promises " + parts.joined(separator: ", ")))
  }
}
