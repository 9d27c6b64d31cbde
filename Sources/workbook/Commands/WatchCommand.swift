import ArgumentParser
import CommandOptions
import Lessons
import ProgramSupport
import Terminal

struct WatchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch", abstract: "Check an answer whenever it is saved.",
    discussion: """
      With no exercise named, every answer is watched, and the one changed last is checked at once. \
      Ctrl-C ends it. With --json each verdict is one line, an object.
      """)

  @OptionGroup var options: OutputOptions
  @OptionGroup var format: JSONOption

  @Flag(help: "Look for changes instead of being told: for network and shared folders.")
  var poll = false

  @Argument(help: "The exercise's id.", completion: Names.exercises)
  var exercise: String?

  func run() throws {
    let workspace = try Workspace.current()
    let output = options.output()
    let (watched, first) = try exercises(in: workspace)
    _ = try OtherProgram.lab.path()
    var watch = try AnswerWatch(watched, poll: poll)
    if watch.polls, !poll, !format.json {
      output.line(StyledText("Changes are looked for every quarter of a second.", .muted))
    }
    let round = CheckRound(output: output, showsJSON: format.json, recorder: Recorder(workspace))
    var due = [first]
    var waiting: WaitingPrograms?
    while !output.isClosed {
      clear(output)
      for folder in due {
        if let verdict = try check(folder, round, with: waiting) { watch.checked(verdict) }
      }
      // Where they cannot be started, the next check says why.
      waiting = try? Checker(first).startPrograms()
      if !format.json {
        output.line()
        output.line(StyledText("Save your answer to check it again; Ctrl-C ends.", .muted))
      }
      output.flush()
      due = try watch.next()
    }
  }

  /// Clears the screen before each verdict, if output is a terminal.
  private func clear(_ output: Writer) {
    guard !output.presentation.plain, !format.json else { return }
    output.raw("\u{1B}[2J\u{1B}[H")
  }

  private func check(
    _ folder: ExerciseFolder, _ round: CheckRound, with waiting: WaitingPrograms?
  ) throws -> Verdict? {
    do {
      let verdict = try round.check(folder, with: waiting)
      if format.json { round.output.jsonLine(verdict) }
      guard verdict.passed, !format.json else { return verdict }
      round.output.line(
        StyledText("  See how it can be done, too: ", .muted)
          + StyledText("./workbook solution \(folder.id) --compare", .key))
      return verdict
    } catch WorkbookError.missing where !folder.hasAnswer {
      // An editor may have removed the file for a moment.
      return nil
    }
  }

  /// The exercises to watch, and those to check immediately.
  private func exercises(
    in workspace: Workspace
  ) throws -> (watched: [ExerciseFolder], first: ExerciseFolder) {
    if let exercise {
      let folder = try ExerciseFolder(exercise, in: workspace)
      _ = try folder.answerText()
      return ([folder], folder)
    }
    guard let first = try ExerciseFolder.answered(in: workspace).first else {
      throw WorkbookError.missing(
        "there is no answer yet", remedy: "'./workbook start EXERCISE' begins one")
    }
    // All exercises are watched, including those that are started later.
    let all = try ExerciseFolder.ids(in: workspace).map { try ExerciseFolder($0, in: workspace) }
    return (all, first)
  }
}
