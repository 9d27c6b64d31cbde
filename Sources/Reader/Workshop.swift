import CLinux
import Glibc
public import Lessons
public import NoteFormat
public import ProgramSupport
import Terminal

/// What the reader's actions are done with: the compiled examples, the compiler, the answers, the log.
public struct Workshop {
  let workspace: Workspace
  let log: ProgressLog
  private let environment: [String: String]
  private let runExample: RunExample

  public typealias RunExample = (
    _ example: Example, _ note: Note, _ isUnwanted: () -> Bool,
    _ onOutput: (ArraySlice<UInt8>) -> Void
  ) throws(WorkbookError) -> ExampleRun

  public init(
    _ workspace: Workspace, log: ProgressLog, environment: [String: String],
    runExample: @escaping RunExample
  ) {
    self.workspace = workspace
    self.log = log
    self.environment = environment
    self.runExample = runExample
  }

  func run(
    _ example: Example, in note: Note, isUnwanted: () -> Bool,
    onOutput: (ArraySlice<UInt8>) -> Void
  ) throws(WorkbookError) -> ExampleRun {
    try runExample(example, note, isUnwanted, onOutput)
  }

  func refuse(_ example: Example, in note: Note) throws(WorkbookError) -> RefusedExample {
    try RefusedExample(example, in: note, workspace: workspace)
  }

  /// Gives the learner the skeleton if there is no answer yet; the answer's path, and whether it is
  /// new.
  func start(_ exercise: String) throws(WorkbookError) -> (path: String, isNew: Bool) {
    let folder = try ExerciseFolder(exercise, in: workspace)
    let isNew = try folder.start()
    folder.prepareInBackground()
    return (folder.answer, isNew)
  }

  func checker(of exercise: String) throws(WorkbookError) -> Checker {
    try Checker(try ExerciseFolder(exercise, in: workspace))
  }

  func showSolution(
    of exercise: String, besideAnswer: Bool, in reader: inout Reader
  ) throws(WorkbookError) {
    let folder = try ExerciseFolder(exercise, in: workspace)
    reader.solved(
      exercise, solution: try folder.solutionText(),
      beside: besideAnswer ? try folder.answerText() : nil)
  }

  /// The saves of the answers to a course's exercises.
  func savedAnswers(of course: Course) -> SavedAnswers {
    SavedAnswers(
      course.notes.flatMap(\.exercises).compactMap { exercise in
        try? ExerciseFolder(exercise.id, in: workspace)
      })
  }

  // MARK: The editor

  /// The command of the learner's own editor, or nil where they have named none.
  var editor: String? {
    [environment["VISUAL"], environment["EDITOR"]].compactMap { $0 }.first { !$0.isEmpty }
  }

  /// Runs the editor on an answer, at the line where there is something to write.
  ///
  /// - Returns: whether the answer was saved meanwhile, and whether the editor ended well.
  func edit(
    _ exercise: String, with editor: String
  ) throws(WorkbookError) -> (saved: Bool, endedWell: Bool) {
    let folder = try ExerciseFolder(exercise, in: workspace)
    var answers = SavedAnswers([folder], poll: true)
    let endedWell = linux_run_in_foreground("\(editor) \(place(in: folder.answer, editor))") == 0
    return (answers.take(exercise), endedWell)
  }

  /// The file and the line as the editor wants to be told them.
  private func place(in path: String, _ editor: String) -> String {
    let quoted = "'" + path.replacing("'", with: "'\\''") + "'"
    let program = editor.split(separator: " ").first?.split(separator: "/").last ?? ""
    let line = lineToWrite(in: path)
    switch program {
    case "vi", "vim", "nvim", "nano", "emacs", "emacsclient", "micro", "kak", "joe", "ne", "mg":
      return "+\(line) \(quoted)"
    case "code", "codium": return "--wait --goto \(quoted):\(line)"
    case "hx", "subl", "zed": return "\(quoted):\(line)"
    default: return quoted
    }
  }

  private func lineToWrite(in path: String) -> Int {
    guard let file = fopen(path, "r") else { return 1 }
    defer { fclose(file) }
    var buffer = [CChar](repeating: 0, count: 1024)
    var number = 0
    while fgets(&buffer, Int32(buffer.count), file) != nil {
      number += 1
      if strstr(buffer, "Your code here") != nil { return number }
    }
    return 1
  }

  /// Records what happened; a log that cannot be written must not stop anybody from learning.
  func record(_ event: ProgressEvent) -> WorkbookError? {
    do throws(WorkbookError) {
      try log.append(event)
      return nil
    } catch {
      return error
    }
  }
}
