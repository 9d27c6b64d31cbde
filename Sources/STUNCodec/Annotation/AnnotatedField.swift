/// A field of a message: its bytes, its name in the RFC, and its meaning.
public struct AnnotatedField: Hashable, Sendable {
  /// The offsets of the bytes; empty for a field that is missing there.
  public let byteRange: Range<Int>
  /// The bits of the bytes that belong to the field, as `..00 000. 000. 0001`; nil when all do.
  public let bits: String?
  /// 0 for a field of the header and for an attribute, 1 for a part of them.
  public let depth: Int
  /// The RFC's name for it.
  public let name: String
  /// What the bytes mean, for people.
  public let meaning: String
  /// Whether the field is malformed; `meaning` then says how.
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
  /// `0..<2 Message Type: Binding request`, with the bits before the name where there are any.
  public var description: String {
    String(repeating: "  ", count: depth) + "\(byteRange) "
      + (bits.map { "\($0) " } ?? "") + "\(name): \(meaning)" + (isProblem ? " (!)" : "")
  }
}
