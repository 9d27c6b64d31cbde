import Drills
import Lessons

/// The object that `drill --json` prints.
struct DrillList: Encodable {
  struct Entry: Encodable {
    var drill: String
    var report: String
    var causeFound: Bool
    var solved: Bool
  }

  var drills: [Entry]

  init(_ progress: Progress) {
    drills = Drill.all.map { drill in
      Entry(
        drill: drill.id, report: drill.report,
        causeFound: progress.hasFoundCause(ofDrill: drill.id),
        solved: progress.hasSolved(drill: drill.id))
    }
  }
}

/// The object that `drill ID --json` prints.
struct DrillReport: Encodable {
  struct View: Encodable {
    var view: String
    var lines: [String]
  }

  struct Cause: Encodable {
    var number: Int
    var right: Bool
    var reason: String
    var evidence: [String]

    init(_ cause: Drill.Cause, _ number: Int, _ right: Bool, in run: SceneRun) {
      (self.number, self.right, reason) = (number, right, cause.reason)
      evidence = cause.evidence.flatMap { $0.lines(in: run) ?? [] }
    }
  }

  struct Fix: Encodable {
    var number: Int
    var right: Bool
    var reason: String
    var outcome: String

    init(_ fix: Drill.Fix, _ number: Int, _ right: Bool, _ run: SceneRun) {
      (self.number, self.right, reason) = (number, right, fix.reason)
      outcome = run.outcome
    }
  }

  var drill: String
  var report: String
  var setting: String
  var outcome: String
  var causes: [String]
  /// Nil until the cause is found.
  var fixes: [String]?
  var causeFound: Bool
  var solved: Bool
  var shown: [View] = []
  var cause: Cause?
  var fix: Fix?

  init(_ drill: Drill, _ run: SceneRun, _ progress: Progress) {
    self.drill = drill.id
    report = drill.report
    setting = drill.scene.setting
    outcome = run.outcome
    causes = drill.causes.map(\.text)
    causeFound = progress.hasFoundCause(ofDrill: drill.id)
    solved = progress.hasSolved(drill: drill.id)
    if causeFound { fixes = drill.fixes.map(\.text) }
  }

  /// The cause has been found, and there is a fix to choose.
  mutating func found(_ drill: Drill) {
    causeFound = true
    fixes = drill.fixes.map(\.text)
  }
}
