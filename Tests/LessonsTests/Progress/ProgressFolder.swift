import FoundationEssentials
import Glibc
import ProgramSupport

@testable import Lessons

/// A folder of one's own with a progress file in it, gone afterwards.
final class ProgressFolder: Sendable {
  let path: String
  let log: ProgressLog

  init() {
    var template = Array("/tmp/pathfinder-progress-XXXXXX".utf8CString)
    precondition(mkdtemp(&template) != nil, "no temporary folder")
    path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    log = ProgressLog(path: path + "/state/progress.jsonl")
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  var bytes: [UInt8] { (try? readFile(log.path)) ?? [] }

  func write(_ bytes: some Sequence<UInt8>) throws {
    try makeFolder(path + "/state")
    try Data(bytes).write(to: URL(filePath: log.path))
  }
}

extension ProgressEvent {
  /// One of each kind, with words that JSON must escape.
  static let samples: [ProgressEvent] = [
    .stepRead(note: "nat-table", step: "a-wall", digest: "0123456789abcdef"),
    .place(note: "nat-table", step: "zwölf-→-\u{1F600}"),
    .exampleRun(id: "nat-outbound", matched: true),
    .exampleRun(id: "nat-outbound", matched: false),
    .predicted(id: "p", prediction: "a \"b\"\\\n\tc\r\n\u{0}\u{1F}\u{2028}", right: false),
    .answered(question: "nat-table#a-wall/1", answer: "203.0.113.7:40000", right: true),
    .started(exercise: "pair-priority"),
    .checked(exercise: "pair-priority", outcome: "failed", seconds: 0.187),
    .checked(exercise: "pair-priority", outcome: "passed", seconds: 2),
    .hint(exercise: "pair-priority", number: 3),
    .solutionAsked(exercise: "pair-priority"),
    .solutionSeen(exercise: "pair-priority"),
    .causeChosen(drill: "campus", number: 3, right: true),
    .fixChosen(drill: "campus", number: 1, right: false),
    .reset(exercise: "pair-priority"),
    .reset(exercise: nil),
  ]
}
