import SansIO
import Simulator
import Terminal

/// Two packets side by side, field by field; bytes that differ are marked.
///
///       packet 1 at alice   packet 1 at home
///     ≠ 0A*00 00 02*        C6*33*64*01*        IPv4 Source Address
///                                               10.0.0.2 → 198.51.100.1
///
/// The mark of a byte is an asterisk behind it, and that of a row `≠`, so that it shows without color.
struct Comparison: Hashable, Sendable {
  /// What stands above each packet.
  let titles: (left: String, right: String)
  let left: [UInt8]
  let right: [UInt8]
  private let pairs: [FieldPair]

  init(_ titles: (left: String, right: String), _ left: [UInt8], _ right: [UInt8]) {
    self.titles = titles
    self.left = left
    self.right = right
    pairs = FieldPair.pairs(PacketField.fields(of: left), PacketField.fields(of: right))
  }

  static func == (one: Comparison, other: Comparison) -> Bool {
    one.titles == other.titles && one.left == other.left && one.right == other.right
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(left)
    hasher.combine(right)
  }

  /// How many bytes differ, those that only one packet has included.
  var differenceCount: Int {
    pairs.reduce(0) { sum, pair in
      let (one, other) = bytes(of: pair)
      return sum + (0..<max(one.count, other.count)).count { differs($0, one, other) }
    }
  }

  /// Whether a pair's bytes differ.
  private func differs(_ pair: FieldPair) -> Bool {
    let (one, other) = bytes(of: pair)
    return one != other
  }

  private func differs(_ place: Int, _ one: ArraySlice<UInt8>, _ other: ArraySlice<UInt8>) -> Bool {
    guard place < one.count, place < other.count else { return true }
    return one[one.startIndex + place] != other[other.startIndex + place]
  }

  private func bytes(of pair: FieldPair) -> (left: ArraySlice<UInt8>, right: ArraySlice<UInt8>) {
    (left[pair.left?.bytes ?? 0..<0], right[pair.right?.bytes ?? 0..<0])
  }

  // MARK: - Lines

  private static let bytesInRow = 4
  private static let cell = 3 * bytesInRow + 1
  /// From here on names stand beside the bytes, and else above them.
  private static let widthForNames = 60

  /// The fields as lines, and the place of the first that differs.
  func lines(width: Int) -> (lines: [StyledText], firstDifference: Int?) {
    var lines: [StyledText] = []
    var firstDifference: Int?
    for pair in pairs {
      if differs(pair), firstDifference == nil { firstDifference = lines.count }
      lines += self.lines(of: pair, width)
    }
    return (lines, firstDifference)
  }

  /// What stands above the fields: the titles, and how much differs.
  func heads(width: Int) -> [StyledText] {
    let count = differenceCount
    let sum =
      count == 0
      ? "No byte differs." : count == 1 ? "One byte differs." : "\(count) bytes differ, marked *."
    return [
      StyledText("  \(titles.left)", .label).truncated(to: width),
      StyledText("  \(titles.right)", .label).truncated(to: width),
      StyledText("  " + sum, count == 0 ? .plain : .highlight).truncated(to: width),
    ]
  }

  private func lines(of pair: FieldPair, _ width: Int) -> [StyledText] {
    let (one, other) = bytes(of: pair)
    let isDifferent = one != other
    let hasRoom = width >= Self.widthForNames
    let room = max(1, width - (hasRoom ? 2 * Self.cell + 3 : 2))
    let notes = notes(on: pair).flatMap { $0.wrapped(to: room) }
    let rows = max(1, (max(one.count, other.count) + Self.bytesInRow - 1) / Self.bytesInRow)
    var lines = hasRoom ? [] : notes.map { "  " + $0 }
    for row in 0..<max(rows, hasRoom ? notes.count : 0) {
      var line = StyledText(isDifferent && row < rows ? "≠ " : "  ", .highlight)
      if row < rows {
        line += cells(row, one, other).padded(to: Self.cell)
        line += cells(row, other, one).padded(to: Self.cell + 1)
      } else {
        line += StyledText(String(repeating: " ", count: 2 * Self.cell + 1))
      }
      if hasRoom, row < notes.count { line += notes[row] }
      lines.append(line.truncated(to: width))
    }
    return lines
  }

  /// The field's name and, below it, what its bytes mean on either side.
  private func notes(on pair: FieldPair) -> [StyledText] {
    guard let field = pair.left ?? pair.right else { return [] }
    let name = StyledText("\(field.part) \(field.name)", .label)
    switch (pair.left?.meaning, pair.right?.meaning) {
    case (let left?, let right?) where left == right: return [name + ": \(left)"]
    case (let left?, let right?): return [name, "\(left) → \(right)"]
    case (let left?, nil): return [name + ", left only", "\(left)"]
    case (nil, let right?): return [name + ", right only", "\(right)"]
    case (nil, nil): return [name]
    }
  }

  private func cells(
    _ row: Int, _ bytes: ArraySlice<UInt8>, _ other: ArraySlice<UInt8>
  ) -> StyledText {
    var text = StyledText()
    let start = row * Self.bytesInRow
    for place in start..<max(start, min(start + Self.bytesInRow, bytes.count)) {
      let isDifferent = differs(place, bytes, other)
      let digits = bytes[bytes.startIndex + place].hexadecimal
      text.append(digits + (isDifferent ? "*" : " "), isDifferent ? .highlight : .muted)
    }
    return text
  }
}
