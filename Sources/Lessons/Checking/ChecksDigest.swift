import NoteFormat
public import ProgramSupport

/// The digests of all exercises' checks, which ensure that no answer passes on altered checks.
///
/// The file `Exercises/Checks.sha256` has the format of `sha256sum --check`.
public enum ChecksDigest {
  static func path(in workspace: Workspace) -> String {
    workspace.exercisesFolder + "/Checks.sha256"
  }

  /// The contents of the file for the current checks.
  public static func text(for workspace: Workspace) throws(WorkbookError) -> String {
    var text = ""
    for id in ExerciseFolder.ids(in: workspace) {
      let checks = try ExerciseFolder(id, in: workspace).checks
      if isFile(checks) { text += "\(sha256(try readFile(checks)))  \(id)/Checks.swift\n" }
    }
    return text
  }

  /// The bytes of an exercise's checks, verified against their digest.
  ///
  /// - Throws: `WorkbookError.badData` if the file is missing or altered.
  static func verifiedChecks(of exercise: ExerciseFolder) throws(WorkbookError) -> [UInt8] {
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
