/// The difference between an expected and an actual text, line by line.
public struct Difference: Sendable {
  /// One line of the comparison.
  public enum Line: Hashable, Sendable {
    case same(String)
    case missing(String)
    case unexpected(String)
  }

  /// The lines of both texts in order.
  public let comparison: [Line]

  /// The maximum size of the table for the longest common subsequence, in entries of four bytes.
  private static let tableLimit = 1_000_000

  /// Compares two texts by lines; a final line feed does not start another line.
  ///
  /// Texts that are too long and too different to compare are listed one after the other.
  /// - Complexity: O(n·m) in the lines that differ, bounded by a million steps.
  public init(expected: String, actual: String) {
    self.init(expected: Self.lines(expected), actual: Self.lines(actual))
  }

  /// Compares two lists of lines.
  public init(expected: [String], actual: [String]) {
    var lower = 0
    while lower < min(expected.count, actual.count), expected[lower] == actual[lower] { lower += 1 }
    var same = 0
    while same < min(expected.count, actual.count) - lower,
      expected[expected.count - 1 - same] == actual[actual.count - 1 - same]
    { same += 1 }
    let middle = Self.compare(
      expected[lower..<(expected.count - same)], actual[lower..<(actual.count - same)])
    comparison =
      expected[..<lower].map { .same($0) } + middle + expected.suffix(same).map { .same($0) }
  }

  /// Whether the texts are equal.
  public var isEmpty: Bool {
    comparison.allSatisfy { if case .same = $0 { true } else { false } }
  }

  private static func lines(_ text: String) -> [String] {
    var lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    if lines.last == "" { lines.removeLast() }
    return lines.map { String($0) }
  }

  /// Compares by the longest common subsequence.
  private static func compare(_ old: ArraySlice<String>, _ new: ArraySlice<String>) -> [Line] {
    let (old, new) = (Array(old), Array(new))
    guard (old.count + 1).multipliedReportingOverflow(by: new.count + 1).overflow == false,
      (old.count + 1) * (new.count + 1) <= tableLimit
    else { return old.map { .missing($0) } + new.map { .unexpected($0) } }
    let stride = new.count + 1
    var common = [Int32](repeating: 0, count: (old.count + 1) * stride)
    for i in old.indices.reversed() {
      for j in new.indices.reversed() {
        common[i * stride + j] =
          old[i] == new[j]
          ? common[(i + 1) * stride + j + 1] + 1
          : max(common[(i + 1) * stride + j], common[i * stride + j + 1])
      }
    }
    var lines: [Line] = []
    var (i, j) = (0, 0)
    while i < old.count || j < new.count {
      if i < old.count, j < new.count, old[i] == new[j] {
        lines.append(.same(old[i]))
        i += 1
        j += 1
      } else if j == new.count
        || (i < old.count && common[(i + 1) * stride + j] >= common[i * stride + j + 1])
      {
        lines.append(.missing(old[i]))
        i += 1
      } else {
        lines.append(.unexpected(new[j]))
        j += 1
      }
    }
    return lines
  }
}
