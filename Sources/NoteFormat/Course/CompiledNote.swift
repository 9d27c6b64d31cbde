/// A note as the program carries it: its text, and its examples as functions.
///
/// The note compiler writes one of these for each note.
public struct CompiledNote: Sendable {
  public var file: String
  /// The whole Markdown text.
  public var text: String
  public var title: String
  public var stepCount: Int
  public var exercises: [String]
  public var examples: [CompiledExample]

  public init(
    file: String, title: String, stepCount: Int, exercises: [String], text: String,
    examples: [CompiledExample]
  ) {
    self.file = file
    self.title = title
    self.stepCount = stepCount
    self.exercises = exercises
    self.text = text
    self.examples = examples
  }

  public var number: Int? { Slug.parts(ofFile: file).number }
  public var slug: String { Slug.parts(ofFile: file).slug }
}

/// An example as a function that prints.
public struct CompiledExample: Sendable {
  public var id: String
  /// Runs the example; where it continues others, `muted` is called around their code.
  public var run: @Sendable (_ mute: (Bool) -> Void) throws -> Void

  public init(id: String, run: @escaping @Sendable (_ mute: (Bool) -> Void) throws -> Void) {
    self.id = id
    self.run = run
  }
}
