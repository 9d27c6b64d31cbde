import CLinux
import CNcurses
import Glibc

/// The terminal as a screen to draw frames on and read keys from, through ncurses.
///
/// There is one at a time. The terminal is put back as it was when `end` is called, when the process
/// is told to stop (SIGTERM, SIGHUP), and when it crashes; ncurses itself sees to Ctrl-Z.
public final class CursesScreen {
  private let presentation: Presentation
  private var hasColour = false
  private var isActive = true

  /// Whether the terminal at a descriptor is one that ncurses knows and can draw on.
  public static func isAvailable(on descriptor: Int32) -> Bool {
    curses_can_draw(descriptor) != 0
  }

  /// - Parameter presentation: what was decided for standard output; only its width is left aside.
  public init(_ presentation: Presentation) {
    self.presentation = presentation
    setlocale(LC_ALL, "")
    // Escape is a key here; waiting a second to see whether more follows would feel broken.
    setenv("ESCDELAY", "25", 0)
    linux_restore_terminal_on_death()
    initscr()
    cbreak()
    noecho()
    nonl()
    keypad(curses_screen(), true)
    _ = curs_set(0)
    // What was typed while the program was being built was not meant for it.
    flushinp()
    if presentation.colour, has_colors(), start_color() == OK {
      use_default_colors()
      hasColour = true
      for colour in Colour.allCases {
        // With eight colours the bright ones are the plain ones, which bold sets apart.
        let number = colours >= 16 ? Int16(colour.rawValue) : Int16(colour.rawValue % 8)
        init_pair(Int16(colour.rawValue) + 1, number, -1)
      }
    }
  }

  deinit { end() }

  private var colours: Int32 { curses_colours() }

  /// Gives the terminal back; drawing afterwards does nothing.
  public func end() {
    guard isActive else { return }
    isActive = false
    endwin()
    linux_forget_terminal()
  }

  public var rows: Int { Int(curses_rows()) }
  public var columns: Int { Int(curses_columns()) }

  // MARK: Drawing

  /// Shows a frame; what is already on the screen is not sent again.
  public func draw(_ frame: Frame) {
    guard isActive else { return }
    werase(curses_screen())
    for (row, line) in frame.lines.prefix(rows).enumerated() {
      wmove(curses_screen(), Int32(row), 0)
      // ncurses would go on in the next row; what is too wide is cut instead.
      for span in presentation.prepared(line).truncated(to: columns, marker: "").spans {
        setStyle(span)
        waddnstr(curses_screen(), shown(span.text), -1)
      }
      curses_set_style(0, 0)
    }
    if let cursor = frame.cursor {
      wmove(curses_screen(), Int32(cursor.row), Int32(min(cursor.column, columns - 1)))
    }
    _ = curs_set(frame.cursor == nil ? 0 : 1)
    wrefresh(curses_screen())
  }

  /// In a locale other than UTF-8 the library has no bytes for other letters.
  private func shown(_ text: String) -> String {
    presentation.unicode
      ? text : String(String.UnicodeScalarView(text.unicodeScalars.map { $0.isASCII ? $0 : "?" }))
  }

  private func setStyle(_ span: Span) {
    let appearance = Theme.appearance(of: span.role)
    let emphasis = presentation.emphasis ? appearance.emphasis.union(span.emphasis) : []
    let foreground = hasColour ? appearance.foreground : nil
    let isBright = (foreground?.rawValue ?? 0) >= 8 && colours < 16
    curses_set_style(
      curses_attribute(
        emphasis.contains(.bold) || isBright ? 1 : 0, emphasis.contains(.italic) ? 1 : 0,
        emphasis.contains(.underline) ? 1 : 0, 0),
      foreground.map { Int16($0.rawValue) + 1 } ?? 0)
  }

  // MARK: Keys

  /// The next key, or nil where none came within so many milliseconds.
  public func nextKey(milliseconds: Int32) -> Key? {
    wtimeout(curses_screen(), milliseconds)
    var code: wint_t = 0
    errno = 0
    switch wget_wch(curses_screen(), &code) {
    case KEY_CODE_YES: return functionKey(Int32(bitPattern: code))
    case OK: return key(code)
    default:
      // A terminal that was closed reads as empty for ever.
      var entry = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
      let isGone =
        poll(&entry, 1, 0) > 0 && entry.revents & Int16(POLLHUP | POLLERR | POLLNVAL) != 0
      return isGone ? .endOfInput : nil
    }
  }

  /// The next key, or nil where none came within so many milliseconds or before there was something
  /// to read from another descriptor; one below zero is passed over.
  public func nextKey(milliseconds: Int32, unlessReadable descriptor: Int32) -> Key? {
    // What ncurses has read ahead already is seen by asking it alone.
    if let key = nextKey(milliseconds: 0) { return key }
    var entries = [STDIN_FILENO, descriptor].map {
      pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
    }
    poll(&entries, nfds_t(entries.count), milliseconds)
    // A new size interrupts the wait and comes as a key.
    return nextKey(milliseconds: 0)
  }

  private func key(_ code: wint_t) -> Key? {
    switch code {
    case 0x09: .tab
    case 0x0A, 0x0D: .enter
    case 0x1B: .escape
    case 0x08, 0x7F: .backspace
    case 1...26: .control(Character(Unicode.Scalar(UInt8(code) + 0x60)))
    case 0..<0x20: nil
    default: Unicode.Scalar(code).map { .character(Character($0)) }
    }
  }

  private func functionKey(_ code: Int32) -> Key? {
    switch code {
    case KEY_RESIZE: .resized
    case KEY_UP: .up
    case KEY_DOWN: .down
    case KEY_LEFT: .left
    case KEY_RIGHT: .right
    case KEY_HOME: .home
    case KEY_END: .end
    case KEY_PPAGE: .pageUp
    case KEY_NPAGE: .pageDown
    case KEY_BACKSPACE: .backspace
    case KEY_DC: .delete
    case KEY_BTAB: .backTab
    case KEY_ENTER: .enter
    default: nil
    }
  }

  /// Lends the terminal to something else, such as an editor, and takes it back.
  public func lend<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    def_prog_mode()
    endwin()
    defer {
      reset_prog_mode()
      clearok(curses_screen(), true)
      wrefresh(curses_screen())
    }
    return try body()
  }
}
