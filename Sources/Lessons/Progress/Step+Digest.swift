public import NoteFormat

extension Step {
  /// The digest of the step's text: the first 16 hexadecimal digits of its SHA-256.
  ///
  /// - Complexity: O(*n*) in the length of the step.
  public var digest: String { String(sha256(Array(source.utf8)).prefix(16)) }
}
