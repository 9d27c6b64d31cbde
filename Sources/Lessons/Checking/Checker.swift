import Glibc
public import ProgramSupport

/// Compiles an answer with the checks of its exercise and runs them.
///
/// An answer is compiled as the module `Answer`. The checks are compiled once for each *interface* of
/// that module: while only function bodies change, the compiled checks are reused, and a check costs
/// one compilation of a small file, a link and a run.
public struct Checker: Sendable {
  /// The exercise.
  public let exercise: ExerciseFolder
  let toolchain: Toolchain
  let cache: String
  /// The state of the compiler and the libraries when this checker was created.
  let stamp: String

  /// The time limit of a run, in seconds.
  public static let timeLimit = 10
  /// The time without writes after which a file counts as saved.
  private static let settling = Duration.milliseconds(40)
  /// The number of attempts after which a file that is written continually is judged as it is.
  private static let mostAttempts = 20

  /// Creates a checker of an exercise.
  ///
  /// - Throws: `WorkbookError.missing` if the toolchain or the built libraries are missing.
  public init(_ exercise: ExerciseFolder) throws(WorkbookError) {
    self.exercise = exercise
    toolchain = try Toolchain(exercise.workspace)
    cache = exercise.workspace.cacheFolder
    try makeFolder(cache)
    stamp = try toolchain.stamp()
  }

  /// Checks an answer, in the state in which it is when writing to it has stopped.
  ///
  /// - Parameters:
  ///   - path: the file to check; nil for the learner's answer.
  ///   - waiting: the programs that a checker has started ahead; nil to start them now.
  /// - Throws: `WorkbookError.badData` for altered checks, `missing` without an answer or a toolchain,
  ///   `interrupted`. A wrong answer is not an error.
  public func check(
    answer path: String? = nil, with waiting: WaitingPrograms? = nil
  ) throws(WorkbookError) -> Verdict {
    let path = path ?? exercise.answer
    let clock = ContinuousClock()
    let start = clock.now
    var verdict: Verdict
    var attempts = 0
    var isSettled: Bool
    repeat {
      // Saving can take several writes. Instead of waiting for more, the check starts with the
      // first, and a verdict on an incomplete file is discarded.
      attempts += 1
      let stamp = FileStamp(path)
      verdict = try self.verdict(on: path, with: waiting)
      verdict.file = stamp
      if let age = stamp?.age, .zero <= age, age < Self.settling {
        usleep(UInt32((Self.settling - age) / .microseconds(1)))
      }
      isSettled = FileStamp(path) == stamp
    } while !isSettled && attempts < Self.mostAttempts
    verdict.seconds = start.duration(to: clock.now) / .seconds(1)
    return verdict
  }

  private func verdict(
    on path: String, with waiting: WaitingPrograms?
  ) throws(WorkbookError) -> Verdict {
    guard isFile(path) else {
      throw .missing(
        "there is no answer at \(exercise.workspace.display(path))",
        remedy: "'./workbook start \(exercise.id)' puts the skeleton there")
    }
    let checks = try ChecksDigest.verifiedChecks(of: exercise)
    let text = try readFile(path)
    let programs = if let waiting, waiting.take(for: stamp) { waiting } else { try startPrograms() }

    var verdict = Verdict(
      exercise: exercise.id, answer: exercise.workspace.display(path), outcome: .failed, checks: [],
      messages: "", crash: nil, missing: nil, mistake: nil, seconds: 0)
    try judge(text, checks, programs, &verdict)
    return verdict
  }

  private func judge(
    _ text: [UInt8], _ checks: [UInt8], _ programs: WaitingPrograms, _ verdict: inout Verdict
  ) throws(WorkbookError) {
    let folder = programs.folder
    let answer = try toolchain.compile(text, named: verdict.answer, with: programs.compiler)
    verdict.messages = answer.messages
    guard answer.succeeded else {
      verdict.outcome = .doesNotCompile
      return
    }
    let compiledChecks = try compiledChecks(checks, for: folder)
    guard let object = compiledChecks.object else {
      verdict.outcome = .doesNotFit
      verdict.messages = compiledChecks.messages
      let declared = CallRecorder(skeleton: String(decoding: text, as: UTF8.self))
      verdict.missing = try recorder().firstFunction(missingIn: declared)
      return
    }
    if try linkQuickly(object, in: folder, with: programs.linker),
      try run(programs.runner, on: text, in: folder, &verdict).loaded
    {
      return
    }
    var (succeeded, messages) = try link(object, in: folder)
    if succeeded {
      (succeeded, messages) = try run(startRunner(in: folder), on: text, in: folder, &verdict)
    }
    if !succeeded {
      verdict.outcome = .doesNotFit
      verdict.messages = messages
    }
  }

  /// Leaves out an optimization that even unoptimized compilations make, and the compiler's checks of
  /// its own work.
  ///
  /// The first takes a third of the time of an answer that reads many bytes, the others a twentieth;
  /// what the compiler complains about stays the same.
  private static let quickly = [
    "-Xllvm", "-sil-disable-pass=mandatory-redundant-load-elimination",
    "-sil-verify-none", "-disable-llvm-verify",
  ]

  /// Starts the programs of a check ahead of it, so that they are loaded when it begins.
  ///
  /// They can be used for any exercise.
  /// - Throws: `WorkbookError.missing` or `notWritten` if they cannot be started.
  public func startPrograms() throws(WorkbookError) -> WaitingPrograms {
    let folder = try TemporaryFolder(in: cache)
    do throws(WorkbookError) {
      return WaitingPrograms(
        in: folder, stamp: stamp, compiler: try startCompiler(in: folder),
        linker: try startLinker(in: folder), runner: try startRunner(in: folder))
    } catch {
      folder.remove()
      throw error
    }
  }

  /// Starts the compiler, which is to compile an answer into `Answer.o` and `Answer.swiftmodule`.
  ///
  /// The object says of which line its code is, which a crash asks for: that takes a fiftieth of the
  /// time, and compiling again after a crash would take all of it.
  private func startCompiler(in folder: TemporaryFolder) throws(WorkbookError) -> WaitingChild {
    try toolchain.startCompiler(
      [
        "-parse-as-library", "-Onone", "-enable-testing", "-gline-tables-only",
        "-module-name", "Answer", "-o", folder["Answer.o"],
        "-emit-module-path", folder["Answer.swiftmodule"],
      ] + Self.quickly + toolchain.moduleArguments)
  }

  private func startLinker(in folder: TemporaryFolder) throws(WorkbookError) -> WaitingChild? {
    try toolchain.startLinker(to: folder["answer.so"])
  }

  /// - Returns: whether the answer could be loaded, and if not, why.
  private func run(
    _ runner: WaitingChild, on text: [UInt8], in folder: TemporaryFolder, _ verdict: inout Verdict
  ) throws(WorkbookError) -> (loaded: Bool, messages: String) {
    // An endless loop is ended by the alarm of the runner, which says where it was.
    let outcome = runner.run(
      input: [1], limits: .init(time: .seconds(Self.timeLimit + 2)))
    let report = CheckReport(eventStream: (try? readFile(folder["events"])) ?? [])
    // Where there is no room for the report, nothing can be said about the answer.
    if !report.isWhole { try folder.requireRoom() }
    if outcome.ending == .exited(Self.notLoaded), report.results.isEmpty {
      let message = String(decoding: outcome.output, as: UTF8.self)
      return (false, message.replacing(folder.path + "/", with: ""))
    }
    verdict.checks = report.results
    let allPassed = !report.results.isEmpty && report.results.allSatisfy { $0.state == .passed }
    switch outcome.ending {
    case .interrupted: throw .interrupted
    case .timedOut: verdict.outcome = .timedOut
    case .printedTooMuch: verdict.outcome = .printedTooMuch
    case .signalled(SIGALRM): verdict.outcome = .timedOut
    case .signalled: verdict.outcome = .crashed
    case .exited where !report.isWhole: verdict.outcome = .exitedEarly
    case .exited(0) where allPassed: verdict.outcome = .passed
    case .exited: verdict.outcome = .failed
    }
    if [.crashed, .timedOut].contains(verdict.outcome) {
      let (crash, isOutOfMemory) = try crash(outcome, answer: text, in: folder)
      verdict.crash = crash
      if isOutOfMemory { verdict.outcome = .outOfMemory }
    }
    return (true, "")
  }

  /// Starts the runner, which waits for the library.
  private func startRunner(in folder: TemporaryFolder) throws(WorkbookError) -> WaitingChild {
    try WaitingChild(
      try runner(),
      [
        "--event-stream-output-path", folder["events"], "--event-stream-version", "0",
        "--no-parallel",
      ], in: exercise.workspace.root,
      environment: [
        Self.answerVariable: folder["answer.so"],
        Self.librariesVariable: try toolchain.sharedLibrary(stamp: stamp),
        Self.reportVariable: folder["crash"],
        "SWIFT_BACKTRACE": "enable=no",
      ])
  }

  func recorder() throws(WorkbookError) -> CallRecorder {
    CallRecorder(skeleton: String(decoding: try readFile(exercise.skeleton), as: UTF8.self))
  }

  // MARK: Compiled once

  /// The object file of the checks for the answer's interface, from the cache if its inputs are the same.
  private func compiledChecks(
    _ checks: [UInt8], for folder: TemporaryFolder
  ) throws(WorkbookError) -> (object: String?, messages: String) {
    // The compiler writes identical bytes for identical interfaces, whatever the function bodies.
    let interface = try readFile(folder["Answer.swiftmodule"])
    let calls = Array(try recorder().source.utf8)
    let key = sha256(checks + calls + interface + Array(stamp.utf8))
    let name = "checks-\(exercise.id)-\(key).o"
    let cache = CacheFolder(path: cache)
    if let made = cache.file(named: name) { return (made, "") }
    // The verified bytes are compiled, even if the file has changed since.
    try writeNewFile(folder["Checks.swift"], checks, durably: false)
    try writeNewFile(folder["Calls.swift"], calls, durably: false)
    let compilation = try toolchain.compile(
      [
        "-c", folder["Checks.swift"], folder["Calls.swift"], "-wmo", "-parse-as-library", "-Onone",
        "-module-name", "Checks", "-I", folder.path, "-o", folder["Checks.o"],
      ] + toolchain.moduleArguments)
    guard compilation.succeeded else {
      return (nil, compilation.messages.replacing(folder.path + "/", with: ""))
    }
    // The most recently used interfaces are kept, because answers go back and forth between them.
    let kept = try cache.keep(
      folder["Checks.o"], as: name, newest: 8, of: "checks-\(exercise.id)-")
    return (kept, "")
  }
}
