public import NoteFormat

extension Step {
  /// Changes when the step's text does: 16 hex digits of its SHA-256.
  ///
  /// - Complexity: O(*n*) in the length of the step.
  public var digest: String { String(sha256(Array(source.utf8)).prefix(16)) }
}
