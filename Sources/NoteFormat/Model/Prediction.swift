/// What a learner is asked about an example's output before seeing it.
public struct Prediction: Hashable, Sendable {
  /// The question of the note; nil for the usual one of the form.
  public var question: String?
  /// The kind of answer that is asked for, with the right one.
  public var form: Form
  /// Why each choice is wrong, empty where nothing is said; there are none where nothing is said of any.
  public var reasons: [String]

  /// Creates a prediction.
  public init(question: String? = nil, form: Form, reasons: [String] = []) {
    self.question = question
    self.form = form
    self.reasons = reasons
  }

  /// The kinds of answer that a prediction can ask for.
  public enum Form: Hashable, Sendable {
    /// The whole output.
    case output
    /// A short text or number, which may be off by the tolerance.
    case answer(String, tolerance: Tolerance?)
    /// One of two to five choices; `correct` is counted from 1.
    case choice([String], correct: Int)
    /// Texts that are hidden in the output, numbered from 1 in this order.
    case blanks([String])
  }

  /// How far a predicted number may be off.
  public enum Tolerance: Hashable, Sendable {
    /// A part of the right number: 0.05 for 5 %.
    case part(Double)
    /// An amount in the unit of the right number.
    case amount(Double)
  }

  /// The question as it is asked.
  public var text: String {
    switch form {
    case .output, .answer, .choice: question ?? "What does it print?"
    case .blanks(let texts):
      question ?? (texts.count == 1 ? "What stands in the blank?" : "What stands in the blanks?")
    }
  }

  /// How near is near enough, such as `±10 %`; nil where it must be the answer itself.
  public var leeway: String? {
    guard case .answer(_, let tolerance?) = form else { return nil }
    func number(_ value: Double) -> String {
      value == value.rounded() ? "\(Int(value))" : "\((value * 100).rounded() / 100)"
    }
    return switch tolerance {
    case .part(let part): "±\(number(part * 100)) %"
    case .amount(let amount): "±\(number(amount))"
    }
  }

  /// Whether the whole output is asked for, which only a run can judge.
  public var isOfWholeOutput: Bool { form == .output }
}

extension Prediction {
  /// The mark in place of a hidden text: `____`, or `__2__` if there are several.
  public static func mark(ofBlank number: Int, of count: Int) -> String {
    count == 1 ? "____" : "__\(number)__"
  }

  /// The output with texts hidden wherever they stand by themselves; a text in `filled` is shown.
  ///
  /// - Parameter filled: the numbers of the texts that are shown, counted from 1.
  /// - Complexity: O(*n* · *m*) in the length of the output and the number of texts.
  public static func blanked(
    _ output: String, hiding texts: [String], filled: Set<Int> = []
  ) -> String {
    hide(texts, in: output) { number in
      filled.contains(number) ? nil : mark(ofBlank: number, of: texts.count)
    }.text
  }

  /// The one line of an output in which a text stands by itself; nil if it is in several, or in none.
  public static func line(of output: String, with text: String) -> String? {
    let lines = output.split(separator: "\n").filter { line in
      missing([text], in: String(line)).isEmpty
    }
    return lines.count == 1 ? String(lines[0]) : nil
  }

  /// The texts that stand nowhere in the output by themselves.
  static func missing(_ texts: [String], in output: String) -> [String] {
    let found = hide(texts, in: output) { _ in nil }.found
    return texts.indices.filter { !found.contains($0 + 1) }.map { texts[$0] }
  }

  private static func hide(
    _ texts: [String], in output: String, mark: (Int) -> String?
  ) -> (text: String, found: Set<Int>) {
    let output = Array(output)
    // The longest text is tried first, so that `5 s` is not hidden within `5 s more`.
    let candidates = texts.enumerated().map { (number: $0 + 1, text: Array($1)) }
      .filter { !$0.text.isEmpty }.sorted { $0.text.count > $1.text.count }
    var result = ""
    var found: Set<Int> = []
    var index = 0
    while index < output.count {
      if let hit = candidates.first(where: { stands($0.text, at: index, in: output) }) {
        found.insert(hit.number)
        result += mark(hit.number) ?? String(hit.text)
        index += hit.text.count
      } else {
        result.append(output[index])
        index += 1
      }
    }
    return (result, found)
  }

  /// Whether a text is at a place of the output and is no part of a longer word, number or address.
  private static func stands(_ text: [Character], at index: Int, in output: [Character]) -> Bool {
    let end = index + text.count
    guard end <= output.count, output[index..<end].elementsEqual(text) else { return false }
    func isWord(_ index: Int) -> Bool {
      output.indices.contains(index) && (output[index].isLetter || output[index].isNumber)
    }
    func continues(at neighbour: Int, by step: Int) -> Bool {
      isWord(neighbour)
        || output.indices.contains(neighbour) && output[neighbour] == "."
          && isWord(neighbour + step)
    }
    return !(isWord(index) && continues(at: index - 1, by: -1))
      && !(isWord(end - 1) && continues(at: end, by: 1))
  }
}
