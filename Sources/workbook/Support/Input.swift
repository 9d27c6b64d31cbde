import Glibc
import Terminal

extension String {
  /// The text without line feeds at its end.
  var trimmingLineFeeds: String {
    var text = self[...]
    while text.last == "\n" { text.removeLast() }
    return String(text)
  }
}

/// Standard input, from a terminal or a pipe.
enum Input {
  /// Prints a prompt, unless standard input is a pipe.
  static func prompt(_ text: String, _ output: Writer) {
    output.flush()
    guard isatty(STDIN_FILENO) == 1 else { return }
    output.text(StyledText(text, .note))
    output.flush()
  }

  /// Reads one line without its line feed; nil at the end of input.
  static func line() -> String? { readLine() }

  /// Reads lines up to an empty line or the end of input; nil if there is no line.
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
