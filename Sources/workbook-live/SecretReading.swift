import CommandOptions
import Glibc
import ProgramSupport
import Terminal

extension SecretSource {
  /// The first line of the file, or the variable's value; messages never say what it is.
  ///
  /// - Throws: `WorkbookError.missing` where it cannot be read or is empty.
  func read() throws(WorkbookError) -> String {
    let text: String
    switch self {
    case .file(let path):
      let bytes = try readFile(path)
      text = String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    case .environment(let name):
      guard let value = processEnvironment()[name] else {
        throw .missing("the environment variable \(name) is not set", remedy: nil)
      }
      text = value
    }
    let secret = text.hasSuffix("\r") ? String(text.dropLast()) : text
    guard !secret.isEmpty else { throw .missing("there is nothing in \(description)", remedy: nil) }
    return secret
  }
}

extension SecretSource {
  /// The source as it is typed.
  var description: String {
    switch self {
    case .file(let path): "file:\(path)"
    case .environment(let name): "env:\(name)"
    }
  }
}
