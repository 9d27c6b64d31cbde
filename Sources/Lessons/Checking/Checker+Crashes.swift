import Glibc
import ProgramSupport

/// Finding out how an answer crashed.
extension Checker {
  /// The environment variable that names the file for the report of a crash.
  static let reportVariable = "WORKBOOK_CRASH_REPORT"
  /// The memory that an answer and its checks may use, in bytes.
  static let memoryLimit = 1 << 30

  /// Explains how a run ended that did not finish its checks.
  ///
  /// - Parameters:
  ///   - text: the answer.
  ///   - folder: the folder with the library `answer.so` and the report `crash`.
  func crash(
    _ outcome: ChildProcess.Outcome, answer text: [UInt8], in folder: TemporaryFolder
  ) throws(WorkbookError) -> (crash: Crash, isOutOfMemory: Bool) {
    let report = Crash.Report(
      String(decoding: (try? readFile(folder["crash"])) ?? [], as: UTF8.self))
    let sentence = Crash.Sentence(
      in: String(decoding: outcome.errorOutput, as: UTF8.self), file: Toolchain.inputName)
    let symbols = try symbols(of: report.frames, in: folder)
    let isOutOfMemory = sentence?.isOutOfMemory ?? false
    let isLoop = report.signal == SIGALRM || outcome.ending == .timedOut
    let reason =
      if isLoop {
        ""
      } else if report.usedUpStack {
        "Endless recursion: a function calls itself until the stack is used up"
      } else if isOutOfMemory {
        "Out of memory"
      } else if let text = sentence?.text {
        text
      } else if let failure = symbols?.failure {
        failure.prefix(1).uppercased() + failure.dropFirst()
      } else if case .signalled(let signal) = outcome.ending {
        String(cString: strsignal(signal))
      } else {
        ""
      }
    let line = isLoop ? symbols?.line : sentence?.line ?? symbols?.line
    let crash = Crash(
      reason: reason, function: report.function, arguments: report.arguments, line: line,
      code: line.flatMap { code(inLine: $0, of: text) })
    return (crash, isOutOfMemory)
  }

  private func symbols(
    of frames: [String], in folder: TemporaryFolder
  ) throws(WorkbookError) -> Crash.Symbols? {
    guard let symbolizer = toolchain.symbolizer, !frames.isEmpty else { return nil }
    let outcome = try ChildProcess.run(
      symbolizer, ["--obj=\(folder["answer.so"])"] + frames.prefix(32),
      limits: .init(time: .seconds(5)))
    if outcome.ending == .interrupted { throw .interrupted }
    return Crash.Symbols(String(decoding: outcome.output, as: UTF8.self), path: Toolchain.inputName)
  }

  private func code(inLine number: Int, of text: [UInt8]) -> String? {
    let lines = String(decoding: text, as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.indices.contains(number - 1) else { return nil }
    return String(lines[number - 1].drop { $0 == " " || $0 == "\t" })
  }
}
