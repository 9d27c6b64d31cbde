import Glibc

/// A real terminal to run the program in, driven by keys and read as a screen, through tmux.
public final class TerminalScreen {
  private let socket = "workbook-test-\(UInt64.random(in: 0 ... .max))"

  /// Starts a shell of that size; nothing of the user's own settings applies.
  public init(columns: Int, rows: Int, environment: [String: String] = [:]) throws {
    let usual = [
      "LANG": "C.UTF-8", "NO_COLOR": "", "ACCESSIBLE": "", "COLUMNS": "", "VISUAL": "",
      "EDITOR": "", "HISTFILE": "",
    ]
    let variables = usual.merging(environment) { $1 }.flatMap { ["-e", "\($0.key)=\($0.value)"] }
    try tmux(
      ["-f", "/dev/null", "new-session", "-d", "-x", "\(columns)", "-y", "\(rows)"] + variables
        + ["sh"])
    try tmux(["set-option", "-g", "status", "off"])
    try tmux(["resize-window", "-x", "\(columns)", "-y", "\(rows)"])
    // The shell keeps a prompt of its own for root, whatever the environment says.
    try command("PS1='\(Self.prompt)'; clear")
    try waitForShell()
  }

  /// What the shell in the terminal asks for commands with.
  public static let prompt = "shell> "

  deinit { _ = try? tmux(["kill-server"]) }

  @discardableResult
  private func tmux(_ arguments: [String]) throws -> String {
    let result = try Program.run("tmux", ["-L", socket] + arguments, environment: ["COLUMNS": ""])
    return result.output
  }

  /// Presses keys by tmux's names, such as `Enter`, `C-c`, `n`.
  public func press(_ keys: String...) throws {
    try tmux(["send-keys"] + keys)
  }

  /// Types text as it is.
  public func type(_ text: String) throws {
    try tmux(["send-keys", "-l", text])
  }

  /// Types a command to the shell.
  public func command(_ text: String) throws {
    try type(text)
    try press("Enter")
  }

  public func resize(columns: Int, rows: Int) throws {
    try tmux(["resize-window", "-x", "\(columns)", "-y", "\(rows)"])
  }

  /// The screen as text; the blanks at the ends of lines are gone.
  public func text() throws -> String {
    try tmux(["capture-pane", "-p"])
  }

  /// The screen once it holds the text, or an error with what it holds after some seconds.
  @discardableResult
  public func wait(for text: String, seconds: Int = 20) throws -> String {
    try wait(seconds: seconds, "'\(text)'") { $0.contains(text) }
  }

  /// The screen once it is as it should be, or an error with what it holds after some seconds.
  @discardableResult
  public func wait(
    seconds: Int = 20, _ what: String = "the shell", until isThere: (String) -> Bool
  ) throws -> String {
    var last = ""
    do {
      try waitFor(what, seconds: seconds) {
        last = try text()
        return isThere(last)
      }
    } catch is WaitedInVain {
      throw Missing(what: what, screen: last)
    }
    return last
  }

  /// The screen once it holds the text and has not changed for some looks: nothing is being drawn.
  public func wait(untilStillWith text: String, seconds: Int = 20) throws -> String {
    var (last, same) = ("", 0)
    return try wait(seconds: seconds, "'\(text)', unmoved") { screen in
      same = screen == last ? same + 1 : 0
      last = screen
      return same >= 5 && screen.contains(text)
    }
  }

  /// Waits until the shell asks for the next command in the screen's last line.
  public func waitForShell() throws {
    try wait { screen in
      screen.split(separator: "\n").last?.hasPrefix(Self.prompt.dropLast()) == true
    }
  }

  public struct Missing: Error, CustomStringConvertible {
    var what: String
    var screen: String

    public var description: String { "\(what) has not come onto the screen:\n\(screen)" }
  }
}
