/// The first error among the compiler's messages, and how many others there are.
struct CompilerMessages: Equatable {
  /// The lines of the first error with its excerpt of the code; all lines if there is no error.
  private(set) var first: [String] = []
  /// The number of further errors.
  private(set) var otherErrors = 0

  init(_ messages: String) {
    let lines = messages.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    var errors: [[String]] = []
    var isInError = false
    for line in lines {
      if let kind = Self.kind(of: line) {
        isInError = kind == "error"
        if isInError { errors.append([]) }
      }
      if isInError { errors[errors.count - 1].append(line) }
    }
    // The compiler can say the same twice.
    var distinct: [[String]] = []
    for error in errors where !distinct.contains(where: { $0[0] == error[0] }) {
      distinct.append(error)
    }
    first = distinct.first ?? lines
    otherErrors = max(0, distinct.count - 1)
    while first.last?.isEmpty == true { first.removeLast() }
  }

  /// `error` for a line like `answers/x.swift:1:2: error: ...`; nil for a line that begins no message.
  private static func kind(of line: String) -> String? {
    guard !line.hasPrefix(" ") else { return nil }
    return ["error", "warning", "note"].first { kind in
      line.hasPrefix("\(kind): ") || line.contains(": \(kind): ")
    }
  }
}
