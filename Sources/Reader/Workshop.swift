import CLinux
import Glibc
public import Lessons
public import NoteFormat
public import ProgramSupport
public import Terminal

/// The services that perform the reader's actions: examples, the compiler, answers and the log.
public struct Workshop {
  let workspace: Workspace
  let log: ProgressLog
  private let environment: [String: String]
  private let makeReady: MakeReady
  private let runExample: RunExample
  private let stepExample: StepExample?
  /// Remembers that the code of own notes may run; nil for the course, whose code may.
  private let rememberPermission: RememberPermission?

  /// Runs an example and passes its output on as it arrives.
  public typealias RunExample = (
    _ example: Example, _ note: Note, _ isUnwanted: () -> Bool,
    _ onOutput: (ArraySlice<UInt8>) -> Void
  ) throws(WorkbookError) -> ExampleRun

  /// Steps through an example's packets in this process's terminal.
  public typealias StepExample = (
    _ example: Example, _ presentation: Presentation
  ) throws(WorkbookError) -> SteppingEnd

  /// How stepping through an example ended.
  public enum SteppingEnd: Hashable, Sendable {
    /// The learner has stepped through its packets.
    case stepped
    /// The example is not one of the course, and its program cannot be stepped through.
    case notTheCourse
    /// The example ended without showing a network in which anything happened.
    case nothingShown
    /// The example did not end in its time.
    case timedOut
    /// The example crashed or threw an error.
    case failed
  }

  /// Makes sure that what examples and answers are run with is built, and says how far that is.
  public typealias MakeReady = (
    _ isUnwanted: () -> Bool, _ onProgress: (String) -> Void
  ) throws(WorkbookError) -> Void

  /// Remembers that code may run.
  public typealias RememberPermission = () throws(WorkbookError) -> Void

  /// Creates the services of a workspace.
  ///
  /// - Parameters:
  ///   - rememberPermission: remembers that the code of own notes may run; nil for the course.
  ///   - stepExample: steps through an example's packets; nil where that cannot be done.
  public init(
    _ workspace: Workspace, log: ProgressLog, environment: [String: String],
    rememberPermission: RememberPermission? = nil, makeReady: @escaping MakeReady,
    runExample: @escaping RunExample, stepExample: StepExample? = nil
  ) {
    self.stepExample = stepExample
    self.makeReady = makeReady
    self.rememberPermission = rememberPermission
    self.workspace = workspace
    self.log = log
    self.environment = environment
    self.runExample = runExample
  }

  /// Makes sure that examples and answers can be run.
  ///
  /// - Parameter onProgress: called with a sentence when there is something to wait for.
  func makeReady(
    isUnwanted: () -> Bool, onProgress: (StyledText) -> Void
  ) throws(WorkbookError) {
    try makeReady(isUnwanted) { steps in
      onProgress("The examples are being built, which is done once: step \(steps).")
    }
  }

  func run(
    _ example: Example, in note: Note, isUnwanted: () -> Bool,
    onOutput: (ArraySlice<UInt8>) -> Void
  ) throws(WorkbookError) -> ExampleRun {
    try runExample(example, note, isUnwanted, onOutput)
  }

  func step(
    through example: Example, _ presentation: Presentation
  ) throws(WorkbookError) -> SteppingEnd {
    guard let stepExample else { return .notTheCourse }
    return try stepExample(example, presentation)
  }

  func refuse(_ example: Example, in note: Note) throws(WorkbookError) -> RefusedExample {
    try RefusedExample(example, in: note, workspace: workspace)
  }

  /// Copies the skeleton unless there is an answer; returns the answer's path and whether it is new.
  func start(_ exercise: String) throws(WorkbookError) -> (path: String, isNew: Bool) {
    let folder = try ExerciseFolder(exercise, in: workspace)
    let isNew = try folder.start()
    folder.prepareInBackground()
    return (folder.answer, isNew)
  }

  func checker(of exercise: String) throws(WorkbookError) -> Checker {
    let folder = try ExerciseFolder(exercise, in: workspace)
    guard access(folder.answer, F_OK) == 0 else {
      throw .missing("there is no answer yet", remedy: "e begins it")
    }
    return try Checker(folder)
  }

  func showSolution(
    of exercise: String, besideAnswer: Bool, in reader: inout Reader
  ) throws(WorkbookError) {
    let folder = try ExerciseFolder(exercise, in: workspace)
    reader.solved(
      exercise, solution: try folder.solutionText(),
      beside: besideAnswer ? try folder.answerText() : nil)
  }

  /// A detector of saved answers to the exercises of a course.
  func savedAnswers(of course: Course) -> SavedAnswers {
    SavedAnswers(
      course.notes.flatMap(\.exercises).compactMap { exercise in
        try? ExerciseFolder(exercise.id, in: workspace)
      })
  }

  // MARK: The editor

  /// The command of the editor: from the environment, else one that is usually there; nil if none is.
  public var editor: String? {
    if let namedEditor { return namedEditor }
    let folders = (environment["PATH"] ?? "").split(separator: ":")
    // Debian's would ask first which one to take, unless it has been told.
    let isChosen = access((environment["HOME"] ?? "") + "/.selected_editor", R_OK) == 0
    let programs =
      isChosen ? ["sensible-editor", "nano", "vi"] : ["nano", "vi", "sensible-editor"]
    return programs.first { name in
      folders.contains { access("\($0)/\(name)", X_OK) == 0 }
    }
  }

  /// Whether the editor is one that a newcomer cannot leave, and that was not chosen.
  var isEditorAStranger: Bool { namedEditor == nil && editor == "vi" }

  /// The command of the editor from the environment; nil if none is named there.
  public var namedEditor: String? {
    [environment["VISUAL"], environment["EDITOR"]].compactMap { $0 }.first { !$0.isEmpty }
  }

  /// The learner's copy of an example.
  func playground(_ example: Example, in note: Note) -> Playground {
    Playground(example, in: note, workspace: workspace, isOwn: rememberPermission != nil)
  }

  /// Remembers that the code of the notes may run; returns an error instead of throwing.
  func permit() -> WorkbookError? {
    do throws(WorkbookError) {
      try rememberPermission?()
      return nil
    } catch {
      return error
    }
  }

  /// Opens an editor on a copy of an example.
  ///
  /// - Returns: whether the editor succeeded.
  public func edit(_ playground: Playground, with editor: String) -> Bool {
    let place = place(in: playground.path, editor, line: playground.firstLine)
    return linux_run_in_foreground("\(editor) \(place)") == 0
  }

  /// Opens the editor on an answer, at the line where code is missing.
  ///
  /// - Returns: whether the answer was saved, and whether the editor succeeded.
  func edit(
    _ exercise: String, with editor: String
  ) throws(WorkbookError) -> (saved: Bool, endedWell: Bool) {
    let folder = try ExerciseFolder(exercise, in: workspace)
    var answers = SavedAnswers([folder], poll: true)
    let endedWell = linux_run_in_foreground("\(editor) \(place(in: folder.answer, editor))") == 0
    return (answers.take(exercise), endedWell)
  }

  /// The file and line as arguments in the form of the editor.
  private func place(in path: String, _ editor: String, line: Int? = nil) -> String {
    let quoted = "'" + path.replacing("'", with: "'\\''") + "'"
    let program = editor.split(separator: " ").first?.split(separator: "/").last ?? ""
    let line = line ?? lineToWrite(in: path)
    switch program {
    case "vi", "vim", "nvim", "nano", "emacs", "emacsclient", "micro", "kak", "joe", "ne", "mg",
      "sensible-editor":
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

  /// Records an event; returns an error instead of throwing, because a failed log must not stop a lesson.
  func record(_ event: ProgressEvent) -> WorkbookError? {
    do throws(WorkbookError) {
      try log.append(event)
      return nil
    } catch {
      return error
    }
  }
}
