extension IPv6Address {
  /// The canonical text of RFC 5952: lower case, no leading zeros, the longest run of zeros as `::`.
  ///
  /// After the well-known prefixes `::ffff:0:0/96` and `64:ff9b::/96` the last 32 bits are written as
  /// an IPv4 address (RFC 5952 §5, RFC 6052 §2.4).
  public var description: String {
    let endsInIPv4 = isIn(.mappedPrefix, 96) || isIn(.nat64Prefix, 96)
    let count = endsInIPv4 ? 6 : 8
    let gap = longestZeroRun(ofFirst: count)
    var text = ""
    text.reserveCapacity(39)
    var index = 0
    while index < count {
      if let gap, index == gap.lowerBound {
        text += "::"
        index = gap.upperBound
        continue
      }
      if !text.isEmpty, text.utf8.last != .colon { text += ":" }
      text += String(self[group: index], radix: 16)
      index += 1
    }
    guard endsInIPv4 else { return text }
    if text.utf8.last != .colon { text += ":" }
    return text + IPv4Address(rawValue: UInt32(truncatingIfNeeded: low)).description
  }

  /// The longest run of at least two zero groups; of equal runs the first (RFC 5952 §4.2).
  private func longestZeroRun(ofFirst count: Int) -> Range<Int>? {
    var best = 0..<1
    var start = 0
    for index in 0..<count {
      if self[group: index] != 0 {
        start = index + 1
      } else if index + 1 - start > best.count {
        best = start..<index + 1
      }
    }
    return best.count > 1 ? best : nil
  }

  /// Parses any form of RFC 4291 §2.2, without brackets and without a zone.
  public init(parsing text: some StringProtocol) throws(AddressParseError) {
    var cursor = AddressCursor(text)
    if cursor.isAtEnd { throw cursor.error(.empty) }
    self = try IPv6Address(reading: &cursor)
    try cursor.expectEnd()
  }

  /// Reads groups and leaves the cursor at the end or at a byte that is part of no group, such as `]`.
  init(reading cursor: inout AddressCursor) throws(AddressParseError) {
    var groups = SIMD8<UInt16>()
    var count = 0
    var gap: Int?  // how many groups stand before "::"

    func append(_ group: UInt16, at offset: Int) throws(AddressParseError) {
      // "::" stands for one or more groups, so at most seven surround it (RFC 4291 §2.2).
      if count == (gap == nil ? 8 : 7) { throw cursor.error(.tooManyGroups, at: offset) }
      groups[count] = group
      count += 1
    }

    if cursor.next == .colon {
      cursor.skip()
      guard cursor.skip(.colon) else {
        throw cursor.error(.expectedHexDigit, at: cursor.offset - 1)
      }
      gap = 0
    }
    if gap == nil || !cursor.endsAddress {
      while true {
        let start = cursor.offset
        if cursor.startsDottedQuad {
          let quad = try IPv4Address(reading: &cursor).rawValue
          try append(UInt16(truncatingIfNeeded: quad >> 16), at: start)
          try append(UInt16(truncatingIfNeeded: quad), at: start)
          break
        }
        try append(IPv6Address.group(reading: &cursor), at: start)
        let separator = cursor.offset
        guard cursor.skip(.colon) else { break }
        guard cursor.skip(.colon) else { continue }
        if gap != nil { throw cursor.error(.secondDoubleColon, at: separator) }
        if count == 8 { throw cursor.error(.tooManyGroups, at: separator) }
        gap = count
        if cursor.endsAddress { break }
      }
    }

    if let gap {
      // The groups after "::" move to the right end.
      for index in 0..<(count - gap) where count < 8 {
        groups[7 - index] = groups[count - 1 - index]
        groups[count - 1 - index] = 0
      }
    } else if count < 8 {
      throw cursor.error(cursor.isAtEnd ? .tooFewGroups : .expectedColon)
    }
    self.init(high: 0, low: 0)
    for index in 0..<4 {
      high = high << 16 | UInt64(groups[index])
      low = low << 16 | UInt64(groups[4 + index])
    }
  }

  private static func group(
    reading cursor: inout AddressCursor
  ) throws(AddressParseError) -> UInt16 {
    guard let first = cursor.next?.hexDigit else { throw cursor.error(.expectedHexDigit) }
    cursor.skip()
    var value = UInt16(first)
    var digits = 1
    while let digit = cursor.next?.hexDigit {
      if digits == 4 { throw cursor.error(.groupTooLong) }
      value = value << 4 | UInt16(digit)
      digits += 1
      cursor.skip()
    }
    return value
  }
}

extension AddressCursor {
  /// Whether the address ends here: at the end of the text, a bracket or a zone.
  fileprivate var endsAddress: Bool {
    next == nil || next == .closeBracket || next == .percent
  }
}
