import Glibc
import Terminal

extension Writer {
  /// Prints a page of which the beginning may have been printed: what is new, from the start of its
  /// paragraph on.
  func lines(_ page: [StyledText], after shown: [StyledText]) {
    var start = zip(page, shown).prefix { $0.text == $1.text }.count
    while start < page.count, start > 0, !page[start].isEmpty, !page[start - 1].isEmpty {
      start -= 1
    }
    while start < page.count, page[start].isEmpty { start += 1 }
    lines(page.dropFirst(start))
  }
}

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
