public import Terminal

/// The page that shows a verdict: for each check what should hold, what was found, and what it means.
public struct VerdictPage {
  private let verdict: Verdict
  private let presentation: Presentation
  private var lines: [StyledText] = []

  /// The lines of a verdict.
  public static func lines(of verdict: Verdict, _ presentation: Presentation) -> [StyledText] {
    var page = VerdictPage(verdict: verdict, presentation: presentation)
    page.addOutcome()
    return page.lines
  }

  /// The explanation of the known mistake, if the verdict has one.
  public static func mistake(of verdict: Verdict, _ presentation: Presentation) -> [StyledText] {
    guard let sentence = verdict.mistake else { return [] }
    var page = VerdictPage(verdict: verdict, presentation: presentation)
    page.add(StyledText("What happened: ", .note, emphasis: .bold) + StyledText(sentence))
    return [""] + page.lines
  }

  private init(verdict: Verdict, presentation: Presentation) {
    self.verdict = verdict
    self.presentation = presentation
  }

  private mutating func addOutcome() {
    for (index, check) in verdict.checks.enumerated() { add(check, number: index + 1) }
    if !verdict.checks.isEmpty { lines.append("") }
    switch verdict.outcome {
    case .passed:
      addSummary(.success, "\(verdict.exercise): all \(verdict.checks.count) checks passed")
    case .failed:
      let failed = verdict.checks.count { $0.state != .passed }
      addSummary(
        .failure, "\(verdict.exercise): \(failed) of \(verdict.checks.count) checks failed")
    case .doesNotCompile:
      addMessages()
      addSummary(.failure, "\(verdict.exercise): \(verdict.answer) does not compile")
    case .doesNotFit:
      addMessages()
      addSummary(
        .failure,
        "\(verdict.exercise): the checks do not find what they call; keep the names and types of "
          + "the skeleton's declarations")
    case .crashed:
      addMessages()
      addSummary(.failure, "\(verdict.exercise): your code crashed\(duringCheck)")
    case .timedOut:
      addSummary(
        .failure,
        "\(verdict.exercise): stopped after \(Checker.timeLimit) s\(duringCheck); does a loop not end?"
      )
    case .printedTooMuch:
      addSummary(
        .failure, "\(verdict.exercise): stopped after your code had printed 1 MiB\(duringCheck)")
    case .exitedEarly:
      addSummary(
        .failure,
        "\(verdict.exercise): your code ended the program\(duringCheck); return a value instead")
    }
  }

  private var duringCheck: String {
    verdict.checks.first { $0.state == .unfinished }.map { " during '\($0.name)'" } ?? ""
  }

  private mutating func add(_ text: StyledText, indentation: String = "") {
    lines += presentation.prepared(text).wrapped(
      to: presentation.proseWidth, first: StyledText(indentation),
      continuation: StyledText(indentation))
  }

  private mutating func addSummary(_ role: TextRole, _ text: String) {
    let symbols = presentation.symbols
    let symbol = role == .success ? symbols.success : symbols.failure
    add(StyledText("\(symbol) ", role, emphasis: .bold) + StyledText(text, emphasis: .bold))
  }

  private mutating func add(_ check: CheckResult, number: Int) {
    let symbols = presentation.symbols
    let (symbol, role): (String, TextRole) =
      switch check.state {
      case .passed: (symbols.success, .success)
      case .failed: (symbols.failure, .failure)
      case .unfinished: (presentation.plain ? "unfinished" : symbols.failure, .failure)
      case .notRun: (presentation.plain ? "not run" : symbols.ellipsis, .muted)
      }
    lines += presentation.prepared(StyledText(check.name)).wrapped(
      to: presentation.proseWidth,
      first: StyledText("\(symbol) ", role) + StyledText("\(number). ", .label),
      continuation: StyledText(String(repeating: " ", count: symbol.displayWidth + 4)))
    // A few cases suffice; further cases of the same check add nothing.
    for failure in check.failures.prefix(3) { add(failure) }
    if check.failures.count > 3 {
      add(
        StyledText("and \(check.failures.count - 3) more like these", .muted), indentation: "     ")
    }
  }

  private mutating func add(_ failure: CheckResult.Failure) {
    let indentation = "     "
    if let arguments = failure.arguments {
      add(StyledText("with \(arguments)", .muted), indentation: indentation)
    }
    for comment in failure.comments { add(StyledText(comment), indentation: indentation) }
    guard let comparison = Comparison(failure.message) else {
      add(StyledText(failure.message, .code), indentation: indentation)
      return
    }
    add(StyledText(comparison.expression, .code), indentation: indentation)
    guard comparison.isEquality else {
      addRow("should not be  ", StyledText(comparison.actual, .code))
      return
    }
    let differing = comparison.differingPart
    addRow("should be      ", StyledText(comparison.expected, .code))
    addRow("but is         ", Self.marked(comparison.actual, differing))
    // Without styles, the differing part is marked by a line below it.
    if !presentation.colour, !presentation.emphasis, !differing.isEmpty,
      comparison.actual.count < presentation.proseWidth - Self.valueColumn
    {
      let start = comparison.actual.distance(
        from: comparison.actual.startIndex, to: differing.lowerBound)
      let length = comparison.actual[differing].count
      addRow(
        "               ",
        StyledText(String(repeating: " ", count: start) + String(repeating: "^", count: length)))
    }
  }

  /// The column of the values of a comparison.
  private static let valueColumn = 22

  private mutating func addRow(_ label: String, _ value: StyledText) {
    lines += presentation.prepared(value).wrapped(
      to: presentation.proseWidth,
      first: StyledText("       ") + StyledText(label, .label),
      continuation: StyledText(String(repeating: " ", count: Self.valueColumn)))
  }

  private static func marked(_ value: String, _ part: Range<String.Index>) -> StyledText {
    StyledText(String(value[..<part.lowerBound]), .code)
      + StyledText(String(value[part]), .highlight)
      + StyledText(String(value[part.upperBound...]), .code)
  }

  private mutating func addMessages() {
    for line in verdict.messages.split(separator: "\n", omittingEmptySubsequences: false) {
      lines += presentation.prepared(StyledText(String(line))).wrapped(to: presentation.width)
    }
  }
}

/// The parts of an expectation's message: `(expression → actual) == (expression → expected)`.
struct Comparison: Equatable {
  var expression: String
  var actual: String
  var expected: String
  /// Whether the values should be equal, and not different.
  var isEquality: Bool

  /// Parses a message; nil if it has a different form and must be shown unchanged.
  init?(_ message: String) {
    guard let middle = Self.middle(of: message) else { return nil }
    let (left, right) = (message[..<middle.lowerBound], message[middle.upperBound...])
    guard let actual = Self.value(of: left) else { return nil }
    isEquality = message[middle] == " == "
    expression = actual.expression
    self.actual = actual.value
    expected = Self.value(of: right)?.value ?? String(right)
  }

  /// The part of the actual value between the common prefix and suffix of both values; empty if they
  /// have nothing in common.
  var differingPart: Range<String.Index> {
    let prefix = zip(actual, expected).prefix { $0 == $1 }.count
    let suffix = zip(actual.dropFirst(prefix).reversed(), expected.dropFirst(prefix).reversed())
      .prefix { $0 == $1 }.count
    let start = actual.index(actual.startIndex, offsetBy: prefix)
    let end = actual.index(actual.endIndex, offsetBy: -suffix)
    return prefix + suffix == 0 ? start..<start : start..<end
  }

  /// The range of ` == ` or ` != ` outside all parentheses, brackets and quotes.
  private static func middle(of message: String) -> Range<String.Index>? {
    var depth = 0
    var isInString = false
    var index = message.startIndex
    while index < message.endIndex {
      switch message[index] {
      case "\"": isInString.toggle()
      case "(" where !isInString, "[" where !isInString: depth += 1
      case ")" where !isInString, "]" where !isInString: depth -= 1
      case " "
      where depth == 0 && !isInString
        && (message[index...].hasPrefix(" == ") || message[index...].hasPrefix(" != ")):
        return index..<message.index(index, offsetBy: 4)
      default: break
      }
      index = message.index(after: index)
    }
    return nil
  }

  private static func value(of side: Substring) -> (expression: String, value: String)? {
    guard side.hasPrefix("("), side.hasSuffix(")"), let arrow = side.firstRange(of: " → ") else {
      return nil
    }
    let inner = side.dropFirst().dropLast()
    return (String(inner[..<arrow.lowerBound]), String(inner[arrow.upperBound...]))
  }
}
