import Lessons
import NoteFormat
import ProgramSupport
public import Terminal

extension Reader {
  /// Handles a key press and returns the actions to perform.
  public mutating func pressed(_ key: TerminalKey) -> [Action] {
    (message, leftOpen) = (nil, nil)
    if key == .endOfInput { return [.quit] }
    switch panel {
    case .page where isOutsideReview(key):
      message = "This is a review: n goes on, q ends it, and the reader has all the rest."
      return []
    case .page: return pressedOnPage(key)
    case .help(let top):
      panel = scrolledHelp(key, from: top)
      // Who asks for help with a word has come to the help first.
      if key == .character("d"), review == nil { showWords() }
      return []
    case .welcome(let top): return pressedOnWelcome(key, from: top)
    case .end(var end):
      if key == .character("q") { return [.quit] }
      let outcome = end.pressed(key)
      panel = .end(end)
      return follow(outcome)
    case .contents(var contents):
      let outcome = contents.pressed(key)
      panel = .contents(contents)
      return follow(outcome)
    case .list(var list):
      let outcome = list.pressed(key, course: course)
      panel = .list(list)
      return follow(outcome)
    case .search(var search):
      let outcome = search.pressed(key, course: course)
      panel = .search(search)
      return follow(outcome)
    case .words(var words):
      let outcome = words.pressed(key, course: course)
      panel = .words(words)
      return follow(outcome)
    case .input(var input, let purpose):
      switch input.pressed(key) {
      case .editing:
        panel = .input(input, for: purpose)
        return []
      case .cancelled:
        panel = .page
        return []
      case .done:
        panel = .page
        return typed(input.text, for: purpose)
      }
    }
  }

  /// The result of a key press in a list.
  enum Choice: Hashable {
    case stay, close
    /// To what comes after the end of a note.
    case goOn
    case go(note: String, step: String?, found: Found?)
  }

  /// What a search has found: its words, and the line that was chosen.
  struct Found: Hashable {
    var words: String
    var line: String
  }

  private func scrolledHelp(_ key: TerminalKey, from top: Int) -> Panel {
    scrolled(key, from: top, lines: helpLines.count).map { .help($0) } ?? .page
  }

  /// The first line on the screen after a key; nil if it closes what is shown.
  private func scrolled(_ key: TerminalKey, from top: Int, lines: Int) -> Int? {
    let most = max(0, lines - bodyHeight)
    switch key {
    case .down, .character("j"): return min(most, top + 1)
    case .up, .character("k"): return max(0, top - 1)
    case .pageDown, .character(" "): return top >= most ? nil : min(most, top + bodyHeight)
    case .pageUp, .character("b"): return max(0, top - bodyHeight)
    case .resized: return min(most, top)
    default: return nil
    }
  }

  private mutating func pressedOnWelcome(_ key: TerminalKey, from top: Int) -> [Action] {
    if key == .character("q") { return [.quit] }
    let lines = Welcome.lines(for: course, presentation).count
    panel = scrolled(key, from: top, lines: lines).map { .welcome($0) } ?? .page
    // These keys are named on it, and do what they do on a page.
    return [.character("?"), .character("l"), .character("o")].contains(key)
      ? pressedOnPage(key) : []
  }

  private mutating func follow(_ choice: Choice) -> [Action] {
    switch choice {
    case .stay: return []
    case .close:
      panel = .page
      return []
    case .goOn: return goOn()
    case .go(let note, let step, let found):
      panel = .page
      let here = place
      let left = leftForElsewhere()
      go(to: note, step: step)
      remember(here)
      let actions = left + arrived()
      if let found { show(found.words, line: found.line) }
      return actions
    }
  }

  private mutating func pressedOnPage(_ key: TerminalKey) -> [Action] {
    switch key {
    case .character("q"): return [.quit]
    case .character("n"), .right: return next()
    case .character("p"), .left: return previous()
    case .character(" "), .pageDown: return pageDown()
    case .character("b"), .pageUp: scroll(by: -(bodyHeight - 2))
    case .down, .character("j"): scroll(by: 1)
    case .up, .character("k"): scroll(by: -1)
    case .home, .character("g"): scroll(by: -scroll)
    case .end, .character("G"): scroll(by: page.lines.count)
    case .tab: moveFocus(by: 1)
    case .backTab: moveFocus(by: -1)
    case .character("l"):
      panel = .list(NoteList(course: course, read: read, state: state, current: noteIndex))
    case .character("/"): panel = .search(SearchPanel())
    case .character("d"): showWords()
    case .character("o"):
      panel = .contents(Contents(note: note, read: read, state: state, current: stepIndex))
    case .backspace: return back()
    case .escape: searched = nil
    case .character("y"): return copy()
    case .character("x"): return resetPlay()
    case .character("?"): panel = .help(0)
    case .character("i"): introduce()
    case .character("t"): return stepThrough()
    case .enter:
      if let link = focusedLink { return follow(link) }
      return run()
    case .character("r"): return run()
    case .character("e"): return edit()
    case .character("c"): return check()
    case .character("h"): return hint()
    case .character("s"): return solution()
    case .character("a"): return beginAnswer()
    case .character(let digit) where digit.isASCII && digit.isNumber:
      return choose(digit.wholeNumberValue ?? 0)
    case .control("l"), .resized: break
    default: message = "That key does nothing here; ? lists the keys."
    }
    return []
  }

  // MARK: Moving

  private mutating func pageDown() -> [Action] {
    let before = scroll
    scroll(by: bodyHeight - 2)
    return scroll == before ? next() : []
  }

  mutating func scroll(by lines: Int) {
    scroll += lines
    clampScroll()
    // If the focused item has left the screen, the first visible item gets the focus.
    let items = page.items
    let visible = scroll..<(scroll + bodyHeight)
    if let link = focusedLink, !link.lines.overlaps(visible) { linkFocus = nil }
    guard items.indices.contains(focus), !items[focus].lines.overlaps(visible) else { return }
    focus = items.firstIndex { $0.lines.overlaps(visible) } ?? focus
  }

  mutating func clampScroll() {
    scroll = max(0, min(scroll, page.lines.count - bodyHeight))
  }

  /// Scrolls as little as possible to show the lines, at least the first one.
  mutating func reveal(_ lines: Range<Int>) {
    if lines.upperBound > scroll + bodyHeight { scroll = lines.upperBound - bodyHeight }
    if lines.lowerBound < scroll { scroll = lines.lowerBound }
    clampScroll()
  }

  /// Scrolls to the end of the focused item, where lines were added.
  mutating func revealEndOfFocus() {
    let items = page.items
    guard items.indices.contains(focus) else { return }
    let lines = items[focus].lines
    if lines.upperBound > scroll + bodyHeight { scroll = lines.upperBound - bodyHeight }
    clampScroll()
  }

  /// Scrolls to show the focused item from the line that contains `text`.
  mutating func revealFocus(from text: String) {
    let page = page
    guard page.items.indices.contains(focus) else { return }
    let lines = page.items[focus].lines
    let start = page.lines[lines].firstIndex { $0.text.contains(text) } ?? lines.lowerBound
    reveal(start..<lines.upperBound)
  }

  /// Focuses the first item of a kind, unless the focused item is of that kind.
  private mutating func focusFirst(where isKind: (PageItem) -> Bool) -> Bool {
    let items = page.items
    if items.indices.contains(focus), isKind(items[focus].item) {
      linkFocus = nil
      return true
    }
    guard let index = items.firstIndex(where: { isKind($0.item) }) else { return false }
    linkFocus = nil
    focus = index
    reveal(items[index].lines)
    return true
  }

  // MARK: Examples

  private mutating func run() -> [Action] {
    guard let example = exampleInFocus(to: "run"), hasPermission(for: .character("r")) else {
      return []
    }
    if let (example, prediction) = openPrediction {
      begin(prediction, of: example)
      return []
    }
    return begin(example, prediction: state.runs[example.id]?.prediction)
  }

  /// The example in the focus, which goes to the step's first if it is on something else; nil where
  /// there is none, and then the learner is told so.
  private mutating func exampleInFocus(to use: String) -> Example? {
    if focusFirst(where: { if case .example = $0 { true } else { false } }),
      let example = focusedExample
    {
      return example
    }
    message = "There is no example in this step to \(use)."
    return nil
  }

  mutating func begin(_ example: Example, prediction: String?) -> [Action] {
    state.runs[example.id] = PageState.Run(prediction: prediction)
    return [.run(example)]
  }

  private mutating func typed(_ text: String, for purpose: Purpose) -> [Action] {
    switch purpose {
    case .prediction(let id, let filled): return predicted(text, of: id, filled: filled)
    case .answer(let name): return answer(text, to: name)
    case .permission(let key):
      guard ["y", "yes"].contains(text.lowercased()) else {
        message = "Nothing was run."
        return []
      }
      mayRunCode = true
      return [.permit] + pressed(key)
    }
  }

  // MARK: Questions

  private mutating func beginAnswer() -> [Action] {
    if let (example, prediction) = openPrediction {
      begin(prediction, of: example)
      return []
    }
    guard focusFirst(where: { if case .question = $0 { true } else { false } }),
      let (name, question) = focusedQuestion
    else {
      message = "There is no question in this step."
      return []
    }
    if case .choice(let choices, _, _) = question.answer {
      message = "Answer with a number from 1 to \(choices.count)."
      return []
    }
    panel = .input(TextInput(isMultiline: false), for: .answer(name))
    return []
  }

  private mutating func choose(_ number: Int) -> [Action] {
    let choices = openChoices
    let canChoose = focusFirst { item in
      switch item {
      case .question: true
      case .example(let id): choices.contains(id)
      case .exercise: false
      }
    }
    if let (example, prediction) = openPrediction {
      guard case .choice = prediction.form else {
        message = "This prediction is typed: press r."
        return []
      }
      guard hasPermission(for: .character(Character("\(number)"))) else { return [] }
      return predict("\(number)", of: example, prediction)
    }
    guard canChoose, let (name, question) = focusedQuestion else {
      message = "There is no question in this step."
      return []
    }
    guard case .choice(let choices, _, _) = question.answer else {
      message = "This question is answered in words: press a."
      return []
    }
    guard (1...choices.count).contains(number) else {
      message = "Answer with a number from 1 to \(choices.count)."
      return []
    }
    return answer("\(number)", to: name)
  }

  private mutating func answer(_ text: String, to name: QuestionName) -> [Action] {
    guard !text.isEmpty, let (focused, question) = focusedQuestion, focused == name else {
      return []
    }
    if let given = state.answers[name] {
      guard !given.isRight else {
        message = "You have answered this: \(given.text)."
        return []
      }
      guard !given.tries.contains(where: { question.isSameAnswer($0, text) }) else {
        message = "You have tried \(text) already, and it is not right."
        return []
      }
    }
    let isRight: Bool
    do throws(WorkbookError) {
      isRight = try question.isAnswered(by: text, in: note)
    } catch {
      failed(error)
      return []
    }
    reviewed(isRight: isRight)
    if state.answers[name] == nil {
      state.answers[name] = PageState.GivenAnswer(text: text, isRight: isRight)
    } else {
      state.answers[name]?.tryAgain(text, isRight: isRight)
    }
    revealEndOfFocus()
    return [.record(.answered(question: name.description, answer: text, right: isRight))]
  }

  // MARK: Exercises

  private mutating func exercise() -> Exercise? {
    guard focusFirst(where: { if case .exercise = $0 { true } else { false } }) else {
      message = "There is no exercise in this step."
      return nil
    }
    return focusedExercise
  }

  private mutating func edit() -> [Action] {
    if let example = focusedExample { return play(example) }
    let items = page.items
    let hasExercise = items.contains { if case .exercise = $0.item { true } else { false } }
    let hasExample = items.contains { if case .example = $0.item { true } else { false } }
    if !hasExercise, hasExample {
      _ = focusFirst(where: { if case .example = $0 { true } else { false } })
      return focusedExample.map { play($0) } ?? []
    }
    guard let exercise = exercise(), hasPermission(for: .character("e")) else { return [] }
    return [.edit(exercise: exercise.id)]
  }

  private mutating func play(_ example: Example) -> [Action] {
    guard !hasToBePredicted(example, before: "e changes it"),
      hasPermission(for: .character("e"))
    else { return [] }
    return [.play(example)]
  }

  private mutating func stepThrough() -> [Action] {
    guard let example = exampleInFocus(to: "step through") else { return [] }
    guard example.showsPictures else {
      message = "This example shows no network, so there is nothing to step through."
      return []
    }
    guard !hasToBePredicted(example, before: "t steps through it") else { return [] }
    return [.step(example)]
  }

  private mutating func resetPlay() -> [Action] {
    guard let example = focusedExample, state.plays[example.id] != nil else {
      message = "There is no changed example here to begin anew."
      return []
    }
    state.plays[example.id] = nil
    message = "Your copy of \(example.id) is as in the note again."
    return [.resetPlay(example)]
  }

  /// Whether an example's output is still to be predicted, which a copy or its packets would give away.
  private mutating func hasToBePredicted(_ example: Example, before what: String) -> Bool {
    guard state.asks(about: example) else { return false }
    message = StyledText("Predict first what it prints; then \(what).")
    return true
  }

  private mutating func check() -> [Action] {
    guard let exercise = exercise(), hasPermission(for: .character("c")) else { return [] }
    state.exercises[exercise.id, default: .init()].isChecking = true
    return [.check(exercise: exercise.id)]
  }

  private mutating func hint() -> [Action] {
    guard let exercise = exercise() else { return [] }
    let taken = state.exercises[exercise.id]?.hintsTaken ?? 0
    guard taken < exercise.hints.count else {
      message = "There are no more hints; s shows a solution."
      return []
    }
    state.exercises[exercise.id, default: .init()].hintsTaken = taken + 1
    revealFocus(from: "Hint \(taken + 1)")
    return [.record(.hint(exercise: exercise.id, number: taken + 1))]
  }

  private mutating func solution() -> [Action] {
    if let (example, prediction) = openPrediction {
      guard hasPermission(for: .character("s")) else { return [] }
      return giveUp(example, prediction)
    }
    if let (name, _) = focusedQuestion {
      if state.answers[name] == nil {
        message = "Try it first; then s shows the answer."
      } else {
        state.answers[name]?.gaveUp = true
        revealEndOfFocus()
      }
      return []
    }
    guard let exercise = exercise() else { return [] }
    let state = state.exercises[exercise.id] ?? .init()
    if state.isPassed || solutionAskedFor == exercise.id {
      let compares = !state.solution.isEmpty && !state.comparesSolution && state.isStarted
      return [
        .record(.solutionSeen(exercise: exercise.id)),
        .showSolution(exercise: exercise.id, besideAnswer: compares),
      ]
    }
    solutionAskedFor = exercise.id
    message = "You have not passed yet. Press s once more to see a solution all the same."
    return [.record(.solutionAsked(exercise: exercise.id))]
  }
}

/// Input as whole texts, for a driver that reads lines instead of keys.
extension Reader {
  /// The label of the requested input; nil if none is requested.
  public var inputLabel: String? {
    guard case .input(_, let purpose) = panel else { return nil }
    return switch purpose {
    case .prediction(let id, let filled) where !inputIsMultiline:
      label(ofPrediction: id, filled: filled) + " An empty line leaves it."
    case .prediction: "What will it print? An empty line ends your prediction."
    case .answer: "Your answer?"
    case .permission: Self.permissionQuestion + " Run it? y or n"
    }
  }

  /// Whether the requested input may have several lines.
  public var inputIsMultiline: Bool {
    if case .input(let input, _) = panel { input.isMultiline } else { false }
  }

  /// Submits the requested text and returns the actions to perform.
  public mutating func submitted(_ text: String) -> [Action] {
    guard case .input(_, let purpose) = panel else { return [] }
    panel = .page
    return typed(text, for: purpose)
  }

  /// Focuses the example or exercise of this name; false if the step has none.
  public mutating func focus(on name: String) -> Bool {
    let index = page.items.firstIndex {
      switch $0.item {
      case .example(let id), .exercise(let id): id == name
      case .question(let question): "\(question.number)" == name
      }
    }
    if let index { (focus, linkFocus) = (index, nil) }
    return index != nil
  }
}
