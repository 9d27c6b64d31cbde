import FoundationEssentials
import Glibc
import Lessons
import NoteFormat
import TestSupport
import Testing

/// What a learner does by commands, each in a folder of its own.
@Suite(.serialized, .waitsForChildren) struct PredictTests {
  let shadow = try! ShadowWorkspace()

  @Test("A right prediction is told so, recorded, runs the example, and ends with 0")
  func right() throws {
    let result = try shadow.run("predict", "nat-unsolicited", input: "one\n\nnot read")
    #expect(result.exitCode == 0)
    #expect(result.output.contains("print(nat.inbound(packet, at: .seconds(1)))"))
    #expect(result.output.contains("How many of the four get in?"))
    #expect(result.output.contains("You said one: right"))
    #expect(result.output.contains("drop: no mapping has this outside port"))
    let progress = try shadow.log.read()
    #expect(progress.prediction(for: "nat-unsolicited") == .init(text: "one", right: true))
    #expect(progress.hasRun("nat-unsolicited"))
  }

  @Test("A wrong prediction reveals nothing and ends with 1; the first and the last are kept")
  func wrong() throws {
    for text in ["4", "2"] {
      let result = try shadow.run("predict", "nat-unsolicited", "--prediction", text)
      #expect(result.exitCode == 1)
      #expect(result.output.contains("You said \(text): not quite"))
      #expect(result.output.contains("Try again: ./workbook predict nat-unsolicited"))
      #expect(!result.output.contains("drop:"))
    }
    let progress = try shadow.log.read()
    #expect(progress.firstPrediction(for: "nat-unsolicited")?.text == "4")
    #expect(progress.prediction(for: "nat-unsolicited") == .init(text: "2", right: false))
    #expect(!progress.hasRun("nat-unsolicited"))
    let run = try shadow.run("run", "nat-unsolicited")
    #expect(run.output.contains("drop: "), "run gives up and shows it")
  }

  @Test("Blanks are filled in line by line or with bars, a choice is its number or its text")
  func kinds() throws {
    for (id, input) in [
      ("server-schedule", "3.5 s\n31.5\n39.5\n"), ("server-schedule", "3.5 | 31.5 | 39.5 s\n"),
      ("gather-priority-types", "2\n"),
      ("gather-priority-types", "The poor host's\n"), ("address-count", "about 2\n"),
    ] {
      let result = try shadow.run("predict", id, input: input)
      #expect(result.exitCode == 0, "\(id): \(result.output)\(result.errorOutput)")
    }
    let blank = try shadow.run("predict", "nat-same-port", input: "5001\n")
    #expect(blank.exitCode == 1)
    #expect(blank.output.contains("10.0.0.3:5000  198.51.100.1:____  any"))
    #expect(!blank.output.contains("5002"))
  }

  @Test(
    "What cannot be a prediction is told, and is none",
    arguments: [
      ("gather-priority-types", "4", "no choice"), ("server-schedule", "3.5", "3 blanks"),
    ])
  func unfit(id: String, text: String, message: String) throws {
    let result = try shadow.run("predict", id, "--prediction", text)
    #expect(result.exitCode == 64)
    #expect(result.errorOutput.contains(message), "\(result.errorOutput)")
    #expect(try shadow.log.read() == Progress())
  }

  @Test("The output is not given away before the prediction is made")
  func hidden() throws {
    let result = try shadow.run("predict", "gather-priority-types")
    #expect(result.exitCode == 1)
    #expect(result.output.hasSuffix("No prediction was given.\n"))
    #expect(result.output.contains("1. the reflexive one's"))
    #expect(!result.output.contains("2113929216 1694498815"))
    #expect(try shadow.log.read() == Progress())
  }

  @Test("What was asked is printed once, and after the answer only what is new")
  func once() throws {
    for input in ["4\n", "1\n"] {
      let result = try shadow.run("predict", "nat-unsolicited", input: input)
      #expect(result.output.matches(of: #/How many of the four get in/#).count == 1)
      #expect(result.output.matches(of: #/print\(nat.inbound/#).count == 1)
      #expect(result.output.contains("You said \(input.first!): "))
    }
    let choice = try shadow.run("predict", "gather-priority-types", input: "1\n")
    #expect(choice.output.matches(of: #/Whose priority is higher/#).count == 1)
    #expect(choice.output.hasSuffix("Or see it: ./workbook run gather-priority-types\n"))
    let answer = try shadow.run("answer", "gathering#2/1", input: "2\n")
    #expect(answer.output.matches(of: #/Question: /#).count == 1)
    #expect(answer.output.matches(of: #/wrong: /#).count == 1)
  }

  @Test("An example that asks nothing is predicted line by line")
  func whole() throws {
    let right = try shadow.run(
      "predict", "nat-answer", input: "Forward UDP 203.0.113.9:3478 → 10.0.0.2:5000\n")
    #expect(right.exitCode == 0)
    #expect(right.output.contains("Just as you predicted."))
    let wrong = try shadow.run("predict", "nat-answer", "--prediction", "drop")
    #expect(wrong.exitCode == 1)
    #expect(wrong.output.contains("Not what you expected"))
  }

  @Test(
    "A prediction as JSON says what was predicted, whether it is right, and then what it prints")
  func json() throws {
    struct Report: Decodable {
      var prediction: String
      var output: String?
      var right: Bool
      var asPromised: Bool?
    }
    for (input, isRight) in [("4", false), ("1", true)] {
      let result = try shadow.run("predict", "nat-unsolicited", "--json", input: input)
      let report = try JSONDecoder().decode(Report.self, from: Data(result.output.utf8))
      #expect(report.prediction == input)
      #expect(report.right == isRight)
      #expect((report.output == nil) == !isRight)
      #expect(report.asPromised == (isRight ? true : nil))
    }
  }
}

@Suite(.serialized, .waitsForChildren) struct AnswerTests {
  let shadow = try! ShadowWorkspace()

  @Test("Every question of the course is asked, and its own key is the right answer")
  func keys() throws {
    for note in try NoteLibrary.compiled.course().notes {
      for index in note.steps.indices {
        for (name, question) in note.questions(inStep: index) {
          let place = "\(note.slug)#\(index + 1)/\(name.number)"
          let asked = try shadow.run("answer", place)
          #expect(asked.exitCode == 1, "an end of input is no answer")
          #expect(asked.output.hasPrefix("Question: "))
          #expect(asked.output.hasSuffix("No answer was given.\n"))
          let key: String? =
            switch question.answer {
            case .choice(_, let correct, _): "\(correct)"
            case .typed(let key, _): key
            case .run: nil
            }
          guard let key else { continue }
          #expect(!asked.output.contains("right:"))
          let answered = try shadow.run("answer", place, key)
          #expect(answered.exitCode == 0, "\(place)")
          #expect(answered.output.contains(": right"))
          #expect(try shadow.log.read().answer(to: name.description)?.right == true)
        }
      }
    }
  }

  @Test("A wrong choice ends with 1 and is told why it is wrong; the right one opens all reasons")
  func wrongChoice() throws {
    let wrong = try shadow.run("answer", "ice-pairs#3", input: "1\n")
    #expect(wrong.exitCode == 1)
    #expect(wrong.output.contains("not quite"))
    #expect(wrong.output.matches(of: #/wrong: /#).count == 1)
    #expect(!wrong.output.contains("right: "))
    #expect(wrong.output.contains("Try again: ./workbook answer ice-pairs#3/1"))
    let right = try shadow.run("answer", "ice-pairs#3", input: "3\n")
    #expect(right.exitCode == 0)
    #expect(right.output.matches(of: #/(right|wrong): /#).count == 3)
    let progress = try shadow.log.read()
    let name = try #require(
      try NoteLibrary.compiled.course().note(named: "ice-pairs")?.questions(inStep: 2).first?.name
        .description)
    #expect(progress.firstAnswer(to: name) == .init(text: "1", right: false))
    #expect(progress.answer(to: name) == .init(text: "3", right: true))
  }

  @Test("A wrong typed answer does not give the right one away")
  func wrongTyped() throws {
    let wrong = try shadow.run("answer", "11#4/1", "198.51.100.1:1")
    #expect(wrong.exitCode == 1)
    #expect(wrong.output.contains("You said 198.51.100.1:1: not quite"))
    #expect(!wrong.output.contains(":5000\n"))
    #expect(!wrong.output.contains("Answer: 198"))
    #expect(try shadow.run("answer", "11#4/1", "5000").exitCode == 0, "the port alone")
  }

  @Test("A typed answer may be written in several words, and in its own way")
  func typed() throws {
    #expect(try shadow.run("answer", "11#4/1", "198.51.100.1", "port", "5000").exitCode == 0)
    #expect(try shadow.run("answer", "11#4/1", "198.51.100.1:5001").exitCode == 1)
  }

  @Test(
    "A question that does not exist is told with how one is named",
    arguments: [
      (["nat-table"], "names no question"), (["nat-table#"], "names no question"),
      (["nat-tabel#1/1"], "did you mean 'nat-table'?"), (["nat-table#99/1"], "has no step '99'"),
      (["ice-pairs#3/9"], "has one question: ice-pairs#3/1"),
      (["ice-pairs#1/1"], "has no question"),
      (["ice-pairs#3/1", "7"], "'7' is no choice; answer with a number from 1 to 3"),
    ])
  func names(arguments: [String], message: String) throws {
    let result = try Program.run(["answer"] + arguments)
    #expect(result.exitCode == 64)
    #expect(result.errorOutput.contains(message), "\(result.errorOutput)")
    #expect(result.output == "")
  }

  @Test("An answer as JSON has the key and the reasons")
  func json() throws {
    struct Report: Decodable {
      var right: Bool
      var key: String
      var reasons: [String]
    }
    let result = try shadow.run("answer", "ice-pairs#3/1", "3", "--json")
    let report = try JSONDecoder().decode(Report.self, from: Data(result.output.utf8))
    #expect(report.right)
    #expect(report.key == "3")
    #expect(report.reasons.count == 3)
  }

  @Test("A wrong answer as JSON has neither the key nor the other choices' reasons")
  func wrongJSON() throws {
    let right = try JSONValue(try shadow.run("answer", "ice-pairs#3/1", "3", "--json").output)
    let wrong = try JSONValue(try shadow.run("answer", "ice-pairs#3/1", "1", "--json").output)
    #expect(wrong["right"] == .boolean(false))
    #expect(wrong["key"] == nil)
    let all = try #require(right["reasons"]?.elements)
    #expect(wrong["reasons"] == .list([all[0]]))
  }

  @Test("A wrong answer in words as JSON has no explanation")
  func wrongWords() throws {
    let course = try NoteLibrary.compiled.course()
    let typed = course.notes.flatMap { note in
      note.steps.indices.flatMap { index in
        note.questions(inStep: index).compactMap { name, question in
          if case .typed = question.answer {
            return "\(note.slug)#\(index + 1)/\(name.number)"
          }
          return nil as String?
        }
      }
    }
    let wrong = try JSONValue(
      try shadow.run("answer", try #require(typed.first), "no such answer", "--json").output)
    #expect(wrong["key"] == nil)
    #expect(wrong["reasons"] == .list([]))
  }
}

@Suite(.serialized, .waitsForChildren) struct ExerciseCommandTests {
  static let id = "pair-priority"
  let shadow = try! ShadowWorkspace()
  var folder: ExerciseFolder { try! ExerciseFolder(Self.id, in: shadow.workspace) }

  @Test("Hints come one by one, say how many are left, and come again by their number")
  func hints() throws {
    let outputs = try (1...4).map { _ in try shadow.run("hint", Self.id).output }
    #expect(outputs[0].hasPrefix("Hint 1 of 3\n"))
    #expect(outputs[0].contains("2 more are left."))
    #expect(outputs[1].contains("One more is left."))
    #expect(outputs[2].contains("./workbook solution \(Self.id)"))
    #expect(outputs[3] == outputs[2])
    #expect(
      try shadow.run("hint", Self.id, "1").output.split(separator: "\n").dropLast()
        == outputs[0].split(separator: "\n").dropLast())
    #expect(try shadow.log.read().hintsTaken(Self.id) == 3)
  }

  @Test("A hint cannot be taken before its turn", arguments: ["2", "3", "0", "4", "-1"])
  func order(number: String) throws {
    #expect(try shadow.run("hint", Self.id, number).exitCode == 64)
    #expect(try shadow.log.read().hintsTaken(Self.id) == 0)
  }

  @Test("The solution is shown when it is asked for twice")
  func twice() throws {
    let first = try shadow.run("solution", Self.id)
    #expect(first.exitCode == 1)
    #expect(first.output.contains("Ask once more"))
    let solution = try folder.solutionText()
    let second = try shadow.run("solution", Self.id)
    #expect(second.exitCode == 0)
    #expect(second.output == solution)
    #expect(try shadow.log.read().hasSeenSolution(Self.id))
  }

  @Test("The solution is shown at once to who has passed, and compared with what they wrote")
  func passed() throws {
    #expect(try shadow.run("start", Self.id).exitCode == 0)
    let solution = try folder.solutionText()
    try shadow.write("answers/\(Self.id).swift", solution.replacing("let g", with: "let mine"))
    #expect(try shadow.run("check", Self.id).exitCode == 1)
    try shadow.write("answers/\(Self.id).swift", solution)
    #expect(try shadow.run("check").exitCode == 0)
    let progress = try shadow.log.read()
    #expect(progress.isStarted(Self.id))
    #expect(progress.isPassed(Self.id))
    #expect(try shadow.run("solution", Self.id).output == solution)
    #expect(
      try shadow.run("solution", Self.id, "--compare").output.contains("letter by letter"))
    try shadow.write("answers/\(Self.id).swift", solution + "// mine\n")
    #expect(
      try shadow.run("solution", Self.id, "--compare").output.contains("+ your answer: // mine"))
    #expect(try shadow.log.read().solutionAsks(Self.id) == 0)
  }

  @Test("Starting an exercise prepares its first check in the background, and records none")
  func preparation() throws {
    #expect(try shadow.run("start", Self.id).exitCode == 0)
    let mistakes = try folder.mistakes().count
    #expect(mistakes > 0)
    // The folder comes with the first that is prepared.
    try waitFor("\(mistakes) prepared mistakes", seconds: 60) {
      let prepared = try? FileManager.default.contentsOfDirectory(
        atPath: shadow.workspace.cacheFolder)
      return prepared?.count { $0.hasPrefix("mistake-\(Self.id)-") } == mistakes
    }
    #expect(try !shadow.log.read().isPassed(Self.id))
  }

  @Test("Checking somebody else's file is no progress of the learner's")
  func otherFile() throws {
    #expect(try shadow.run("check", Self.id, "--answer", folder.solution).exitCode == 0)
    #expect(try !shadow.log.read().isPassed(Self.id))
  }

  @Test("A reset puts the skeleton back and keeps every answer as a backup of its own")
  func reset() throws {
    #expect(try shadow.run("start", Self.id).exitCode == 0)
    let skeleton = try shadow.text("Exercises/\(Self.id)/Exercise.swift")
    for number in 1...3 {
      try shadow.write("answers/\(Self.id).swift", "// answer \(number)\n")
      let result = try shadow.run("reset", Self.id)
      #expect(result.exitCode == 0)
      #expect(result.output.contains("answers/\(Self.id).swift.\(number)~"))
      #expect(try shadow.text("answers/\(Self.id).swift") == skeleton)
    }
    for number in 1...3 {
      #expect(
        try shadow.text("answers/\(Self.id).swift.\(number)~") == "// answer \(number)\n")
    }
    #expect(try shadow.run("reset", Self.id).output.contains("nothing of yours to keep"))
    #expect(try !shadow.log.read().isStarted(Self.id))
  }

  @Test("All answers are reset at once, and a reset wants to know what")
  func resetAll() throws {
    #expect(try shadow.run("reset").exitCode == 64)
    #expect(try shadow.run("reset", "--all").output == "There is no answer to begin anew.\n")
    for id in NoteLibrary.compiled.exerciseIDs { _ = try shadow.run("start", id) }
    try shadow.write("answers/\(Self.id).swift", "// mine\n")
    let result = try shadow.run("reset", "--all", "--json")
    #expect(
      result.output.matches(of: #/"exercise"/#).count == NoteLibrary.compiled.exerciseIDs.count)
    #expect(result.output.contains("answers/\(Self.id).swift.1~"))
  }

  @Test("A log that cannot be written costs a warning, and never a command")
  func noLog() throws {
    let unusable = ["WORKBOOK_STATE": "/dev/null/state"]
    for arguments in [
      ["run", "gather-priority-types"], ["read", "nat-table#1"], ["hint", Self.id],
      ["answer", "ice-pairs#3/1", "3"], ["solution", Self.id],
      ["predict", "gather-priority-types", "--prediction", "2"],
    ] {
      let result = try Program.run(shadow.executable, arguments, environment: unusable)
      #expect(result.exitCode == 0, "\(arguments)")
      #expect(!result.output.isEmpty)
      let warnings = result.errorOutput.split(separator: "\n")
      #expect((1...3).contains(warnings.count), "\(result.errorOutput)")
      #expect(warnings.allSatisfy { $0.hasPrefix("workbook: warning: ") })
    }
  }
}
