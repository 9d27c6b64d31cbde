import FoundationEssentials
import NoteFormat
import Terminal
import Testing

@testable import Lessons
@testable import Reader

@Suite struct MovingTests {
  @Test("n and p go through the steps of all notes, and neither is ever blocked")
  func steps() throws {
    var reader = try sampleReader()
    var places: [String] = []
    for _ in 0..<7 {
      let place = "\(reader.note.slug)#\(reader.step!.anchor)"
      places.append(reader.endLines == nil ? place : "the end of \(reader.note.slug)")
      _ = reader.pressed(.character("n"))
    }
    #expect(
      places == [
        "first#one", "first#two", "first#three", "the end of first", "second#four",
        "the end of second", "second#four",
      ])
    #expect(reader.step?.anchor == "four")
    for _ in 0..<9 { _ = reader.pressed(.character("p")) }
    #expect(reader.step?.anchor == "one")
  }

  @Test("Leaving a step is recorded as reading it, with what it says, and arriving as the place")
  func recorded() throws {
    var reader = try sampleReader()
    #expect(reader.arrived() == [.record(.place(note: "first", step: "one"))])
    let digest = reader.step!.digest
    #expect(
      reader.pressed(.character("n")) == [
        .record(.stepRead(note: "first", step: "one", digest: digest)),
        .record(.place(note: "first", step: "two")),
      ])
    // Going back is not leaving, and what was read is recorded once.
    #expect(reader.pressed(.character("p")) == [.record(.place(note: "first", step: "one"))])
    #expect(reader.pressed(.character("n")) == [.record(.place(note: "first", step: "two"))])
  }

  @Test("The reader opens where the learner left off, and says what has changed since")
  func resume() throws {
    var progress = Progress()
    progress.record(.stepRead(note: "first", step: "three", digest: "of long ago"))
    progress.record(.place(note: "first", step: "three"))
    var reader = try sampleReader(progress: progress)
    #expect(reader.step?.anchor == "three")
    #expect(reader.screen.contains("changed since you read it"))
    _ = reader.arrived()
    #expect(reader.screen.contains("changed since you read it"))
    _ = reader.pressed(.character("n"))
    _ = reader.pressed(.escape)
    #expect(reader.step?.anchor == "three")
    #expect(!reader.screen.contains("changed since you read it"))
  }

  @Test("A place that is gone opens the beginning")
  func goneplace() throws {
    var progress = Progress()
    progress.record(.place(note: "gone", step: "away"))
    #expect(try sampleReader(progress: progress).step?.anchor == "one")
  }

  @Test("Space pages through a long step, and goes on to the next at its end")
  func paging() throws {
    var reader = try sampleReader(rows: 12, columns: 40)
    _ = reader.pressed(.character("n"))
    _ = reader.pressed(.character("n"))
    var presses = 0
    while reader.step?.anchor == "three", presses < 20 {
      _ = reader.pressed(.character(" "))
      presses += 1
    }
    #expect(reader.step?.anchor == "four")
    #expect(presses > 1)
  }

  @Test(
    "Every frame fits its screen, whatever its size and whatever is on it",
    arguments: [(12, 40), (24, 80), (40, 120), (70, 240), (1, 20), (2, 1)])
  func sizes(rows: Int, columns: Int) throws {
    var reader = try sampleReader(rows: rows, columns: columns)
    let keys: [TerminalKey] = [
      .character("r"), .character("n"), .character("r"), .character("x"), .enter, .escape,
      .character("n"), .character("1"), .character("a"), .escape, .character("l"), .escape,
      .character("/"), .character("s"), .escape, .character("?"), .escape, .character("n"),
      .character("h"), .character("s"), .tab, .backTab, .end, .home, .pageDown, .pageUp, .up, .down,
    ]
    for key in keys {
      _ = reader.pressed(key)
      let frame = reader.frame
      #expect(frame.lines.count <= rows)
      for line in frame.lines { #expect(line.displayWidth <= max(columns, 22), "\(line.text)") }
    }
  }

  @Test("No sequence of keys leads out of the course or crashes")
  func randomKeys() throws {
    let keys: [TerminalKey] =
      "npbrechsatlgGjkoyx/?12345 x".map { .character($0) } + [
        .enter, .tab, .backTab, .escape, .backspace, .delete, .up, .down, .left, .right, .home,
        .end,
        .pageUp, .pageDown, .control("d"), .control("u"), .control("a"), .resized,
      ]
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<20 {
      var reader = try sampleReader(rows: 14, columns: 50)
      for _ in 0..<200 {
        _ = reader.pressed(keys.randomElement(using: &generator)!)
        #expect(!reader.frame.lines.isEmpty)
      }
    }
  }
}

@Suite struct DoingTests {
  func run(_ example: Example, printing output: String) -> ExampleRun {
    ExampleRun(example, ending: .exited(0), output: output)
  }

  @Test("r runs the focused example and puts what it prints below the code, live")
  func runs() throws {
    var reader = try sampleReader()
    guard case .run(let example) = reader.pressed(.character("r")).first else {
      Issue.record("nothing runs")
      return
    }
    reader.printed("li", by: example.id)
    #expect(reader.screen.contains("Running"))
    #expect(reader.screen.contains("li"))
    let actions = reader.ran(run(example, printing: "1\n"))
    #expect(reader.screen.contains("Printed just now"))
    #expect(actions == [.record(.exampleRun(id: "plain", matched: true))])
  }

  @Test("An example to predict hides its output and what follows until it has run")
  func prediction() throws {
    var reader = try sampleReader()
    _ = reader.pressed(.character("n"))
    #expect(!reader.screen.contains("The secret."))
    #expect(reader.pressed(.character("r")).isEmpty)
    #expect(reader.screen.contains("What will it print?"))
    reader.type("a\nx")
    guard case .run(let example) = reader.pressed(.control("d")).first else {
      Issue.record("nothing runs")
      return
    }
    let actions = reader.ran(run(example, printing: "a\nb\n"))
    #expect(actions.contains(.record(.predicted(id: "guess", prediction: "a\nx", right: false))))
    #expect(reader.screen.contains("1 of 2 lines as you predicted."))
    reader.resized(rows: 60, columns: 80)
    #expect(reader.screen.contains("The secret."))
  }

  @Test("A prediction that is right is told so, and one that is left out does not stop the run")
  func predictions() throws {
    for (typed, says) in [("a\nb", "Just as you predicted."), ("", "Printed just now")] {
      var reader = try sampleReader(rows: 60)
      _ = reader.pressed(.character("n"))
      _ = reader.pressed(.character("r"))
      reader.type(typed)
      guard case .run(let example) = reader.pressed(.control("d")).first else {
        Issue.record("nothing runs")
        continue
      }
      _ = reader.ran(run(example, printing: "a\nb\n"))
      #expect(reader.screen.contains(says))
    }
  }

  @Test("Escape leaves a prediction, and n goes on without it")
  func skip() throws {
    var reader = try sampleReader()
    _ = reader.pressed(.character("n"))
    _ = reader.pressed(.character("r"))
    _ = reader.pressed(.escape)
    _ = reader.pressed(.character("n"))
    #expect(reader.step?.anchor == "three")
  }

  @Test("The right choice at once opens every reason")
  func choice() throws {
    var reader = try sampleReader(rows: 60)
    reader.go(to: "first", step: "three")
    #expect(!reader.screen.contains("Because"))
    let actions = reader.pressed(.character("2"))
    #expect(actions == [.record(.answered(question: "first#three/1", answer: "2", right: true))])
    #expect(reader.screen.contains("Because not."))
    #expect(reader.screen.contains("Because so."))
    #expect(reader.screen.contains("You said 2: ✓ right\n"))
    #expect(reader.pressed(.character("1")).isEmpty)
    #expect(reader.message?.text == "You have answered this: 2.")
  }

  @Test("A wrong choice opens its own reason alone, and a second try can be right")
  func secondTry() throws {
    var reader = try sampleReader(rows: 60)
    reader.go(to: "first", step: "three")
    #expect(
      reader.pressed(.character("1")) == [
        .record(.answered(question: "first#three/1", answer: "1", right: false))
      ])
    #expect(reader.screen.contains("Because not."))
    #expect(!reader.screen.contains("Because so."))
    #expect(reader.screen.contains("You said 1: ✗ not quite"))
    #expect(reader.screen.contains("Try again with 1 to 2; s shows the answer"))
    #expect(reader.pressed(.character("1")).isEmpty, "the same wrong choice is not recorded again")
    #expect(reader.message?.text == "You have tried 1 already, and it is not right.")
    #expect(!reader.screen.contains("Because so."))
    #expect(
      reader.pressed(.character("2")) == [
        .record(.answered(question: "first#three/1", answer: "2", right: true))
      ])
    #expect(reader.screen.contains("You said 2: ✓ right, at the second try"))
    #expect(reader.screen.contains("Because so."))
  }

  @Test("s shows the answer to a question after a try, not before, and records nothing")
  func answerShown() throws {
    var reader = try sampleReader(rows: 60)
    reader.go(to: "first", step: "three")
    #expect(reader.pressed(.character("s")).isEmpty)
    #expect(reader.message?.text == "Try it first; then s shows the answer.")
    #expect(!reader.screen.contains("Because so."))
    _ = reader.pressed(.character("1"))
    #expect(reader.pressed(.character("s")).isEmpty)
    #expect(reader.screen.contains("Because so."))
  }

  @Test("A number that is no choice is met with those that are")
  func noChoice() throws {
    var reader = try sampleReader()
    reader.go(to: "first", step: "three")
    #expect(reader.pressed(.character("9")).isEmpty)
    #expect(reader.message?.text == "Answer with a number from 1 to 2.")
  }

  @Test(
    "A typed answer is judged by what it means",
    arguments: [("203.0.113.7:40000", true), (" 203.0.113.7:40000 ", true), ("203.0.113.7", false)])
  func typed(text: String, right: Bool) throws {
    var reader = try sampleReader(rows: 60)
    reader.go(to: "first", step: "three")
    _ = reader.pressed(.tab)
    _ = reader.pressed(.character("a"))
    reader.type(text)
    let actions = reader.pressed(.enter)
    #expect(
      actions == [.record(.answered(question: "first#three/2", answer: text, right: right))])
    #expect(reader.screen.contains("There.") == right)
    #expect(reader.screen.contains("Answer: 203.0.113.7:40000") == right)
    guard !right else { return }
    _ = reader.pressed(.character("a"))
    reader.type("40000")
    #expect(
      reader.pressed(.enter) == [
        .record(.answered(question: "first#three/2", answer: "40000", right: true))
      ])
    #expect(reader.screen.contains("There."))
  }

  @Test("Hints come one by one, and after three there are no more")
  func hints() throws {
    var reader = try sampleReader(rows: 60)
    reader.go(to: "second")
    for (number, text) in [(1, "A nudge."), (2, "A pointer."), (3, "Nearly there.")] {
      #expect(!reader.screen.contains(text))
      #expect(
        reader.pressed(.character("h")) == [.record(.hint(exercise: "write", number: number))])
      #expect(reader.screen.contains(text))
    }
    #expect(reader.pressed(.character("h")).isEmpty)
  }

  @Test("The solution comes when it is asked for twice, or at once after passing")
  func solution() throws {
    var reader = try sampleReader(rows: 60)
    reader.go(to: "second")
    #expect(reader.pressed(.character("s")) == [.record(.solutionAsked(exercise: "write"))])
    #expect(
      reader.pressed(.character("s")) == [
        .record(.solutionSeen(exercise: "write")),
        .showSolution(exercise: "write", besideAnswer: false),
      ])
    var progress = Progress()
    progress.record(.checked(exercise: "write", outcome: "passed", seconds: 0.2))
    var passed = try sampleReader(progress: progress)
    passed.go(to: "second")
    #expect(
      passed.pressed(.character("s")).contains(
        .showSolution(exercise: "write", besideAnswer: false)))
  }

  @Test("Once the solution is there, it is shown beside the answer and alone in turn")
  func comparison() throws {
    var reader = try sampleReader(rows: 60)
    reader.go(to: "second")
    reader.started("write")
    _ = reader.pressed(.character("s"))
    _ = reader.pressed(.character("s"))
    reader.solved("write", solution: "let a = 1\nlet b = 2\n", beside: nil)
    #expect(reader.screen.contains("s compare"))
    #expect(
      reader.pressed(.character("s")).contains(.showSolution(exercise: "write", besideAnswer: true))
    )
    reader.solved("write", solution: "let a = 1\nlet b = 2\n", beside: "let a = 1\nlet b = 3\n")
    #expect(reader.screen.contains("A solution beside your answer"))
    #expect(reader.screen.contains("let b = 3"))
    #expect(
      reader.pressed(.character("s")).contains(
        .showSolution(exercise: "write", besideAnswer: false)))
  }

  @Test("A verdict shows before it is known which mistake is behind it, and is recorded once")
  func explained() throws {
    var reader = try sampleReader(rows: 60)
    reader.go(to: "second")
    reader.beganChecking("write")
    var verdict = try JSONDecoder().decode(
      Verdict.self,
      from: Data(
        """
        {"exercise": "write", "answer": "answers/write.swift", "outcome": "failed", "checks": [],
         "messages": "", "seconds": 0.25}
        """.utf8))
    #expect(
      reader.checked(verdict) == [
        .record(.checked(exercise: "write", outcome: "failed", seconds: 0.25))
      ])
    #expect(reader.screen.contains("0.25 s"))
    reader.explained(verdict)
    #expect(!reader.screen.contains("What happened"))
    verdict.mistake = "The two are swapped."
    reader.explained(verdict)
    #expect(reader.screen.contains("What happened: The two are swapped."))
  }

  @Test("Keys that have nothing to act on say so")
  func nothing() throws {
    var reader = try sampleReader()
    for (key, says) in [
      ("c", "There is no exercise in this step."), ("1", "There is no question in this step."),
      ("z", "That key does nothing here; ? lists the keys."),
    ] {
      #expect(reader.pressed(.character(Character(key))).isEmpty)
      #expect(reader.message?.text == says)
    }
  }

  @Test("The list narrows as one types, and Enter goes there")
  func list() throws {
    var reader = try sampleReader()
    _ = reader.pressed(.character("l"))
    reader.type("sec")
    #expect(!reader.screen.contains("First\n"))
    _ = reader.pressed(.enter)
    #expect(reader.note.slug == "second")
  }

  @Test("A search finds a word in any note, and Enter goes to its step")
  func search() throws {
    var reader = try sampleReader()
    _ = reader.pressed(.character("/"))
    reader.type("Where")
    #expect(reader.screen.contains("Three"))
    _ = reader.pressed(.enter)
    #expect(reader.step?.anchor == "three")
  }

  @Test("The end of input quits")
  func endOfInput() throws {
    var reader = try sampleReader()
    #expect(reader.pressed(.endOfInput) == [.quit])
  }
}

@Suite struct TextInputTests {
  @Test("Text is edited as it is anywhere else")
  func editing() {
    var input = TextInput(isMultiline: true)
    for key: TerminalKey in [
      .character("b"), .home, .character("a"), .end, .character("d"), .left, .character("c"),
      .enter,
      .backspace, .right, .enter, .character("é"), .character("x"), .backspace, .up, .down, .home,
      .backspace, .enter, .left, .delete,
    ] {
      #expect(input.pressed(key) == .editing)
    }
    #expect(input.text == "abcdé")
    #expect(input.pressed(.control("d")) == .done)
    #expect(input.pressed(.escape) == .cancelled)
  }

  @Test("In one line Enter ends the input")
  func oneLine() {
    var input = TextInput(isMultiline: false)
    #expect(input.pressed(.character("a")) == .editing)
    #expect(input.pressed(.enter) == .done)
  }
}
