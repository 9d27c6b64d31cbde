/// A few bytes of a message, what the RFC calls them, and what they say.
public struct AnnotatedField: Hashable, Sendable {
  /// Where the bytes stand; empty for something that is missing there.
  public let byteRange: Range<Int>
  /// Which bits of them are meant, as `..00 000. 000. 0001`; nil when it is all of them.
  public let bits: String?
  /// 0 for a field of the header or an attribute's head, 1 for a part of it.
  public let depth: Int
  /// The RFC's name for it.
  public let name: String
  /// What the bytes say, for people.
  public let meaning: String
  /// Whether the field is not as it should be; `meaning` then says how.
  public let isProblem: Bool

  init(
    _ byteRange: Range<Int>, bits: String? = nil, depth: Int = 0, _ name: String,
    _ meaning: String, isProblem: Bool = false
  ) {
    self.byteRange = byteRange
    self.bits = bits
    self.depth = depth
    self.name = name
    self.meaning = meaning
    self.isProblem = isProblem
  }
}

extension AnnotatedField: CustomStringConvertible {
  /// `0..<2 Message Type: Binding request`, the bits in between where only some are meant.
  public var description: String {
    String(repeating: "  ", count: depth) + "\(byteRange) "
      + (bits.map { "\($0) " } ?? "") + "\(name): \(meaning)" + (isProblem ? " (!)" : "")
  }
}
