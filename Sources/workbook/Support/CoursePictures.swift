import Lessons
import NoteFormat
import ProgramSupport

/// What the course's examples show, for pages on which it is drawn.
enum CoursePictures {
  /// Runs the examples that show networks.
  ///
  /// - Parameter onProblem: called with a sentence for each example whose pictures cannot be had.
  /// - Returns: the pictures by the examples' ids.
  /// - Throws: `WorkbookError.interrupted`; what `OtherProgram` throws where the examples cannot be built.
  static func collected(
    from course: Course, onProblem: (String) -> Void
  ) throws -> [String: ShownPictures] {
    let examples = course.notes.flatMap(\.examples).filter(\.showsPictures)
    guard !examples.isEmpty else { return [:] }
    let program = try OtherProgram.lab.path()
    var pictures: [String: ShownPictures] = [:]
    for example in examples {
      let run = try ExampleRun(example, executable: program)
      if let problem = run.complaint ?? run.pictures.problem {
        onProblem("\(example.id): \(problem), so its page has text in place of pictures")
      }
      pictures[example.id] = run.pictures
    }
    return pictures
  }
}
