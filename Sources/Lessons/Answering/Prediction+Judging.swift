public import NoteFormat
public import ProgramSupport

extension Prediction {
  /// The right prediction as the learner would type it; empty for the whole output.
  public var key: String {
    switch form {
    case .output: ""
    case .answer(let answer, _): answer
    case .choice(let choices, let correct):
      choices.indices.contains(correct - 1) ? choices[correct - 1] : ""
    case .blanks(let texts): texts.joined(separator: " | ")
    }
  }

  /// Whether what was typed is right; a choice is its number or its text, blanks have bars between.
  ///
  /// The whole output is judged by `PredictionPage` after a run, and never here.
  /// - Throws: `WorkbookError.usage` for a choice that does not exist, or too many or too few texts. A
  ///   wrong prediction is not an error.
  public func isMet(by text: String) throws(WorkbookError) -> Bool {
    switch form {
    case .output: return false
    case .answer(let key, let tolerance):
      return LenientAnswer.matches(text, key, tolerance: tolerance)
    case .choice(let choices, let correct):
      guard let choice = Self.choice(text, among: choices) else {
        throw .usage("'\(text)' is no choice; answer with a number from 1 to \(choices.count)")
      }
      return choice == correct
    case .blanks(let texts):
      let parts = Self.parts(of: text)
      guard parts.count == texts.count else {
        throw .usage(
          texts.count == 1
            ? "there is one blank; fill in one text"
            : "there are \(texts.count) blanks; fill in as many texts, with | between them")
      }
      return rightBlanks(in: text).count == texts.count
    }
  }

  /// The numbers of the blanks that a text with bars between its parts fills in rightly.
  public func rightBlanks(in text: String) -> Set<Int> {
    guard case .blanks(let texts) = form else { return [] }
    return Set(
      zip(Self.parts(of: text), texts).enumerated()
        .filter { LenientAnswer.matches($0.element.0, $0.element.1, tolerance: nil) }
        .map { $0.offset + 1 })
  }

  /// The text of a wrong choice, and why it is wrong; nil for the right one, and where nothing is said.
  ///
  /// - Parameter prediction: the choice's number or its text.
  public func reason(against prediction: String) -> (choice: String, text: String)? {
    guard case .choice(let choices, let correct) = form,
      let choice = Self.choice(prediction, among: choices), choice != correct,
      reasons.indices.contains(choice - 1), !reasons[choice - 1].isEmpty
    else { return nil }
    return (choices[choice - 1], reasons[choice - 1])
  }

  /// The line of an output in which the right answer stands, where only one has it.
  ///
  /// A short answer, such as the number of something, may be in a line by chance.
  public func tellingLine(of output: String) -> String? {
    key.count < Self.shortestTelling ? nil : Self.line(of: output, with: key)
  }

  private static let shortestTelling = 4

  /// Whether two texts are the same prediction, however they are written.
  public func isSame(_ first: String, _ second: String) -> Bool {
    switch form {
    case .choice(let choices, _):
      Self.choice(first, among: choices) == Self.choice(second, among: choices)
    case .output, .answer, .blanks: TypedAnswer(first) == TypedAnswer(second)
    }
  }

  /// The number of a choice by its text or its number; nil if there is none.
  private static func choice(_ text: String, among choices: [String]) -> Int? {
    if let index = choices.firstIndex(where: { TypedAnswer($0) == TypedAnswer(text) }) {
      return index + 1
    }
    return Question.choice(text).flatMap { choices.indices.contains($0 - 1) ? $0 : nil }
  }

  private static func parts(of text: String) -> [String] {
    text.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
  }
}

/// The comparison of a short predicted answer with the right one.
enum LenientAnswer {
  /// Whether a text means the same as the key, or is a number within the tolerance.
  static func matches(_ text: String, _ key: String, tolerance: Prediction.Tolerance?) -> Bool {
    guard text.contains(where: { !$0.isWhitespace }) else { return false }
    if TypedAnswer(text).answers(TypedAnswer(key)) || list(text) == list(key) { return true }
    guard let number = Quantity(text), let expected = Quantity(key) else { return false }
    return number.isNear(expected, tolerance)
  }

  /// The words of a list, without brackets and commas.
  private static func list(_ text: String) -> [String] {
    text.lowercased().split { $0.isWhitespace || "[](),;\"'".contains($0) }.map(String.init)
  }
}

/// A decimal number with a unit behind it, such as `39.5 s` or `about two`.
struct Quantity: Hashable {
  private var value: Double
  private var unit: String

  private static let words = [
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
  ]
  private static let sizes = ["ms": 0.001, "s": 1, "min": 60, "h": 3600]

  /// Parses a quantity; nil if the text does not begin with a number.
  init?(_ text: String) {
    var text = text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")[...]
    for prefix in ["about ", "~", "≈", "+"] where text.hasPrefix(prefix) {
      text = text.dropFirst(prefix.count)
    }
    text = text.drop { $0 == " " }
    if text == "none" || text == "zero" { text = "0" }
    let word = text.prefix { $0.isLetter }
    if let number = Self.words.firstIndex(of: String(word)) {
      text = "\(number)" + text[word.endIndex...]
    }
    let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == "." || $0 == "-") }
    guard let value = Double(digits.hasSuffix(".") ? digits.dropLast() : digits) else { return nil }
    var unit = text[digits.endIndex...].drop { $0 == " " }
    while let last = unit.last, ".!".contains(last) { unit = unit.dropLast() }
    guard unit.allSatisfy({ $0.isLetter || $0 == "%" || $0 == " " }) else { return nil }
    self.value = value
    self.unit = TypedAnswer.unitNames[String(unit)] ?? String(unit)
  }

  /// Whether a number is the expected one; a missing unit is that of the other.
  func isNear(_ expected: Quantity, _ tolerance: Prediction.Tolerance?) -> Bool {
    var value = value
    if !unit.isEmpty, !expected.unit.isEmpty, unit != expected.unit {
      guard let size = Self.sizes[unit], let other = Self.sizes[expected.unit] else { return false }
      value *= size / other
    }
    // Decimal fractions are not exact in binary, so a number at the limit counts.
    let slack = 1e-9 * max(1, abs(expected.value))
    let limit =
      switch tolerance {
      case nil: 0.0
      case .part(let part): part * abs(expected.value)
      case .amount(let amount): amount
      }
    return abs(value - expected.value) <= limit + slack
  }
}
