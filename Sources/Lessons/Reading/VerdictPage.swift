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
    let first = verdict.firstFailureIndex
    for (index, check) in verdict.checks.enumerated() {
      add(check, number: index + 1)
      if index == first { addDetails(of: check) }
    }
    if !verdict.checks.isEmpty { lines.append("") }
    switch verdict.outcome {
    case .passed:
      addSummary(.success, "\(verdict.exercise): all \(verdict.checks.count) checks passed")
    case .failed:
      let failed = verdict.checks.count { $0.state != .passed }
      addSummary(
        .failure,
        "\(verdict.exercise): \(failed) of \(verdict.checks.count) checks failed"
          + (failed > 1 ? "; the first one is explained" : ""))
    case .doesNotCompile:
      addCompilerMessages()
      lines.append("")
      addSummary(.failure, "\(verdict.exercise): \(verdict.answer) does not compile")
    case .doesNotFit:
      addMissingDeclaration()
      lines.append("")
      addSummary(
        .failure,
        "\(verdict.exercise): the checks do not find what they call; keep the names and types of "
          + "the skeleton's declarations")
    case .crashed: addSummary(.failure, "\(verdict.exercise): your code crashed\(duringCheck)")
    case .outOfMemory:
      addSummary(
        .failure,
        "\(verdict.exercise): stopped when your code wanted more than 1 GiB of memory"
          + "\(duringCheck); does something grow without end?")
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
    verdict.checks.firstIndex { $0.state == .unfinished }.map { " in check \($0 + 1)" } ?? ""
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
  }

  /// Adds the first failure of a check, which is the one to work on, and the number of others.
  private mutating func addDetails(of check: CheckResult) {
    if let failure = check.failures.first { add(failure) }
    if check.state == .unfinished, let crash = verdict.crash { add(crash) }
    let others = check.failures.count - 1
    guard others > 0 else { return }
    add(
      StyledText("and \(others) more of this check", .muted), indentation: Self.detailIndentation)
  }

  private static let detailIndentation = "     "

  private mutating func add(_ crash: Crash) {
    if !crash.reason.isEmpty {
      add(StyledText(crash.reason, .failure), indentation: Self.detailIndentation)
    }
    if let line = crash.line {
      addRow("in line        ", StyledText("\(line)   \(crash.code ?? "")", .code))
    }
    if let function = crash.function, !crash.arguments.isEmpty {
      addRow("called         ", StyledText(function, .code))
      for argument in crash.arguments {
        addRow("with           ", StyledText("\(argument.name): \(argument.value)", .code))
      }
    }
  }

  private mutating func add(_ failure: CheckResult.Failure) {
    let indentation = Self.detailIndentation
    if let arguments = failure.arguments {
      add(StyledText("with \(arguments)", .muted), indentation: indentation)
    }
    for comment in failure.comments { add(StyledText(comment), indentation: indentation) }
    guard let comparison = Comparison(failure.message) else {
      addLimited(
        StyledText(failure.message, .code), first: StyledText(indentation),
        continuation: StyledText(indentation))
      return
    }
    // A call that is written over several lines is shown as one.
    let expression = comparison.expression.split { $0.isWhitespace }.joined(separator: " ")
      .replacing("( ", with: "(")
    addLimited(
      StyledText(expression, .code), first: StyledText(indentation),
      continuation: StyledText(indentation))
    guard comparison.isEquality else {
      addRow("should not be  ", StyledText(comparison.actual, .code))
      return
    }
    let room = presentation.proseWidth - Self.valueColumn
    let isLong = max(comparison.actual.count, comparison.expected.count) > room
    if isLong, let table = ListComparison(comparison) {
      let rows = table.lines(presentation, indentation: "       ")
      if !rows.isEmpty {
        lines += rows
        return
      }
    }
    let shown = isLong ? comparison.excerpt(room * 2) : comparison
    let differing = shown.differingPart
    addRow("should be      ", StyledText(shown.expected, .code))
    addRow("but is         ", Self.marked(shown.actual, differing))
    // Without styles, the differing part is marked by a line below it; words need no mark.
    if !presentation.colour, !presentation.emphasis, shown.actual.contains(where: \.isNumber),
      !differing.isEmpty, shown.actual.count < room
    {
      let start = shown.actual.distance(from: shown.actual.startIndex, to: differing.lowerBound)
      let length = shown.actual[differing].count
      addRow(
        "               ",
        StyledText(String(repeating: " ", count: start) + String(repeating: "^", count: length)))
    }
  }

  /// The column of the values of a comparison.
  private static let valueColumn = 22

  private mutating func addRow(_ label: String, _ value: StyledText) {
    addLimited(
      value, first: StyledText("       ") + StyledText(label, .label),
      continuation: StyledText(String(repeating: " ", count: Self.valueColumn)))
  }

  /// The most lines that one value takes.
  private static let mostValueLines = 3

  /// Adds a value; a long one is cut off.
  private mutating func addLimited(
    _ value: StyledText, first: StyledText, continuation: StyledText
  ) {
    let wrapped = presentation.prepared(value).wrapped(
      to: presentation.proseWidth, first: first, continuation: continuation)
    lines += wrapped.prefix(Self.mostValueLines)
    if wrapped.count > Self.mostValueLines {
      let mark = StyledText(" \(presentation.symbols.ellipsis)", .muted)
      let last = lines.removeLast()
      lines.append(last.truncated(to: presentation.proseWidth - mark.displayWidth) + mark)
    }
  }

  private static func marked(_ value: String, _ part: Range<String.Index>) -> StyledText {
    StyledText(String(value[..<part.lowerBound]), .code)
      + StyledText(String(value[part]), .highlight)
      + StyledText(String(value[part.upperBound...]), .code)
  }

  /// The most lines of the compiler's messages.
  private static let mostMessageLines = 14

  /// Adds the first error, and the number of others.
  private mutating func addCompilerMessages() {
    let messages = CompilerMessages(verdict.messages)
    for line in messages.first.prefix(Self.mostMessageLines) {
      lines += presentation.prepared(StyledText(line)).wrapped(to: presentation.width).prefix(2)
    }
    if messages.otherErrors > 0 {
      let plural = messages.otherErrors == 1 ? "" : "s"
      add(StyledText("and \(messages.otherErrors) more error\(plural)", .muted))
    }
  }

  /// Adds what the answer should declare, or the compiler's messages where that says nothing.
  private mutating func addMissingDeclaration() {
    guard let missing = verdict.missing else {
      addCompilerMessages()
      return
    }
    add(StyledText("The checks call:", .label))
    add(StyledText(missing.expected, .code), indentation: "  ")
    guard let found = missing.found else {
      add(StyledText("Your answer has no function of this name.", .label))
      return
    }
    add(StyledText("Your answer has:", .label))
    add(StyledText(found, .code), indentation: "  ")
  }
}
