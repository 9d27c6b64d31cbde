import Glibc
public import ProgramSupport

/// Compiles an answer with its exercise's checks and runs them.
///
/// An answer becomes the module `Answer`. The checks are compiled once for each *interface* of it:
/// as long as only the bodies of functions change, the compiled checks of last time still fit, and
/// an answer costs one compilation of one small file, a link and a run.
public struct Checker: Sendable {
  public let exercise: ExerciseFolder
  let toolchain: Toolchain
  let cache: String
  /// What the compiler and the libraries were when this checker was made.
  let stamp: String

  public static let timeLimit = 10
  /// How long nothing must have been written before an answer counts as saved.
  private static let settling = Duration.milliseconds(40)
  /// A file that is written without end is judged all the same.
  private static let mostAttempts = 20

  public init(_ exercise: ExerciseFolder) throws(WorkbookError) {
    self.exercise = exercise
    toolchain = try Toolchain(exercise.workspace)
    cache = exercise.workspace.cacheFolder
    try makeFolder(cache)
    stamp = try toolchain.stamp()
  }

  /// The verdict on an answer as it is once nobody is writing it any more.
  ///
  /// - Parameter path: the file to check; nil for the learner's own answer.
  /// - Throws: `WorkbookError.badData` for altered checks, `missing` for an answer that is not there
  ///   or a toolchain that is not, `interrupted`. An answer that is wrong is no error.
  public func check(answer path: String? = nil) throws(WorkbookError) -> Verdict {
    let path = path ?? exercise.answer
    let clock = ContinuousClock()
    let start = clock.now
    var verdict: Verdict
    var attempts = 0
    var isSettled: Bool
    repeat {
      // Saving can take several writes. Rather than to wait whether another follows, the check
      // begins with the first, and what it says of half an answer is never shown.
      attempts += 1
      let stamp = FileStamp(path)
      verdict = try self.verdict(on: path)
      verdict.file = stamp
      if let age = stamp?.age, .zero <= age, age < Self.settling {
        usleep(UInt32((Self.settling - age) / .microseconds(1)))
      }
      isSettled = FileStamp(path) == stamp
    } while !isSettled && attempts < Self.mostAttempts
    verdict.seconds = start.duration(to: clock.now) / .seconds(1)
    return verdict
  }

  private func verdict(on path: String) throws(WorkbookError) -> Verdict {
    guard isFile(path) else {
      throw .missing(
        "there is no answer at \(exercise.workspace.display(path))",
        remedy: "'./workbook start \(exercise.id)' puts the skeleton there")
    }
    let checks = try ChecksSeal.sealedChecks(of: exercise)
    let folder = try TemporaryFolder(in: cache)
    defer { folder.remove() }

    var verdict = Verdict(
      exercise: exercise.id, answer: exercise.workspace.display(path), outcome: .failed, checks: [],
      messages: "", mistake: nil, seconds: 0)
    try judge(path, checks, folder, &verdict)
    return verdict
  }

  private func judge(
    _ path: String, _ checks: [UInt8], _ folder: TemporaryFolder, _ verdict: inout Verdict
  ) throws(WorkbookError) {
    let answer = try toolchain.compile(
      [
        "-frontend", "-c", verdict.answer, "-parse-as-library", "-Onone", "-enable-testing",
        "-module-name", "Answer", "-o", folder["Answer.o"],
        "-emit-module-path", folder["Answer.swiftmodule"],
      ] + toolchain.moduleArguments)
    verdict.messages = answer.messages
    guard answer.succeeded else {
      verdict.outcome = .doesNotCompile
      return
    }
    let compiledChecks = try compiledChecks(checks, for: folder)
    guard let object = compiledChecks.object else {
      verdict.outcome = .doesNotFit
      verdict.messages = compiledChecks.messages
      return
    }
    if try linkQuickly(object, in: folder), try run(folder, &verdict).loaded { return }
    var (succeeded, messages) = try link(object, in: folder)
    if succeeded { (succeeded, messages) = try run(folder, &verdict) }
    if !succeeded {
      verdict.outcome = .doesNotFit
      verdict.messages = messages
    }
  }

  /// - Returns: whether the answer could be loaded, and if not, why.
  private func run(
    _ folder: TemporaryFolder, _ verdict: inout Verdict
  ) throws(WorkbookError) -> (loaded: Bool, messages: String) {
    let outcome = try ChildProcess.run(
      try runner(),
      [
        "--event-stream-output-path", folder["events"], "--event-stream-version", "0",
        "--no-parallel",
      ], in: exercise.workspace.root,
      environment: [
        Self.answerVariable: folder["answer.so"], "SWIFT_BACKTRACE": "enable=no",
      ],
      limits: .init(time: .seconds(Self.timeLimit)))
    let report = CheckReport(eventStream: (try? readFile(folder["events"])) ?? [])
    if outcome.ending == .exited(Self.notLoaded), report.results.isEmpty {
      let message = String(decoding: outcome.output, as: UTF8.self)
      return (false, message.replacing(folder.path + "/", with: ""))
    }
    verdict.checks = report.results
    verdict.messages += String(decoding: outcome.errorOutput, as: UTF8.self)
    let allPassed = !report.results.isEmpty && report.results.allSatisfy { $0.state == .passed }
    switch outcome.ending {
    case .interrupted: throw .interrupted
    case .timedOut: verdict.outcome = .timedOut
    case .printedTooMuch: verdict.outcome = .printedTooMuch
    case .signalled: verdict.outcome = .crashed
    case .exited where !report.isWhole: verdict.outcome = .exitedEarly
    case .exited(0) where allPassed: verdict.outcome = .passed
    case .exited: verdict.outcome = .failed
    }
    return (true, "")
  }

  // MARK: Compiled once

  /// The checks' object file for the answer's interface: an earlier one where nothing that it was
  /// made from has changed.
  private func compiledChecks(
    _ checks: [UInt8], for folder: TemporaryFolder
  ) throws(WorkbookError) -> (object: String?, messages: String) {
    // The compiler writes the same bytes for the same interface, whatever the bodies are.
    let interface = try readFile(folder["Answer.swiftmodule"])
    let key = sha256(checks + interface + Array(stamp.utf8))
    let name = "checks-\(exercise.id)-\(key).o"
    let cache = CacheFolder(path: cache)
    if let made = cache.file(named: name) { return (made, "") }
    // Only what was read and found sealed is compiled, whatever lies in the folder by now.
    try writeNewFile(folder["Checks.swift"], checks)
    let compilation = try toolchain.compile(
      [
        "-c", folder["Checks.swift"], "-parse-as-library", "-Onone", "-module-name", "Checks",
        "-I", folder.path, "-o", folder["Checks.o"],
      ] + toolchain.moduleArguments)
    guard compilation.succeeded else {
      return (nil, compilation.messages.replacing(folder.path + "/", with: ""))
    }
    // Those of the interfaces used last are kept, for answers go back and forth.
    let kept = try cache.keep(
      folder["Checks.o"], as: name, newest: 8, of: "checks-\(exercise.id)-")
    return (kept, "")
  }
}

/// A folder of one's own that is gone afterwards.
struct TemporaryFolder {
  let path: String

  init(in parent: String) throws(WorkbookError) {
    var template = Array((parent + "/work-XXXXXX").utf8CString)
    guard mkdtemp(&template) != nil else {
      throw .missing(
        "cannot make a folder in \(parent): \(String(cString: strerror(errno)))", remedy: nil)
    }
    path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
  }

  subscript(name: String) -> String { path + "/" + name }

  func remove() {
    for name in names(in: path) { unlink(self[name]) }
    rmdir(path)
  }
}
