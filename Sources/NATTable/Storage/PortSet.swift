/// A set of ports that says which are missing: a bit a port, and a bit for each 64 that are all
/// there, so that a search among taken ports skips 4096 at a time.
struct PortSet: Sendable {
  /// 1024 words, made when first needed.
  private var words = Slab<UInt64>()
  /// For the even ports and then for the odd ones: a bit for each word that has them all.
  private var full = Slab<UInt64>()

  private static var even: UInt64 { 0x5555_5555_5555_5555 }

  /// How many ports of a range are there that begins and ends with whole words.
  ///
  /// - Complexity: O(range / 64).
  func count(in range: ClosedRange<UInt16>) -> Int {
    if words.count == 0 { return 0 }
    return (Int(range.lowerBound >> 6)...Int(range.upperBound >> 6)).reduce(0) {
      $0 + words[$1].nonzeroBitCount
    }
  }

  mutating func insert(_ port: UInt16) {
    if words.count == 0 {
      words.append(repeating: 0, count: 1024)
      full.append(repeating: 0, count: 32)
    }
    let word = Int(port >> 6)
    words[word] |= 1 << UInt64(port & 63)
    let others = Self.even << UInt64(port & 1)
    if words[word] & others == others { full[index(of: word, port & 1)] |= 1 << UInt64(word & 63) }
  }

  /// Removes a port that is there.
  mutating func remove(_ port: UInt16) {
    let word = Int(port >> 6)
    words[word] &= ~(1 << UInt64(port & 63))
    full[index(of: word, port & 1)] &= ~(1 << UInt64(word & 63))
  }

  private func index(of word: Int, _ parity: UInt16) -> Int {
    word >> 6 + Int(parity) << 4
  }

  /// The first port of a range that is missing, of one parity if given.
  ///
  /// - Complexity: O(range / 4096).
  func firstMissing(in range: ClosedRange<UInt16>, parity: UInt16?) -> UInt16? {
    if words.count == 0 { return firstOf(range, parity) }
    let wanted: UInt64 = parity.map { Self.even << UInt64($0 & 1) } ?? .max
    let last = Int(range.upperBound >> 6)
    var word = Int(range.lowerBound >> 6)
    while word <= last {
      let missing = wanted & missing(word, in: range)
      if missing != 0 { return UInt16(word << 6 + missing.trailingZeroBitCount) }
      word = nextNotFull(after: word, parity)
    }
    return nil
  }

  private func firstOf(_ range: ClosedRange<UInt16>, _ parity: UInt16?) -> UInt16? {
    guard let parity, range.lowerBound & 1 != parity & 1 else { return range.lowerBound }
    return range.count > 1 ? range.lowerBound + 1 : nil
  }

  /// The next word that may have a port to give; 1024 if there is none.
  private func nextNotFull(after word: Int, _ parity: UInt16?) -> Int {
    var next = word + 1
    while next < 1024 {
      let group = next >> 6
      let all =
        parity.map { full[group + Int($0 & 1) << 4] } ?? (full[group] & full[group + 16])
      let rest = ~all & .max << UInt64(next & 63)
      if rest != 0 { return group << 6 + rest.trailingZeroBitCount }
      next = (group + 1) << 6
    }
    return next
  }

  /// The first even port of a range that is missing together with the odd one behind it.
  ///
  /// - Complexity: O(range / 64).
  func firstMissingPair(in range: ClosedRange<UInt16>) -> UInt16? {
    for word in Int(range.lowerBound >> 6)...Int(range.upperBound >> 6) {
      let missing = missing(word, in: range)
      let pairs = missing & missing >> 1 & Self.even
      if pairs != 0 { return UInt16(word << 6 + pairs.trailingZeroBitCount) }
    }
    return nil
  }

  /// The missing ports among 64, those within the range, as bits.
  private func missing(_ word: Int, in range: ClosedRange<UInt16>) -> UInt64 {
    var missing = ~(words.count == 0 ? 0 : words[word])
    if word == Int(range.lowerBound >> 6) { missing &= .max << UInt64(range.lowerBound & 63) }
    if word == Int(range.upperBound >> 6) { missing &= .max >> UInt64(63 - range.upperBound & 63) }
    return missing
  }

  /// Gives this copy memory of its own, see ``Slab``.
  mutating func makeUnique() {
    words.makeUnique()
    full.makeUnique()
  }
}
