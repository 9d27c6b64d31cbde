import NoteFormat
import Terminal
import Testing

@testable import Lessons

@Suite struct PredictionJudgingTests {
  private func answer(_ key: String, _ tolerance: Prediction.Tolerance? = nil) -> Prediction {
    Prediction(question: "?", form: .answer(key, tolerance: tolerance))
  }

  @Test(
    "A short answer is judged by what it means",
    arguments: [
      ("1", "1", true), ("1", " one ", true), ("1", "One.", true), ("1", "2", false),
      ("0", "none", true), ("39.5 s", "39.5", true), ("39.5 s", "39.50 seconds", true),
      ("39.5 s", "39500 ms", true), ("39.5 s", "39.5 ms", false), ("39.5 s", "39.4", false),
      ("203.0.113.7:5002", "5002", true), ("203.0.113.7:5002", "203.0.113.7 port 5002", true),
      ("203.0.113.7:5002", "5000", false), ("3, 2, 1", "3 2 1", true), ("3, 2, 1", "[3,2,1]", true),
      ("3, 2, 1", "1, 2, 3", false), ("address-dependent", "Address-Dependent", true),
      ("1", "", false),
      ("0x0103", "0103", true), ("0x0103", "0x103", true), ("true", "TRUE", true),
    ])
  func meaning(key: String, text: String, isRight: Bool) throws {
    #expect(try answer(key).isMet(by: text) == isRight)
  }

  @Test(
    "A number may be off by its tolerance, and no further",
    arguments: [
      ("2", Prediction.Tolerance.part(0.1), true), ("about 1.8", .part(0.1), true),
      ("1.71", .part(0.1), true), ("1.7", .part(0.1), false), ("2.1", .part(0.1), false),
      ("~2", .amount(0.1), true), ("2.01", .amount(0.1), false), ("many", .amount(0.1), false),
    ])
  func tolerance(text: String, tolerance: Prediction.Tolerance, isRight: Bool) throws {
    #expect(try answer("1.9", tolerance).isMet(by: text) == isRight)
  }

  @Test("A choice is its number or its text, and any other text is told what there is")
  func choices() throws {
    let choice = Prediction(form: .choice(["both", "3", "neither"], correct: 2))
    #expect(try choice.isMet(by: "3"), "the text goes before the number")
    #expect(try choice.isMet(by: "2."))
    #expect(try !choice.isMet(by: "Neither"))
    #expect(throws: (any Error).self) { try choice.isMet(by: "4") }
  }

  @Test("Blanks are judged one by one, and their number must fit")
  func blanks() throws {
    let blanks = Prediction(form: .blanks(["203.0.113.7:5002", "300 s"]))
    #expect(try blanks.isMet(by: "5002 | 300"))
    #expect(try !blanks.isMet(by: "5002 | 30"))
    #expect(blanks.rightBlanks(in: "5002 | 30") == [1])
    #expect(throws: (any Error).self) { try blanks.isMet(by: "5002") }
  }

  @Test("Before and after a wrong try nothing on the page gives the answer away")
  func nothingRevealed() throws {
    let text = """
      # T

      ## S

      ```swift id=x predict blanks="5002 | 300 s"
      run()
      ```

      ```output
      port 5002, again 5002, for 300 s
      ```

      """
    let note = try Note.parse(Array(text.utf8), file: "notes/1-t.md").note
    var state = PageState()
    func page() -> String {
      NotePage.lines(of: note, state: state, Presentation()).map(\.text).joined(separator: "\n")
    }
    #expect(page().contains("port __1__, again __1__, for __2__"))
    #expect(page().contains("Decide, then: ./workbook predict x"))
    state.predictions["x"] = .init(text: "5002 | 3 s", isRight: false)
    #expect(page().contains("port 5002, again 5002, for __2__"), "what is right is filled in")
    #expect(page().contains("You said 5002 | 3 s: not quite"))
    #expect(page().contains("Try again: ./workbook predict x\nOr see it: ./workbook run x"))
    #expect(!page().contains("300 s"))
    state.revealsAll = true
    #expect(page().contains("port 5002, again 5002, for 300 s"))
  }

  @Test("Every prediction of the notes is right by its own key, and asks for less than an output")
  func notes() throws {
    var count = 0
    for note in try NoteLibrary.compiled.course().notes {
      for example in note.examples {
        guard let prediction = example.prediction else { continue }
        count += 1
        #expect(!prediction.isOfWholeOutput, "\(example.id)")
        #expect(try prediction.isMet(by: prediction.key), "\(example.id)")
      }
    }
    #expect(count > 20)
  }
}

/// What a learner could guess by without knowing anything.
@Suite struct GiveawayTests {
  /// The choices of all questions and predictions of the notes, as text, with the right one's index.
  static func choices() throws -> [(place: String, texts: [String], right: Int)] {
    var all: [(String, [String], Int)] = []
    for note in try NoteLibrary.compiled.course().notes {
      for question in note.questions {
        guard case .choice(let choices, let correct, _) = question.answer else { continue }
        let texts = choices.map { $0.flatMap(\.inlines).plainText }
        all.append((question.title.plainText, texts, correct - 1))
      }
      for example in note.examples {
        guard case .choice(let choices, let correct) = example.prediction?.form else { continue }
        all.append((example.id, choices, correct - 1))
      }
    }
    return all
  }

  @Test("The right choice is the longest one no more often than by chance, and sometimes it is")
  func lengths() throws {
    let all = try Self.choices()
    let longest = all.filter { choice in
      choice.texts.indices.allSatisfy {
        $0 == choice.right || choice.texts[$0].count < choice.texts[choice.right].count
      }
    }
    #expect(all.count >= 30)
    #expect(
      longest.count * 3 <= all.count, "\(longest.count) of \(all.count): \(longest.map(\.place))")
    #expect(longest.count * 8 >= all.count, "never the longest would be told, too")
  }

  @Test("No place among the choices is right much more often than the others")
  func places() throws {
    let all = try Self.choices().filter { $0.texts.count == 3 }
    for place in 0..<3 {
      let count = all.count { $0.right == place }
      #expect(count * 4 >= all.count, "place \(place + 1): \(count) of \(all.count)")
      #expect(count * 5 <= all.count * 2 + 5, "place \(place + 1): \(count) of \(all.count)")
    }
  }

  @Test("A reason that begins with Right is not told to be right twice")
  func rightOnce() throws {
    for note in try NoteLibrary.compiled.course().notes {
      let lines = NotePage.lines(of: note, state: PageState(revealsAll: true), Presentation())
      #expect(!lines.contains { $0.text.lowercased().contains("right: right") }, "\(note.slug)")
    }
  }
}
