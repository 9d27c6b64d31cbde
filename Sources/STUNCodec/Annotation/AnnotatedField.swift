/// A field of a message: its bytes, its name in the RFC, and its meaning.
public struct AnnotatedField: Hashable, Sendable {
  /// The offsets of the bytes; empty for a field that is missing there.
  public let byteRange: Range<Int>
  /// Which bits of the bytes belong to the field.
  private let part: Part?
  /// 0 for a field of the header and for an attribute, 1 for a part of them.
  public let depth: Int
  /// The RFC's name for it.
  public let name: String
  /// What the bytes mean, for people.
  public let meaning: String
  /// Whether the field is malformed; `meaning` then says how.
  public let isProblem: Bool

  /// A part of the bytes: some bits of two bytes, or what a word says.
  enum Part: Hashable, Sendable {
    case bits(mask: UInt16, of: UInt16)
    case named(String)
  }

  init(
    _ byteRange: Range<Int>, part: Part? = nil, depth: Int = 0, _ name: String,
    _ meaning: String, isProblem: Bool = false
  ) {
    self.byteRange = byteRange
    self.part = part
    self.depth = depth
    self.name = name
    self.meaning = meaning
    self.isProblem = isProblem
  }

  /// Whether the field has the bytes to itself; `bits` is nil then.
  public var hasWholeBytes: Bool { part == nil }

  /// The bits of the bytes that belong to the field, as `..00 000. 000. 0001`; nil when all do.
  public var bits: String? {
    switch part {
    case nil: return nil
    case .named(let name): return name
    case .bits(let mask, let value):
      var text = ""
      for bit in (0..<16).reversed() {
        text += mask >> bit & 1 == 0 ? "." : value >> bit & 1 == 0 ? "0" : "1"
        if bit % 4 == 0, bit > 0 { text += " " }
      }
      return text
    }
  }
}

extension AnnotatedField: CustomStringConvertible {
  /// `0..<2 Message Type: Binding request`, with the bits before the name where there are any.
  public var description: String {
    String(repeating: "  ", count: depth) + "\(byteRange) "
      + (bits.map { "\($0) " } ?? "") + "\(name): \(meaning)" + (isProblem ? " (!)" : "")
  }
}
