/// A field in two packets, or in one of them.
struct FieldPair: Hashable, Sendable {
  let left: PacketField?
  let right: PacketField?

  /// The fields of two packets, those of the same name beside each other.
  ///
  /// - Complexity: O(*n* ⋅ *m*) in their numbers, and O(*n*) where the names are the same.
  static func pairs(_ left: [PacketField], _ right: [PacketField]) -> [FieldPair] {
    var pairs: [FieldPair] = []
    var (left, right) = (left[...], right[...])
    while let first = left.first, let second = right.first {
      if first.isNamed(like: second) {
        pairs.append(FieldPair(left: left.removeFirst(), right: right.removeFirst()))
      } else if right.contains(where: first.isNamed) {
        pairs.append(FieldPair(left: nil, right: right.removeFirst()))
      } else {
        pairs.append(FieldPair(left: left.removeFirst(), right: nil))
      }
    }
    return pairs + left.map { FieldPair(left: $0, right: nil) }
      + right.map { FieldPair(left: nil, right: $0) }
  }
}

extension PacketField {
  /// Whether it is the same field of the same header.
  fileprivate func isNamed(like other: PacketField) -> Bool {
    part == other.part && name == other.name
  }
}
