import Lessons
import NoteFormat
public import Terminal

extension Reader {
  /// The width of the margin, which marks the focused item.
  private static let marginWidth = 2
  private static let widestPage = 100

  /// The width of the text in columns, which is limited on wide screens.
  var textWidth: Int { min(presentation.width, Self.widestPage) - Self.marginWidth }

  private var leftMargin: Int {
    max(0, (presentation.width - Self.widestPage) / 2)
  }

  /// The height of the page: all lines except the header, the footer and the input.
  var bodyHeight: Int {
    max(1, rows - 1 - max(1, messageLines.count) - inputHeight - (leftOpen == nil ? 0 : 1))
  }

  private var inputHeight: Int {
    guard case .input(let input, _) = panel else { return 0 }
    return min(max(3, rows / 3) + inputLabels.count - 1, input.lines.count + inputLabels.count)
  }

  /// The contents of the screen.
  public var frame: ScreenFrame {
    var frame = ScreenFrame(lines: [head])
    switch panel {
    case .page, .input: frame.lines += pageLines
    case .help(let top): frame.lines += padded(Array(helpLines.dropFirst(top)))
    case .welcome(let top):
      frame.lines += padded(Array(Welcome.lines(for: course, presentation).dropFirst(top)))
    case .end(let end): frame.lines += padded(end.lines(height: bodyHeight, presentation))
    case .contents(let contents):
      frame.lines += padded(contents.lines(height: bodyHeight, presentation))
    case .list(let list): frame.lines += padded(list.lines(height: bodyHeight, presentation))
    case .search(let search): frame.lines += padded(search.lines(height: bodyHeight, presentation))
    case .words(let words):
      frame.lines += padded(words.lines(height: bodyHeight, course: course, presentation))
    }
    if case .input(let input, _) = panel {
      let labels = inputLabels
      frame.lines += labels
      let view = input.view(height: max(1, inputHeight - labels.count))
      frame.cursor = (frame.lines.count + view.cursor.row, view.cursor.column)
      frame.lines += view.lines
    }
    if let leftOpen { frame.lines.append(leftOpen.truncated(to: presentation.width)) }
    frame.lines += message == nil ? [foot] : messageLines
    // A screen of one or two lines has no room for all three parts.
    frame.lines.removeLast(max(0, frame.lines.count - max(1, rows)))
    return frame
  }

  /// What is asked for, in one line, or in more where the question is a long one.
  private var inputLabels: [StyledText] {
    guard case .input(let input, let purpose) = panel else { return [] }
    // The foot has the keys, too, so that a long question may do without them.
    let (label, keys) =
      switch purpose {
      case .prediction(let id, let filled) where !input.isMultiline:
        (self.label(ofPrediction: id, filled: filled), "Enter when done, Esc leaves it")
      case .prediction: ("What will it print?", "Ctrl-D runs it, Esc leaves it")
      case .answer: ("Your answer?", "Enter when done, Esc leaves it")
      case .permission: (Self.permissionQuestion + " Run it?", "y and Enter; Esc leaves it")
      }
    let width = max(1, presentation.width)
    func styled(_ text: String) -> StyledText { StyledText(text, .note, emphasis: .bold) }
    let whole = styled("\(label) \(keys)")
    if case .permission = purpose {
      return Array(whole.wrapped(to: width).prefix(max(1, rows / 3)))
    }
    if whole.displayWidth <= width { return [whole] }
    return Array(styled(label).wrapped(to: width).prefix(max(1, rows / 3)))
  }

  private func padded(_ lines: [StyledText]) -> [StyledText] {
    let shown = lines.prefix(bodyHeight).map { $0.truncated(to: presentation.width) }
    return shown + Array(repeating: "", count: bodyHeight - shown.count)
  }

  private var pageLines: [StyledText] {
    let page = page
    let link = focusedLink
    let item = page.items.indices.contains(focus) ? page.items[focus].lines.lowerBound : nil
    let focused = link?.lines.lowerBound ?? item
    let lines = link.map { page.lines(focusing: $0) } ?? page.lines
    let left = StyledText(String(repeating: " ", count: leftMargin))
    let shown = lines.enumerated().dropFirst(scroll).prefix(bodyHeight).map { index, line in
      left + (index == focused ? StyledText("> ", .key) : "  ") + marked(line)
    }
    return padded(Array(shown))
  }

  /// A line with the words of the search marked.
  private func marked(_ line: StyledText) -> StyledText {
    guard let searched else { return line }
    let marks = NoteSearch.marks(of: searched, in: line.text)
    return marks.isEmpty ? line : line.marked(marks, .highlight)
  }

  // MARK: Head and foot

  private var head: StyledText {
    if let review {
      let place = StyledText(" \(review.index + 1)/\(review.items.count)", .muted)
      let room = presentation.width - place.displayWidth
      return StyledText("Review", .heading, emphasis: .bold).truncated(to: room).padded(to: room)
        + place
    }
    let place = StyledText(" \(stepIndex + 1)/\(max(1, note.steps.count))", .muted)
    var title = StyledText(note.title, .heading, emphasis: .bold)
    if changed.contains(stepName) {
      title += StyledText("  changed since you read it", .warning)
    }
    let room = presentation.width - place.displayWidth
    return title.truncated(to: room).padded(to: room) + place
  }

  /// The most lines of a message, such as one with a long path.
  private static let mostFootLines = 4

  /// The lines of the message; empty if there is none.
  private var messageLines: [StyledText] {
    guard let message else { return [] }
    let most = max(1, min(Self.mostFootLines, rows - 4))
    let lines = message.wrapped(to: max(1, presentation.width))
    return lines.count <= most ? lines : [message.truncated(to: presentation.width)]
  }

  private var foot: StyledText {
    let total = course.notes.reduce(0) { $0 + $1.steps.count }
    let bar =
      review.map { self.bar(done: $0.right.count, of: $0.items.count) }
      ?? self.bar(done: read.count, of: total)
    let room = presentation.width - bar.displayWidth - 1
    guard room >= 20 else { return keyLine(room: presentation.width) }
    return keyLine(room: room).padded(to: room + 1) + bar
  }

  /// The keys that matter now, as many as there is room for: those that the help has, too, go first.
  private func keyLine(room: Int) -> StyledText {
    var keys = keys
    let hasMore = panel.isPage && page.lines.count > scroll + bodyHeight
    if hasMore { keys.insert(("space", "more"), at: 0) }
    func line() -> StyledText {
      keys.map { StyledText($0.0, .key) + " \($0.1)" }.joined(separator: "  ")
    }
    for spared in ["l", "d", "t", "h", "n"] where line().displayWidth > room {
      keys.removeAll { $0.0 == spared }
    }
    return line().truncated(to: room)
  }

  private func bar(done: Int, of total: Int) -> StyledText {
    guard presentation.width >= 60 else { return StyledText() }
    let symbols = presentation.symbols
    let cells = 10
    let filled = total == 0 ? 0 : done * cells / total
    return StyledText(String(repeating: symbols.full, count: filled), .success)
      + StyledText(String(repeating: symbols.empty, count: cells - filled), .muted)
      + StyledText(" \(done)/\(total)", .muted)
  }

  private var keys: [(String, String)] {
    switch panel {
    case .page where review != nil:
      keysOfFocus + [("n", "next"), ("?", "help"), ("q", "quit")]
    case .page:
      keysOfFocus
        + [("n", "next")] + (isCourse ? [("d", "words")] : [])
        + [("l", "list"), ("?", "help"), ("q", "quit")]
    case .help(let top):
      helpLines.count > top + bodyHeight || top > 0
        ? [("up, down", "scroll"), ("Esc", "back")] : [("any key", "goes back")]
    case .welcome(let top):
      (Welcome.lines(for: course, presentation).count > top + bodyHeight
        ? [("space", "more")] : [])
        + [("Enter", "begin"), ("?", "all keys"), ("q", "quit")]
    case .end(let end):
      (end.hasOpenSteps ? [("Enter", "goes there")] : [])
        + (noteIndex + 1 < course.notes.count ? [("n", "next note")] : [])
        + [("Esc", "back"), ("q", "quit")]
    case .list, .search, .contents: [("Enter", "goes there"), ("Esc", "back")]
    case .words: [("up, down", "choose"), ("Enter", "goes where it is taught"), ("Esc", "back")]
    case .input(let input, _): [(input.isMultiline ? "Ctrl-D" : "Enter", "done"), ("Esc", "back")]
    }
  }

  private var keysOfFocus: [(String, String)] {
    if let link = focusedLink {
      return link.target.contains("://")
        ? [("Enter", "shows it"), ("y", "copy")] : [("Enter", "follow")]
    }
    return switch focusedItem {
    case .example where openPrediction != nil: openPrediction.map { keys($0.prediction) } ?? []
    case .example(let id):
      [("r", "run")] + (focusedExample?.showsPictures == true ? [("t", "step")] : [])
        + [("e", "play")] + (state.plays[id] == nil ? [] : [("x", "reset")])
    case .question: focusedQuestion.map(keys) ?? []
    case .exercise: [("e", "edit"), ("c", "check"), ("h", "hint"), ("s", "solution")]
    case nil: []
    }
  }

  private func keys(_ focused: (name: QuestionName, question: Question)) -> [(String, String)] {
    let given = state.answers[focused.name]
    let more = given.map { $0.isRight || $0.gaveUp } == false ? [("s", "the answer")] : []
    if case .choice(let choices, _, _) = focused.question.answer {
      return [("1-\(choices.count)", "answer")] + more
    }
    return [("a", "answer")] + more
  }

  private func keys(_ prediction: Prediction) -> [(String, String)] {
    let given = openPrediction.flatMap { state.predictions[$0.example.id] }
    let more = given == nil ? [] : [("s", "run it")]
    if case .choice(let choices, _) = prediction.form {
      return [("1-\(choices.count)", "predict")] + more
    }
    return [("r", prediction.isOfWholeOutput ? "run" : "predict")] + more
  }

  static let help: [(String, String)] = [
    ("space, b", "a page on, a page back"), ("n, p", "the next step, the step before"),
    ("", "extra steps are passed by; o leads to them"),
    ("up, down", "a line up, a line down; the wheel, too"),
    ("Tab", "the next thing to do, or link, in this step"),
    ("Enter", "follow the link"), ("Backspace", "back to before a link, a list or a search"),
    ("d", "the words of this step, explained, and any other word"),
    ("r", "run the example; one to predict asks you first"),
    ("t", "step through the packets of the network that the example shows"),
    ("1 to 5, a", "answer or predict by a number, or in words"),
    ("e", "write your answer to the exercise, or play with a copy of the example"),
    ("x", "make the copy of the example as in the note again; yours is kept"),
    ("c", "check it; saving it does so by itself"), ("h", "a hint"),
    ("s", "a solution, once you passed or asked twice; beside yours then"),
    ("", "the answer to a question or prediction, once you tried"),
    ("y", "copy the code of the example"),
    ("o", "the contents of this note"), ("l", "the list of notes"),
    ("i", "what this is, where to begin, and how long it takes"),
    ("/", "search all notes; Esc removes its marks"), ("Ctrl-C", "stop what is running"),
    ("q", "quit"),
  ]

  var helpLines: [StyledText] {
    [StyledText("Keys", .heading, emphasis: .bold), ""]
      + Self.help.map { key, what in
        StyledText("  " + key, .key).padded(to: 14) + StyledText(what)
      }
  }
}
