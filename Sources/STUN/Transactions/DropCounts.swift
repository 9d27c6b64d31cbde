/// How many messages were dropped, by reason.
public struct DropCounts<Reason: Hashable & Sendable>: Hashable, Sendable {
  private var counts: [Reason: Int] = [:]

  /// No drops yet.
  public init() {}

  /// The number of messages dropped for this reason.
  public subscript(reason: Reason) -> Int { counts[reason] ?? 0 }

  /// The number of messages dropped for any reason.
  ///
  /// - Complexity: O(*n*) in the number of reasons.
  public var total: Int { counts.values.reduce(0, +) }

  /// The counts, for those who list them; reasons that never came are not among them.
  public var byReason: [Reason: Int] { counts }

  /// Counts a message; for the state machines of other protocols, too.
  package mutating func count(_ reason: Reason) {
    counts[reason, default: 0] += 1
  }
}

extension DropCounts: ExpressibleByDictionaryLiteral {
  /// The counts of these reasons; a reason that is named twice has the sum.
  public init(dictionaryLiteral elements: (Reason, Int)...) {
    counts = Dictionary(elements.filter { $0.1 != 0 }, uniquingKeysWith: +)
  }
}

extension DropCounts: CustomStringConvertible {
  /// `notSTUN: 2, wrongFingerprint: 1`, or `none`.
  public var description: String {
    let lines = counts.map { "\($0.key): \($0.value)" }.sorted()
    return lines.isEmpty ? "none" : lines.joined(separator: ", ")
  }
}
