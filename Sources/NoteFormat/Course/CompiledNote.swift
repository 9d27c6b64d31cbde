/// A note as compiled into the program: its text, and what it has.
///
/// The note compiler generates one value for each note.
public struct CompiledNote: Sendable {
  /// The path of the note, relative to the project's root.
  public var file: String
  /// The Markdown text of the note.
  public var text: String
  /// The title of the note.
  public var title: String
  /// The number of steps.
  public var stepCount: Int
  /// The ids of the exercises, in reading order.
  public var exercises: [String]
  /// The ids of the examples that run, in reading order.
  public var examples: [String]
  /// The errors for which no example of the note runs: those of the compiler, or of reading it.
  public var problems: [Problem]

  /// Creates a note from what the note compiler found in it.
  public init(
    file: String, title: String, stepCount: Int, exercises: [String], text: String,
    examples: [String], problems: [Problem] = []
  ) {
    self.problems = problems
    self.file = file
    self.title = title
    self.stepCount = stepCount
    self.exercises = exercises
    self.text = text
    self.examples = examples
  }

  /// The number at the start of the file name.
  public var number: Int? { Slug.parts(ofFile: file).number }
  /// The file name without number and extension.
  public var slug: String { Slug.parts(ofFile: file).slug }
}
