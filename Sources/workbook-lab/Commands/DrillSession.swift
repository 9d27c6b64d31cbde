import Calls
import CommandOptions
import Drills
import Glibc
import Lessons
import ProgramSupport
import Terminal

/// A drill line by line: the learner looks, chooses the cause, and then the fix.
///
///     looking ─ wrong cause ─▶ looking ─ right cause ─▶ mending ─ wrong fix ─▶ mending
///                                                          └───── right fix ─▶ solved
struct DrillSession {
  private let drill: Drill
  private let run: SceneRun
  private let recorder: Recorder
  private let output: Writer
  private let page: DrillPage
  private var hasFoundCause = false

  init(_ drill: Drill, _ recorder: Recorder, _ output: Writer) {
    self.drill = drill
    run = SceneRun(drill.scene)
    (self.recorder, self.output) = (recorder, output)
    page = DrillPage(output.presentation)
  }

  /// Obeys lines until the drill is solved, or no more lines come.
  ///
  /// - Returns: whether it was solved.
  mutating func solve() throws(WorkbookError) -> Bool {
    output.lines(page.opening(drill, run))
    while true {
      prompt()
      guard let line = readLine() else { break }
      let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
      guard let word = words.first else { continue }
      switch word {
      case "quit", "q": return finish()
      case "help", "?": output.lines(page.hint)
      case "causes" where words.count == 1: output.lines(page.causes(of: drill))
      case "fixes" where words.count == 1 && hasFoundCause: output.lines(page.fixes(of: drill))
      case "capture": capture(words.dropFirst())
      default:
        if let view = DrillView(rawValue: word) {
          look(at: view, words.dropFirst())
        } else if let number = Int(words.count == 1 ? word : words.last ?? "") {
          if choose(number, words) { return true }
        } else {
          complain("'\(line)' is nothing to look at and no number; 'help' says what there is")
        }
      }
    }
    return finish()
  }

  private func prompt() {
    output.line()
    output.flush()
    guard isatty(STDIN_FILENO) == 1 else { return }
    output.text(StyledText(hasFoundCause ? "fix> " : "cause> ", .key))
    output.flush()
  }

  private func finish() -> Bool {
    output.line("The drill \(drill.id) is not solved yet.")
    return false
  }

  private func look(at view: DrillView, _ words: ArraySlice<String>) {
    guard words.count <= 1, let side = Self.side(words.first) else {
      return complain("say 'alice' or 'bob' behind '\(view.rawValue)'")
    }
    output.lines(page.view(view, of: side, in: run))
  }

  /// The side with a name; alice if none is given.
  private static func side(_ name: String?) -> Call.Party? {
    switch name {
    case nil, "alice": .alice
    case "bob": .bob
    default: nil
    }
  }

  private func capture(_ words: ArraySlice<String>) {
    guard let path = words.first, words.count <= 2, let side = Self.side(words.dropFirst().first)
    else { return complain("say 'capture FILE', and 'bob' behind it for his") }
    do throws(WorkbookError) {
      try writeNewFile(path, run.pcap(of: side))
      output.line("\(path) holds the packets of \(side)'s host: 'workbook decode \(path)'.")
    } catch {
      complain(error.messages.joined(separator: "; "))
    }
  }

  /// Judges a cause or a fix by its number; true once the drill is solved.
  private mutating func choose(_ number: Int, _ words: [String]) -> Bool {
    let kind = hasFoundCause ? "fix" : "cause"
    let count = hasFoundCause ? drill.fixes.count : drill.causes.count
    guard words.count == 1 || words.count == 2 && words[0] == kind else {
      complain("a \(kind) is chosen by its number alone")
      return false
    }
    guard (1...count).contains(number) else {
      complain("there is no \(kind) \(number); there are 1 to \(count)")
      return false
    }
    guard hasFoundCause else {
      judgeCause(number)
      return false
    }
    return judgeFix(number)
  }

  private mutating func judgeCause(_ number: Int) {
    let isRight = number - 1 == drill.rightCause
    recorder.record(.causeChosen(drill: drill.id, number: number, right: isRight))
    output.lines(page.verdict(on: drill.causes[number - 1], isRight: isRight, in: run))
    guard isRight else { return }
    hasFoundCause = true
    output.line()
    output.lines(page.fixes(of: drill))
  }

  private func judgeFix(_ number: Int) -> Bool {
    let isRight = number - 1 == drill.rightFix
    recorder.record(.fixChosen(drill: drill.id, number: number, right: isRight))
    let fix = drill.fixes[number - 1]
    let mended = SceneRun(fix.applied(to: drill.scene))
    output.lines(page.verdict(on: fix, isRight: isRight, mended))
    if isRight { output.line(StyledText("The drill \(drill.id) is solved.", .success)) }
    return isRight
  }

  private func complain(_ text: String) { output.line(StyledText(text, .failure)) }
}
