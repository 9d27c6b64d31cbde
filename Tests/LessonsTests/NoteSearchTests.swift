import Lessons
import NoteFormat
import Terminal
import Testing

@Suite struct NoteSearchTests {
  let course: Course

  init() throws {
    let text = """
      # T

      ## The hairpin bend

      A packet turns round inside the NAT. NATs differ in it.

      ### Question: Which?

      1. A
      2. B

      <details><summary>Answer: 2</summary>

      1. Secretly.
      2. Yes.

      </details>

      ## Another

      Zwölf *kleine* packets, and a `portRange` of twelve; unatural.
      """
    course = Course([try Note.parse(Array(text.utf8), file: "notes/01-t.md").note])
  }

  private func lines(_ words: String) -> [String] {
    NoteSearch.matches(of: words, in: course).map(\.line)
  }

  @Test("Words are found in titles and text, upper and lower case alike, at their beginning")
  func words() {
    #expect(lines("HAIRPIN") == ["The hairpin bend"])
    #expect(lines("nat") == ["A packet turns round inside the NAT. NATs differ in it."])
    #expect(lines("zwölf").count == 1)
    #expect(lines("portrange").count == 1)
    #expect(lines("irpin").isEmpty)
  }

  @Test("A step is found where all the words stand in it, on whatever lines")
  func all() {
    #expect(lines("packet bend").count == 2)
    #expect(lines("hairpin kleine").isEmpty)
  }

  @Test("Nothing is found for nothing", arguments: ["", "  ", "\n"])
  func nothing(words: String) {
    #expect(lines(words).isEmpty)
  }

  @Test("What the learner has not asked for yet is not found")
  func secrets() {
    #expect(lines("secretly").isEmpty)
  }

  @Test("The words are marked: by style, and by brackets where there is none")
  func marks() throws {
    let match = try #require(NoteSearch.matches(of: "nat packet", in: course).first)
    #expect(
      match.markedLine(Presentation()).text
        == "A [packet] turns round inside the [NAT]. [NAT]s differ in it.")
    let styled = match.markedLine(Presentation(colour: true, emphasis: true, plain: false))
    #expect(styled.spans.filter { $0.role == .highlight }.map(\.text) == ["packet", "NAT", "NAT"])
    #expect(styled.text == match.line)
  }

  @Test("Every word of every step's title is found in the course")
  func everyTitle() throws {
    let course = try NoteLibrary.compiled.course()
    for note in course.notes {
      for step in note.steps {
        let found = NoteSearch.matches(of: step.title.plainText, in: course)
        #expect(found.contains { $0.note == note.slug && $0.step == step.anchor }, "\(step.anchor)")
      }
    }
  }
}
