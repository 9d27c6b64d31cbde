import Glibc
public import ProgramSupport

extension ExerciseFolder {
  /// Puts the skeleton back in the answer's place and keeps the answer beside it.
  ///
  /// - Returns: the backup's path, `answers/ID.swift.1~` or the next free number; nil where there is
  ///   nothing to keep: no answer, or the untouched skeleton.
  /// - Throws: `WorkbookError.missing` where files cannot be written; then the answer is in place.
  @discardableResult
  public func reset() throws(WorkbookError) -> String? {
    guard hasAnswer else { return nil }
    let fresh = try readFile(skeleton)
    guard try readFile(answer) != fresh else { return nil }
    let backup = try keepAnswer()
    // The answer has its second name by now, so taking away the first loses nothing.
    unlink(answer)
    try writeNewFile(answer, fresh)
    return backup
  }

  /// Gives the answer a second name that nothing has yet.
  private func keepAnswer() throws(WorkbookError) -> String {
    for number in 1...9999 {
      let backup = "\(answer).\(number)~"
      if link(answer, backup) == 0 { return backup }
      switch errno {
      case EEXIST: continue
      case EPERM, EOPNOTSUPP, EMLINK:
        // A file system without links.
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

  /// The learner's own answer.
  ///
  /// - Throws: `WorkbookError.missing` where there is none.
  public func answerText() throws(WorkbookError) -> String {
    guard hasAnswer else {
      throw .missing(
        "there is no answer at \(workspace.display(answer))",
        remedy: "'./workbook start \(id)' puts the skeleton there")
    }
    return String(decoding: try readFile(answer), as: UTF8.self)
  }
}
