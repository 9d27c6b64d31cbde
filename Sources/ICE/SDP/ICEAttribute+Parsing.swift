import TransportAddress

extension ICEAttribute {
  /// Reads a line, with or without `a=` before it.
  ///
  /// - Returns: nil for an attribute that is not ICE's.
  /// - Throws: ``SDPError`` with the column of the first field that is wrong. Candidates with names
  ///   for addresses, with unknown transports and with unknown extensions are no errors.
  /// - Complexity: O(n) for n characters.
  public init?(parsing line: some StringProtocol) throws(SDPError) {
    let line = Substring(line)
    let prefix = line.hasPrefix("a=") ? 2 : 0
    let text = line.dropFirst(prefix)
    let name = text.prefix { $0 != ":" }
    let hasValue = name.endIndex != text.endIndex
    let value = text.dropFirst(name.count + (hasValue ? 1 : 0))
    let column = prefix + name.utf8.count + 2

    func requireNoValue() throws(SDPError) {
      if hasValue { throw SDPError(column: column - 1, .unexpectedValue) }
    }
    switch name {
    case "ice-ufrag":
      guard value.isICEText(ICEConstants.usernameFragmentLength) else {
        throw SDPError(column: column, .usernameFragment)
      }
      self = .usernameFragment(String(value))
    case "ice-pwd":
      guard value.isICEText(ICEConstants.passwordLength) else {
        throw SDPError(column: column, .password)
      }
      self = .password(String(value))
    case "ice-options":
      var fields = Fields(value, column: column)
      var tags: [String] = []
      repeat {
        let (tag, place) = fields.next()
        guard tag.isICEText(1...Int.max) else { throw SDPError(column: place, .option) }
        tags.append(String(tag))
      } while !fields.isAtEnd
      self = .options(tags)
    case "ice-pacing":
      guard (1...10).contains(value.utf8.count), value.utf8.allSatisfy(\.isDigit),
        let number = UInt64(value)
      else { throw SDPError(column: column, .pacing) }
      self = .pacing(milliseconds: number)
    case "ice-lite":
      try requireNoValue()
      self = .lite
    case "ice-mismatch":
      try requireNoValue()
      self = .mismatch
    case "end-of-candidates":
      try requireNoValue()
      self = .endOfCandidates
    case "candidate":
      do throws(CandidateParseError) {
        self = .candidate(try CandidateAttribute(parsing: line))
      } catch {
        throw SDPError(column: error.offset + 1, .candidate(error.field))
      }
    case "remote-candidates":
      self = .remoteCandidates(try Self.remoteCandidates(value, column: column))
    default: return nil
    }
  }

  private static func remoteCandidates(
    _ value: Substring, column: Int
  ) throws(SDPError) -> [RemoteCandidate] {
    var fields = Fields(value, column: column)
    var list: [RemoteCandidate] = []
    repeat {
      let (number, place) = fields.next()
      guard number.utf8.count <= 3, number.utf8.allSatisfy(\.isDigit),
        let component = UInt16(number).flatMap({ ComponentID(rawValue: $0) })
      else { throw SDPError(column: place, .remoteCandidate) }
      let (host, hostPlace) = fields.next()
      guard let address = try? IPAddress(parsing: host) else {
        throw SDPError(column: hostPlace, .remoteCandidate)
      }
      let (digits, portPlace) = fields.next()
      guard digits.utf8.count <= 5, digits.utf8.allSatisfy(\.isDigit), let port = UInt16(digits)
      else { throw SDPError(column: portPlace, .remoteCandidate) }
      list.append(
        RemoteCandidate(component: component, address: TransportAddress(address, port: port)))
    } while !fields.isAtEnd
    return list
  }
}

/// The fields of a value, which single spaces separate, with their columns.
private struct Fields {
  private var rest: Substring
  private var column: Int
  private(set) var isAtEnd = false

  init(_ value: Substring, column: Int) {
    rest = value
    self.column = column
  }

  /// The next field, empty behind the last one and between two spaces.
  mutating func next() -> (text: Substring, column: Int) {
    let field = rest.prefix { $0 != " " }
    let place = column
    isAtEnd = field.endIndex == rest.endIndex
    column += field.utf8.count + (isAtEnd ? 0 : 1)
    rest = rest[field.endIndex...].dropFirst()
    return (field, place)
  }
}

extension Substring {
  /// Whether these are so many ice-chars.
  fileprivate func isICEText(_ length: ClosedRange<Int>) -> Bool {
    length.contains(utf8.count) && utf8.allSatisfy(\.isICECharacter)
  }
}

extension UInt8 {
  fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}
