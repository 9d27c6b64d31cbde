import NoteFormat
import Testing

@Suite struct QuestionTests {
  static let choice = """
    ### Question: Which *one*?

    Think.

    1. a
    2. b

    <details><summary>Answer: 2</summary>

    1. no
    2. yes

    </details>

    """

  @Test("A question with a list has choices, the right one, and a reason for each")
  func choices() throws {
    let (note, problems) = try step(Self.choice + "\nAfter.\n")
    #expect(problems.isEmpty)
    let question = try #require(note.questions.first)
    #expect(question.title.plainText == "Which one?")
    #expect(question.prompt.count == 1)
    guard case .choice(let choices, let correct, let reasons) = question.answer else {
      Issue.record("no choices")
      return
    }
    #expect(choices.count == 2)
    #expect(correct == 2)
    #expect(reasons.count == 2)
    #expect(note.steps[0].blocks.count == 2)
  }

  @Test("A question without a list has a typed answer")
  func typed() throws {
    let (note, problems) = try step(
      "### Question: Where?\n\n<details><summary>Answer: 203.0.113.7:40000</summary>\n\nBecause.\n\n</details>\n"
    )
    #expect(problems.isEmpty)
    guard case .typed(let key, let explanation) = note.questions[0].answer else {
      Issue.record("not typed")
      return
    }
    #expect(key == "203.0.113.7:40000")
    #expect(explanation.count == 1)
  }

  @Test("A question may have an example's output as its key")
  func run() throws {
    let (note, problems) = try step(
      "```swift id=a\n```\n\n### Question: What?\n\n<details><summary>Answer: run a</summary></details>\n"
    )
    #expect(problems.isEmpty)
    guard case .run(let reference, _) = note.questions[0].answer else {
      Issue.record("no run")
      return
    }
    #expect(reference.name == "a")
  }

  @Test(
    "What breaks a question is told with its place",
    arguments: [
      (
        "### Question: x\n\nwords\n",
        "5:1: this question has no answer; end it with <details><summary>Answer: …</summary>"
      ),
      (
        choice.replacing("Answer: 2", with: "Answer: 3"),
        "12:1: the answer is one of the choices, 1 to 2; it says '3'"
      ),
      (
        choice.replacing("Answer: 2", with: "Answer: yes"),
        "12:1: the answer is one of the choices, 1 to 2; it says 'yes'"
      ),
      (
        choice.replacing("2. yes\n", with: ""),
        "12:1: each of the 2 choices needs a reason in an ordered list; here are 1"
      ),
      (
        "### Question: x\n\n1. a\n\n<details><summary>Answer: 1</summary>\n\n1. r\n\n</details>\n",
        "9:1: a question has two to five choices; this one has 1"
      ),
      (
        "### Question: x\n\n<details><summary>Answer:</summary></details>\n",
        "7:1: the answer is empty; write it behind 'Answer:'"
      ),
      (
        "```swift id=table\n```\n### Question: x\n\n<details><summary>Answer: run tabel</summary></details>\n",
        "9:1: no example 'tabel' in this note; did you mean 'table'?"
      ),
      ("### Qestion: x\n", "5:1: 'Qestion:' opens nothing; did you mean 'Question:'?"),
      (
        "<details><summary>Answer: 1</summary></details>\n",
        "5:1: an answer outside a question; put it behind '### Question: …'"
      ),
    ])
  func problems(text: String, problem: String) throws {
    #expect(try step(text).1 == [problem])
  }
}

@Suite struct ExerciseTests {
  static let link = "[Exercise.swift](../Exercises/pair-priority/Exercise.swift)"
  static func hints(_ count: Int) -> String {
    String(repeating: "<details><summary>Hint</summary>\n\nTry.\n\n</details>\n\n", count: count)
  }

  @Test("An exercise has its id from its link, a task and three hints")
  func exercise() throws {
    let (note, problems) = try step(
      "### Exercise: Order them\n\nWrite it in \(Self.link).\n\n\(Self.hints(3))After.\n")
    #expect(problems.isEmpty)
    let exercise = try #require(note.exercises.first)
    #expect(exercise.id == "pair-priority")
    #expect(exercise.title.plainText == "Order them")
    #expect(exercise.task.count == 1)
    #expect(exercise.hints.count == 3)
    #expect(exercise.position == SourcePosition(line: 7, column: 13))
    #expect(note.steps[0].blocks.count == 2)
  }

  @Test("Two or four hints are not three", arguments: [0, 1, 2, 4])
  func hintCount(count: Int) throws {
    let (_, problems) = try step("### Exercise: x\n\n\(Self.link)\n\n\(Self.hints(count))")
    #expect(
      problems == [
        "5:1: an exercise has exactly three <details><summary>Hint</summary>; this one has \(count)"
      ])
  }

  @Test("An exercise without a link to its skeleton is refused")
  func noLink() throws {
    let (_, problems) = try step("### Exercise: x\n\nwords\n\n\(Self.hints(3))")
    #expect(
      problems.contains(
        "5:1: an exercise links to its skeleton: [Exercise.swift](../Exercises/ID/Exercise.swift)"))
  }
}
