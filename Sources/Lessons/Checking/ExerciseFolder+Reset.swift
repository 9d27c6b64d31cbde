public import ProgramSupport

extension ExerciseFolder {
  /// Replaces the answer by the skeleton and keeps the answer as a backup.
  ///
  /// - Returns: the path of the backup, `answers/ID.swift.1~` or the next free number; nil if there was
  ///   no answer or only the unchanged skeleton.
  /// - Throws: `WorkbookError.notWritten` if files cannot be written; the answer is then unchanged.
  @discardableResult
  public func reset() throws(WorkbookError) -> String? {
    guard hasAnswer else { return nil }
    return try replaceKeepingBackup(answer, with: try readFile(skeleton))
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
