import NoteFormat
import Terminal
import Testing

@testable import Lessons

/// How many rows the steps of the course have, as the reader draws them on a screen of 80x24.
///
/// Such a screen has 20 rows for a step, below the head, the step's title with its line, and above the
/// foot. A step is counted when the learner is through with its examples: the outputs are shown, the
/// predictions right. Its question still waits, with its choices.
@Suite struct StepLengthTests {
  static let room = 20
  static let most = 32

  /// How many core steps of a note are longer than the room, and how many have more rows than `most`.
  ///
  /// The goal for the whole course is one in five and none. The figures may only get smaller.
  static let long: [String: (overRoom: Int, overMost: Int)] = [
    "the-call-that-fails": (2, 0),

    "addresses": (2, 0),

    "nat-table": (3, 0),

    "nat-behaviour": (2, 0),

    "stun-message": (2, 0),

    "stun-server": (1, 0),

    "gathering": (4, 0),

    "exchange": (6, 0),

    "hole-punching": (4, 0),

    "connectivity-checks": (9, 0),

    "ice-pairs": (8, 0),

    "relaying": (2, 0),
  ]

  @Test("Few steps of a note are longer than a screen", arguments: NoteFormTests.road)
  func rows(slug: String) throws {
    let note = try #require(NoteFormTests.all.first { $0.slug == slug })
    let counts = note.steps.indices.filter { !note.steps[$0].title.plainText.hasSuffix("(extra)") }
      .map { (title: note.steps[$0].title.plainText, rows: Self.rows(of: note, step: $0)) }
    let figures = Self.long[slug] ?? (0, 0)
    let all = counts.map { "\($0.rows) \($0.title)" }.joined(separator: "\n")
    #expect(counts.count { $0.rows > Self.room } <= figures.overRoom, "\(slug)\n\(all)")
    #expect(counts.count { $0.rows > Self.most } <= figures.overMost, "\(slug)\n\(all)")
  }

  @Test("What is counted is what stands below a step's title and its line")
  func counted() throws {
    let text = """
      # A note

      ## One

      A line of words.

      ```swift id=one
      print(1)
      ```

      ```output
      1
      ```

      """
    let (note, problems) = try Note.parse(Array(text.utf8), file: "notes/01-a.md")
    #expect(problems.isEmpty)
    // The words, an empty row, the example's name and its code, "Prints" and the output.
    #expect(Self.rows(of: note, step: 0) == 6)
  }

  private static func rows(of note: Note, step: Int) -> Int {
    var state = PageState(invites: .keys)
    note.steps[step].blocks.forEachNested { block in
      guard case .example(let example) = block.content else { return }
      var run = PageState.Run()
      run.isRunning = false
      run.output = example.output?.text ?? ""
      state.runs[example.id] = run
      guard let prediction = example.prediction else { return }
      state.predictions[example.id] = .init(text: prediction.key, isRight: true)
    }
    // The reader keeps two columns for its mark.
    let screen = Presentation(plain: false, unicode: true, width: 80 - 2)
    let lines = NotePage.lines(of: note, step: step, state: state, screen)
    let line = lines.firstIndex { !$0.isEmpty && $0.text.allSatisfy { $0 == "─" } }
    return lines.count - (line.map { $0 + 1 } ?? 0)
  }
}
