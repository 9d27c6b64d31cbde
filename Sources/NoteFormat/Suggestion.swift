/// Suggestions for misspelled names.
public enum Suggestion {
  /// The candidate nearest to `word`; nil if none is near enough to be a misspelling.
  ///
  /// - Complexity: O(*n* · *m*) for each candidate, in the lengths of both words.
  public static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
    // A third of the letters may differ: 'prdict' is near 'predict', 'x' is near nothing.
    let limit = max(1, word.count / 3)
    guard word.count <= 100 else { return nil }
    var best: (distance: Int, candidate: String)?
    for candidate in candidates where abs(candidate.count - word.count) <= limit {
      let distance = distance(Array(word.lowercased()), Array(candidate.lowercased()))
      if distance <= limit, distance < best?.distance ?? .max { best = (distance, candidate) }
    }
    return best?.candidate
  }

  /// `; did you mean 'id'?`, or an empty string if no candidate is near.
  public static func phrase(for word: String, among candidates: some Sequence<String>) -> String {
    nearest(to: word, among: candidates).map { "; did you mean '\($0)'?" } ?? ""
  }

  /// The minimum number of letters to insert, delete, replace or swap with a neighbor.
  static func distance(_ left: [Character], _ right: [Character]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for i in left.indices {
      var row = [i + 1]
      for j in right.indices {
        var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (left[i] == right[j] ? 0 : 1))
        if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
          cost = min(cost, beforeLast[j - 1] + 1)
        }
        row.append(cost)
      }
      (beforeLast, last) = (last, row)
    }
    return last[right.count]
  }
}
