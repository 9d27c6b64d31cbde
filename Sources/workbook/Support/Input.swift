import Glibc
import Terminal

extension String {
  /// The text without the line feeds at its end, which would be lines of their own.
  var trimmingLineFeeds: String {
    var text = self[...]
    while text.last == "\n" { text.removeLast() }
    return String(text)
  }
}

/// What a person types, or a pipe holds, on standard input.
enum Input {
  /// Asks in one line of its own; nothing is asked of a pipe, which cannot read it.
  static func prompt(_ text: String, _ output: Writer) {
    output.flush()
    guard isatty(STDIN_FILENO) == 1 else { return }
    output.text(StyledText(text, .note))
    output.flush()
  }

  /// One line without its end; nil at the end of input.
  static func line() -> String? { readLine() }

  /// Lines up to an empty one or the end of input; nil where the input ended before the first.
  static func lines() -> String? {
    guard let first = readLine() else { return nil }
    var lines: [String] = []
    var next: String? = first
    while let line = next, !line.isEmpty {
      lines.append(line)
      next = readLine()
    }
    return lines.joined(separator: "\n")
  }
}
