/// A key press, independent of the sequence that the terminal sends for it.
public enum TerminalKey: Hashable, Sendable {
  case character(Character)
  case enter, tab, backTab, escape, backspace, delete
  case up, down, left, right, home, end, pageUp, pageDown
  /// A letter with Control; the letter is in lower case: `control("d")`.
  case control(Character)
  /// Not a key: the size of the terminal has changed.
  case resized
  /// Not a key: the terminal was closed, and no more keys will follow.
  case endOfInput
}
