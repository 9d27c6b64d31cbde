import ArgumentParser
import CommandOptions
import Glibc
import Lessons
import NoteFormat
import ProgramSupport
import Reader
import Terminal

struct ReviewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "review", abstract: "Answer again what you missed, or answered some days ago.",
    discussion: """
      A question or prediction comes back 1, 3, 7 and 21 days after you answered it rightly, and after \
      a day if you did not; five come at a time, those that you missed first. In a terminal each has \
      the whole screen; with --plain, or where there is no such terminal, commands are read line by \
      line. With --json it says what is due, and 'answer' and 'predict' answer it. The exit code is 0 \
      if nothing is due or everything was answered rightly at last, and 1 if something was not.
      """)

  @OptionGroup var options: OutputOptions
  @OptionGroup var format: JSONOption

  func run() throws {
    let workspace = try Workspace.current()
    let environment = processEnvironment()
    let course = try NoteLibrary.compiled.course()
    let log = ProgressLog(workspace, environment: environment)
    let review = Review(of: course, try log.read(), at: log.now)
    let output = options.output()
    if format.json {
      try output.json(ReviewReport(review))
      output.flush()
      return
    }
    guard !review.items.isEmpty else {
      output.line(Self.outlook(review.next))
      output.flush()
      return
    }
    let session = ReaderSession(
      course: course, workspace: workspace, log: log, environment: environment,
      runExample: Laboratory.runExample)
    let right = try session.run(at: nil, reviewing: review.items, output).rightInReview
    output.line(StyledText("\(right) of \(review.items.count) right."))
    output.line(Self.outlook(after: Review(of: course, try log.read(), at: log.now)))
    output.flush()
    guard right == review.items.count else { throw ExitCode(1) }
  }

  private static func outlook(after review: Review) -> StyledText {
    guard review.dueCount > 0 else { return outlook(review.next) }
    return StyledText("\(review.dueCount) more \(review.dueCount == 1 ? "is" : "are") due: ")
      + StyledText("./workbook review", .key)
  }

  private static func outlook(_ next: Double?) -> StyledText {
    guard let next else {
      return "Nothing to review: what you answer in the notes comes back here after a day."
    }
    return StyledText("Nothing to review until \(date(next)).")
  }

  /// A time in the local time zone, such as `30 November 2026, 14:05`; to the next full minute.
  private static func date(_ seconds: Double) -> String {
    var time = time_t((seconds / 60).rounded(.up) * 60)
    var parts = tm()
    localtime_r(&time, &parts)
    let months = [
      "January", "February", "March", "April", "May", "June", "July", "August", "September",
      "October", "November", "December",
    ]
    func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(parts.tm_mday) \(months[Int(parts.tm_mon)]) \(parts.tm_year + 1900), "
      + "\(two(parts.tm_hour)):\(two(parts.tm_min))"
  }
}

/// What is due, as printed by `review --json`.
struct ReviewReport: Encodable {
  var due: [Item]
  /// The number of all that is due, also beyond the first five.
  var dueCount: Int
  /// When the next one is due that is not due now, in Unix seconds.
  var next: Double?

  struct Item: Encodable {
    /// The question, or nil for a prediction.
    var question: String?
    /// The example whose output is to be predicted, or nil for a question.
    var example: String?
    var note: String
    /// Counted from 1.
    var stepNumber: Int
    /// In Unix seconds.
    var since: Double
    var missed: Bool
  }

  init(_ review: Review) {
    due = review.items.map { item in
      let isQuestion = if case .question = item.name { true } else { false }
      return Item(
        question: isQuestion ? item.name.text : nil, example: isQuestion ? nil : item.name.text,
        note: item.note, stepNumber: item.step + 1, since: item.due, missed: item.isMissed)
    }
    dueCount = review.dueCount
    next = review.next
  }
}
