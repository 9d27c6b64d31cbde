import CLinux
import CNcurses
import Glibc

/// A full-screen terminal through ncurses: draws frames and reads keys.
///
/// Only one may exist at a time. The terminal is restored by `end`, by SIGTERM and SIGHUP, and when
/// the process crashes; ncurses handles Ctrl-Z.
public final class CursesScreen {
  private let presentation: Presentation
  private var hasColour = false
  private var isActive = true

  /// Whether the terminal at a descriptor is one that ncurses knows and can draw on.
  public static func isAvailable(on descriptor: Int32) -> Bool {
    curses_can_draw(descriptor) != 0
  }

  /// Starts full-screen mode.
  ///
  /// - Parameter presentation: the presentation of standard output; its width is ignored.
  public init(_ presentation: Presentation) {
    self.presentation = presentation
    setlocale(LC_ALL, "")
    // Escape is a key of its own; the default wait of a second for a sequence would feel broken.
    setenv("ESCDELAY", "25", 0)
    linux_restore_terminal_on_death()
    // The wheel of the mouse sends arrows, and selecting with the mouse stays the terminal's.
    send(Self.saveWheel + Self.wheelSendsArrows)
    initscr()
    cbreak()
    noecho()
    nonl()
    keypad(curses_screen(), true)
    _ = curs_set(0)
    // Discards keys that were typed before the program started, such as during its build.
    flushinp()
    if presentation.colour, has_colors(), start_color() == OK {
      use_default_colors()
      hasColour = true
      for colour in Colour.allCases {
        // With eight colors a bright color is the plain one in bold.
        let number = colours >= 16 ? Int16(colour.rawValue) : Int16(colour.rawValue % 8)
        init_pair(Int16(colour.rawValue) + 1, number, -1)
      }
    }
  }

  deinit { end() }

  private var colours: Int32 { curses_colours() }

  /// Ends full-screen mode and restores the terminal; later drawing has no effect.
  public func end() {
    guard isActive else { return }
    isActive = false
    endwin()
    send(Self.restoreWheel)
    linux_forget_terminal()
  }

  // xterm's alternate scroll mode, saved, set and restored (XTSAVE, DECSET, XTRESTORE).
  private static let saveWheel = "\u{1B}[?1007s"
  private static let wheelSendsArrows = "\u{1B}[?1007h"
  private static let restoreWheel = "\u{1B}[?1007r"

  /// Sends a control sequence to the terminal, past ncurses.
  private func send(_ sequence: String) {
    let bytes = Array(sequence.utf8)
    var sent = 0
    while sent < bytes.count {
      let count = write(STDOUT_FILENO, Array(bytes[sent...]), bytes.count - sent)
      guard count > 0 else { return }
      sent += count
    }
  }

  /// Copies a text to the clipboard of the terminal, if the terminal allows it (xterm's OSC 52).
  public func copy(_ text: String) {
    guard isActive else { return }
    send("\u{1B}]52;c;\(Base64.encoded(Array(text.utf8)))\u{07}")
  }

  /// The height of the screen in rows.
  public var rows: Int { Int(curses_rows()) }
  /// The width of the screen in columns.
  public var columns: Int { Int(curses_columns()) }

  // MARK: Drawing

  /// Draws a frame; only changed cells are sent to the terminal.
  public func draw(_ frame: ScreenFrame) {
    guard isActive else { return }
    werase(curses_screen())
    for (row, line) in frame.lines.prefix(rows).enumerated() {
      wmove(curses_screen(), Int32(row), 0)
      // Lines that are too wide are cut, because ncurses would continue them in the next row.
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

  /// The text with `?` for letters that a locale other than UTF-8 cannot encode.
  private func shown(_ text: String) -> String {
    presentation.unicode
      ? text : String(String.UnicodeScalarView(text.unicodeScalars.map { $0.isASCII ? $0 : "?" }))
  }

  private func setStyle(_ span: StyledSpan) {
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

  /// Waits up to so many milliseconds for a key; nil if none arrives.
  public func nextKey(milliseconds: Int32) -> TerminalKey? {
    wtimeout(curses_screen(), milliseconds)
    var code: wint_t = 0
    errno = 0
    switch wget_wch(curses_screen(), &code) {
    case KEY_CODE_YES: return functionKey(Int32(bitPattern: code))
    case OK: return key(code)
    default:
      // Reading from a closed terminal returns nothing forever.
      var entry = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
      let isGone =
        poll(&entry, 1, 0) > 0 && entry.revents & Int16(POLLHUP | POLLERR | POLLNVAL) != 0
      return isGone ? .endOfInput : nil
    }
  }

  /// Waits for a key until the timeout or until a descriptor is readable; nil if no key arrives.
  ///
  /// A negative descriptor is ignored.
  public func nextKey(milliseconds: Int32, unlessReadable descriptor: Int32) -> TerminalKey? {
    // `poll` does not see keys that ncurses has already read ahead.
    if let key = nextKey(milliseconds: 0) { return key }
    var entries = [STDIN_FILENO, descriptor].map {
      pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
    }
    poll(&entries, nfds_t(entries.count), milliseconds)
    // A change of size interrupts the wait and arrives as a key.
    return nextKey(milliseconds: 0)
  }

  private func key(_ code: wint_t) -> TerminalKey? {
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

  private func functionKey(_ code: Int32) -> TerminalKey? {
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

  /// Leaves full-screen mode while `body` uses the terminal, for example to run an editor.
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
