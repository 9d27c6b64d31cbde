import Lessons
import NoteFormat
import ProgramSupport
import Reader
import Terminal

/// What the reader asks of the program with the examples.
enum Laboratory {
  /// Builds the program where that has to be done, without a terminal.
  ///
  /// Answers and copies of examples are compiled against the same build.
  static func makeReady(
    isUnwanted: () -> Bool, onProgress: (String) -> Void
  ) throws(WorkbookError) {
    _ = try OtherProgram.lab.path(isUnwanted: isUnwanted, onProgress: onProgress)
  }

  /// Steps through the packets of an example of the course, in this process's terminal.
  static func step(
    through example: Example, _ presentation: Presentation
  ) throws(WorkbookError) -> Workshop.SteppingEnd {
    try ExampleSteps(example).run(with: presentation)
  }

  /// Runs an example of the course.
  static func runExample(
    _ example: Example, _ note: Note, _ isUnwanted: () -> Bool,
    _ onOutput: (ArraySlice<UInt8>) -> Void
  ) throws(WorkbookError) -> ExampleRun {
    let program = try OtherProgram.lab.path(isUnwanted: isUnwanted, onProgress: { _ in })
    try NoteLibrary.compiled.requireRunnable(example.id)
    return try ExampleRun(
      example, executable: program, isUnwanted: isUnwanted, onOutput: onOutput)
  }
}
