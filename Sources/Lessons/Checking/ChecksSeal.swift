import NoteFormat
public import ProgramSupport

/// The list of what each exercise's checks should hold, so that no answer passes on altered checks.
///
/// `Exercises/Checks.sha256` is in the form that `sha256sum --check` reads.
public enum ChecksSeal {
  static func path(in workspace: Workspace) -> String {
    workspace.exercisesFolder + "/Checks.sha256"
  }

  /// What the list should say for the exercises as they are.
  public static func text(for workspace: Workspace) throws(WorkbookError) -> String {
    var text = ""
    for id in ExerciseFolder.ids(in: workspace) {
      let checks = try ExerciseFolder(id, in: workspace).checks
      if isFile(checks) { text += "\(sha256(try readFile(checks)))  \(id)/Checks.swift\n" }
    }
    return text
  }

  /// The bytes of an exercise's checks, once they are proven to be the ones it came with.
  ///
  /// - Throws: `WorkbookError.badData` where the file is gone or says something else.
  static func sealedChecks(of exercise: ExerciseFolder) throws(WorkbookError) -> [UInt8] {
    let file = exercise.workspace.display(exercise.checks)
    func refused(_ message: String) -> WorkbookError {
      .badData([
        Problem(
          file: file, position: SourcePosition(line: 1, column: 1),
          message: message + "; get it back with: git checkout -- \(file)")
      ])
    }
    guard isFile(exercise.checks) else { throw refused("the checks of this exercise are gone") }
    let bytes = try readFile(exercise.checks)
    let list = String(decoding: try readFile(path(in: exercise.workspace)), as: UTF8.self)
    guard list.contains("\(sha256(bytes))  \(exercise.id)/Checks.swift\n") else {
      throw refused("these are not the checks that the exercise came with")
    }
    return bytes
  }
}
