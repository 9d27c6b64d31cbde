import Glibc
import NoteFormat
public import ProgramSupport

/// The code of own notes that the learner has allowed to run, remembered by its content.
///
/// Notes from elsewhere may hold any code, and it runs with the learner's rights. A note whose code is
/// changed has to be allowed again.
public struct TrustedCode: Sendable {
  /// What a reader is told before allowing code to run.
  public static let warning =
    "It runs with your rights: what you can read, change or send, it can."

  /// The file of digests, one in each line.
  public let path: String

  /// The learner's file: `trusted-code` in `.workbook/` or in the folder `WORKBOOK_STATE`.
  public init(_ workspace: Workspace, environment: [String: String]) {
    path = ProgressLog.folder(workspace, environment) + "/trusted-code"
  }

  /// Whether the code of some notes may run; notes without code may.
  public func contains(_ notes: OwnNotes) -> Bool {
    guard let digest = notes.codeDigest else { return true }
    guard let bytes = try? readFile(path) else { return false }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").contains { $0 == digest }
  }

  /// Allows the code of some notes to run, from now on.
  ///
  /// - Throws: `WorkbookError.notWritten` if it cannot be remembered.
  public func insert(_ notes: OwnNotes) throws(WorkbookError) {
    guard let digest = notes.codeDigest, !contains(notes) else { return }
    if let slash = path.lastIndex(of: "/") { try makeFolder(String(path[..<slash])) }
    let known = (try? readFile(path)) ?? []
    try writeFile(path, known + Array((digest + "\n").utf8))
  }
}

extension OwnNotes {
  /// The SHA-256 digest of all code in the notes; nil if there is none.
  ///
  /// - Complexity: O(*n*) in the length of the code.
  var codeDigest: String? {
    let examples = course.notes.flatMap(\.examples)
    guard !examples.isEmpty else { return nil }
    // The lengths keep apart what would read the same when joined.
    let texts = examples.map { "\($0.code.text.utf8.count):\($0.code.text)" }
    return sha256(Array(texts.joined().utf8))
  }
}
