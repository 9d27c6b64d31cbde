import ArgumentParser
import Calls
import CommandOptions
import Drills
import Lessons
import ProgramSupport
import Terminal

/// `drill`: calls that fail, of which the learner says why.
struct DrillCommand: ParsableCommand {
  static let configuration = DrillArguments.configuration

  @OptionGroup var arguments: DrillArguments

  func run() throws {
    let output = arguments.output.output()
    defer { output.flush() }
    let recorder = Recorder(try .current())
    guard let id = arguments.id else { return try list(recorder.progress(), output) }
    guard let drill = Drill(named: id) else {
      throw WorkbookError.missing("'\(id)' is not in this program", remedy: "build it anew")
    }
    let isAsked =
      !arguments.show.isEmpty || arguments.pcap != nil || arguments.cause != nil
      || arguments.fix != nil
    if isAsked || arguments.format.json { return try answer(drill, recorder, output) }
    var session = DrillSession(drill, recorder, output)
    guard try session.solve() else {
      output.flush()
      throw ExitCode(1)
    }
  }

  /// Lists the drills, with what is solved.
  private func list(_ progress: Progress, _ output: Writer) throws {
    if arguments.format.json {
      try output.json(DrillList(progress))
    } else {
      output.lines(DrillPage(output.presentation).list(progress))
    }
  }

  /// Shows and judges what the options say, without asking.
  private func answer(_ drill: Drill, _ recorder: Recorder, _ output: Writer) throws {
    try arguments.cause.map { try Self.require($0, of: drill.causes.count, "cause") }
    try arguments.fix.map { try Self.require($0, of: drill.fixes.count, "fix") }
    let side: Call.Party = arguments.side == .alice ? .alice : .bob
    let page = DrillPage(output.presentation)
    let run = SceneRun(drill.scene)
    var report = DrillReport(drill, run, recorder.progress())
    var lines: [StyledText] = []
    if let path = arguments.pcap { try writeNewFile(path, run.pcap(of: side)) }
    for view in arguments.show {
      let shown = page.view(view, of: side, in: run)
      report.shown.append(.init(view: view.rawValue, lines: shown.map(\.text)))
      lines += shown + [""]
    }
    var isRight = true
    if let number = arguments.cause {
      let cause = drill.causes[number - 1]
      isRight = number - 1 == drill.rightCause
      recorder.record(.causeChosen(drill: drill.id, number: number, right: isRight))
      report.cause = .init(cause, number, isRight, in: run)
      lines += page.verdict(on: cause, isRight: isRight, in: run) + [""]
      if isRight { report.found(drill) }
    }
    if let number = arguments.fix {
      guard report.causeFound, isRight else {
        if arguments.cause == nil {
          throw WorkbookError.usage("a fix is chosen once the cause is found: --cause NUMBER")
        }
        return try finish(lines, report, isRight: false, output)
      }
      let fix = drill.fixes[number - 1]
      isRight = number - 1 == drill.rightFix
      recorder.record(.fixChosen(drill: drill.id, number: number, right: isRight))
      let mended = SceneRun(fix.applied(to: drill.scene))
      report.fix = .init(fix, number, isRight, mended)
      report.solved = report.solved || isRight
      lines += page.verdict(on: fix, isRight: isRight, mended) + [""]
    }
    try finish(lines, report, isRight: isRight, output)
  }

  private func finish(
    _ lines: [StyledText], _ report: DrillReport, isRight: Bool, _ output: Writer
  ) throws {
    if arguments.format.json {
      try output.json(report)
    } else {
      output.lines(lines.dropLast())
    }
    output.flush()
    if !isRight { throw ExitCode(1) }
  }

  private static func require(
    _ number: Int, of count: Int, _ kind: String
  ) throws(WorkbookError) {
    guard (1...count).contains(number) else {
      throw .usage("there is no \(kind) \(number); there are 1 to \(count)")
    }
  }
}
