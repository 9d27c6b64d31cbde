import NoteFormat
import Testing

@testable import Lessons

/// The form that a note of the course has: short, with a picture early, and nothing given away.
@Suite struct NoteFormTests {
  /// Notes from this number on are back matter, off the road.
  static let backMatter = 20
  static let all = try! NoteLibrary.compiled.course().notes
  static let slugs = all.map(\.slug)
  static let road = all.filter { ($0.number ?? backMatter) < backMatter }.map(\.slug)

  private func note(_ slug: String) throws -> Note {
    try #require(Self.all.first { $0.slug == slug })
  }

  static let mostSteps = 12

  static let leastExercises = 3

  @Test("A note of the course has at most twelve steps, besides the extra ones", arguments: road)
  func steps(slug: String) throws {
    let steps = try note(slug).steps.filter { !$0.title.plainText.hasSuffix("(extra)") }
    #expect(steps.count <= Self.mostSteps)
  }

  @Test("A note has a picture, printed by its code, within its first three steps", arguments: road)
  func picture(slug: String) throws {
    var isDrawn = false
    try note(slug).steps.prefix(3).flatMap(\.blocks).forEachNested { block in
      guard case .example(let example) = block.content else { return }
      // The lines of hosts and NATs.
      if example.output?.text.contains(where: { "│┃║".contains($0) }) == true { isDrawn = true }
    }
    #expect(isDrawn)
  }

  @Test("A note of the course has at least three exercises", arguments: road)
  func exercises(slug: String) throws {
    let count = try note(slug).exercises.count
    #expect(count >= Self.leastExercises)
  }

  @Test("The right choices of a note are not longer than its wrong ones", arguments: slugs)
  func lengths(slug: String) throws {
    let choices = Self.choices(of: try note(slug))
    guard !choices.isEmpty else { return }
    let right = choices.map { Double($0.texts[$0.right].count) }
    let wrong = choices.map { choice in
      let texts = choice.texts.indices.filter { $0 != choice.right }.map { choice.texts[$0] }
      return Double(texts.map(\.count).reduce(0, +)) / Double(texts.count)
    }
    let difference = (right.reduce(0, +) - wrong.reduce(0, +)) / Double(choices.count)
    #expect(difference <= 0)
  }

  @Test("A prediction asks for a line at most, and for three blanks", arguments: slugs)
  func predictions(slug: String) throws {
    for example in try note(slug).examples {
      guard let prediction = example.prediction else { continue }
      #expect(!prediction.isOfWholeOutput, "\(example.id)")
      #expect(!prediction.key.contains("\n") && prediction.key.count <= 80, "\(example.id)")
      if case .blanks(let blanks) = prediction.form { #expect(blanks.count <= 3, "\(example.id)") }
    }
  }

  /// The choices of a note's questions and predictions, as text, with the right one's index.
  private static func choices(of note: Note) -> [(texts: [String], right: Int)] {
    var all: [(texts: [String], right: Int)] = []
    for question in note.questions {
      guard case .choice(let choices, let correct, _) = question.answer else { continue }
      all.append((choices.map { $0.flatMap(\.inlines).plainText }, correct - 1))
    }
    for example in note.examples {
      guard case .choice(let choices, let correct) = example.prediction?.form else { continue }
      all.append((choices, correct - 1))
    }
    return all
  }
}
