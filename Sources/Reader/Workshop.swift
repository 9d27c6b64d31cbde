import CLinux
import Glibc
public import Lessons
public import NoteFormat
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
    return (folder.answer, isNew)
  }

  /// The verdict on the learner's answer, a known mistake's sentence included.
  func check(_ exercise: String) throws(WorkbookError) -> Verdict {
    let folder = try ExerciseFolder(exercise, in: workspace)
    let checker = try Checker(folder)
    var verdict = try checker.check(answer: folder.answer)
    try checker.explain(&verdict)
    return verdict
  }

  func solution(_ exercise: String) throws(WorkbookError) -> String {
    try ExerciseFolder(exercise, in: workspace).solutionText()
  }

  // MARK: Answers on disk

  /// When an exercise's answer was changed last, in a form that only comparing makes sense of.
  func changeStamp(_ exercise: String) -> String? {
    guard let path = try? ExerciseFolder(exercise, in: workspace).answer else { return nil }
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return "\(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec) \(status.st_size) \(status.st_ino)"
  }

  // MARK: The editor

  /// The command of the learner's own editor, or nil where they have named none.
  var editor: String? {
    [environment["VISUAL"], environment["EDITOR"]].compactMap { $0 }.first { !$0.isEmpty }
  }

  /// Runs the editor on a file, at the line where there is something to write.
  ///
  /// - Returns: whether it ended well.
  func edit(_ path: String, with editor: String) -> Bool {
    let quoted = "'" + path.replacing("'", with: "'\\''") + "'"
    let program = editor.split(separator: " ").first?.split(separator: "/").last ?? ""
    let line = lineToWrite(in: path)
    let place: String =
      switch program {
      case "vi", "vim", "nvim", "nano", "emacs", "emacsclient", "micro", "kak", "joe", "ne", "mg":
        "+\(line) \(quoted)"
      case "code", "codium": "--wait --goto \(quoted):\(line)"
      case "hx", "subl", "zed": "\(quoted):\(line)"
      default: quoted
      }
    return linux_run_in_foreground("\(editor) \(place)") == 0
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
