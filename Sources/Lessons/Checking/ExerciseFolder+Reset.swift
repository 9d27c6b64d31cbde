import Glibc
public import ProgramSupport

extension ExerciseFolder {
  /// Replaces the answer by the skeleton and keeps the answer as a backup.
  ///
  /// - Returns: the path of the backup, `answers/ID.swift.1~` or the next free number; nil if there was
  ///   no answer or only the unchanged skeleton.
  /// - Throws: `WorkbookError.missing` if files cannot be written; the answer is then unchanged.
  @discardableResult
  public func reset() throws(WorkbookError) -> String? {
    guard hasAnswer else { return nil }
    let fresh = try readFile(skeleton)
    guard try readFile(answer) != fresh else { return nil }
    let backup = try keepAnswer()
    // The answer has a second name now, so removing the first one loses nothing.
    unlink(answer)
    try writeNewFile(answer, fresh)
    return backup
  }

  /// Links the answer to a new, unused name.
  private func keepAnswer() throws(WorkbookError) -> String {
    for number in 1...9999 {
      let backup = "\(answer).\(number)~"
      if link(answer, backup) == 0 { return backup }
      switch errno {
      case EEXIST: continue
      case EPERM, EOPNOTSUPP, EMLINK:
        // The file system does not support links.
        if isFile(backup) { continue }
        try writeNewFile(backup, try readFile(answer))
        return backup
      case let code:
        throw .missing(
          "cannot make the backup \(backup): \(String(cString: strerror(code)))", remedy: nil)
      }
    }
    throw .missing(
      "there are 9999 backups of \(workspace.display(answer))", remedy: "delete some of them")
  }

  /// The text of the learner's answer.
  ///
  /// - Throws: `WorkbookError.missing` if there is no answer.
  public func answerText() throws(WorkbookError) -> String {
    guard hasAnswer else {
      throw .missing(
        "there is no answer at \(workspace.display(answer))",
        remedy: "'./workbook start \(id)' puts the skeleton there")
    }
    return String(decoding: try readFile(answer), as: UTF8.self)
  }
}
