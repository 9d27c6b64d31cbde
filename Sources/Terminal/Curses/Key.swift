/// A key that was pressed, whatever the terminal sends for it.
public enum Key: Hashable, Sendable {
  case character(Character)
  case enter, tab, backTab, escape, backspace, delete
  case up, down, left, right, home, end, pageUp, pageDown
  /// A letter with Control, in lower case: `control("d")`.
  case control(Character)
  /// No key: the terminal has another size now.
  case resized
  /// No key: nothing more will come, for the terminal is gone.
  case endOfInput
}
