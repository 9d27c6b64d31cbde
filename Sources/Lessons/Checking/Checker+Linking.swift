import Glibc
import ProgramSupport

/// Linking an answer with its checks.
///
/// They are linked into a shared library. A program that was built beforehand, the *runner*, loads it
/// and starts Swift Testing.
extension Checker {
  /// The environment variable that names the library to load.
  static let answerVariable = "WORKBOOK_ANSWER_LIBRARY"
  /// The environment variable that names the shared library of the project's own.
  static let librariesVariable = "WORKBOOK_SHARED_LIBRARY"
  /// The runner's exit code if the library cannot be loaded.
  static let notLoaded: Int32 = 69

  /// Links by calling the linker directly, in a tenth of the time that the compiler driver takes.
  ///
  /// The runner has loaded the standard libraries already. An answer that imports another library is
  /// linked too, but cannot be loaded.
  ///
  /// - Parameter linker: one that waits; nil if there is none.
  /// - Returns: whether linking succeeded.
  func linkQuickly(
    _ checks: String, in folder: TemporaryFolder, with linker: WaitingChild?
  ) throws(WorkbookError) -> Bool {
    guard let linker else { return false }
    return try toolchain.link(
      [folder["Answer.o"], checks, try toolchain.sharedLibrary(stamp: stamp)], with: linker)
  }

  /// Links through the compiler driver, with all libraries that the answer imports.
  func link(
    _ checks: String, in folder: TemporaryFolder
  ) throws(WorkbookError) -> (succeeded: Bool, messages: String) {
    try toolchain.compile(
      toolchain.linkArguments + [
        "-emit-library", "-module-name", "Answer", folder["Answer.o"], checks,
        try toolchain.sharedLibrary(stamp: stamp), "-o", folder["answer.so"],
      ])
  }

  /// The program that loads an answer and runs its checks, built once for each toolchain.
  func runner() throws(WorkbookError) -> String {
    let source = """
      import Glibc
      import Testing

      @_silgen_name("linux_report_crashes") func reportCrashes(
        _ descriptor: Int32, _ library: UnsafePointer<CChar>,
        _ describe: (@convention(c) (Int32) -> Void)?, _ seconds: UInt32, _ bytes: UInt)

      @main struct Runner {
        static func main() async {
          // It is started while the answer is still being compiled, and told when that is done. Until
          // then it loads what every answer is linked with.
          _ = dlopen(getenv("\(Self.librariesVariable)"), RTLD_NOW)
          var isReady: UInt8 = 0
          guard read(STDIN_FILENO, &isReady, 1) == 1 else { exit(0) }
          close(STDIN_FILENO)
          _ = open("/dev/null", O_RDONLY)
          let path = getenv("\(Self.answerVariable)")!
          guard let library = dlopen(path, RTLD_NOW) else {
            print(String(cString: dlerror()))
            exit(\(Self.notLoaded))
          }
          let descriptor = open(
            getenv("\(Self.reportVariable)"), O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
          let describe = dlsym(library, "\(CallRecorder.description)")
          reportCrashes(
            descriptor, path,
            unsafeBitCast(describe, to: (@convention(c) (Int32) -> Void)?.self),
            \(Self.timeLimit), \(Self.memoryLimit))
          await Testing.__swiftPMEntryPoint() as Never
        }
      }

      """
    guard
      let crashes = try toolchain.libraryObjects(and: ["CLinux"])
        .first(where: { $0.hasSuffix("/Crashes.c.o") })
    else {
      throw .missing(
        "the program's objects are not built", remedy: "run ./workbook, which builds them")
    }
    let name = "runner-\(sha256(Array((source + stamp).utf8) + (try readFile(crashes))))"
    let cache = CacheFolder(path: cache)
    if let made = cache.file(named: name) { return made }
    let folder = try TemporaryFolder(in: cache.path)
    defer { folder.remove() }
    try writeNewFile(folder["Runner.swift"], Array(source.utf8), durably: false)
    let compilation = try toolchain.compile(
      [
        folder["Runner.swift"], crashes, "-Xlinker", "--export-dynamic", "-parse-as-library",
        "-Onone", "-module-name", "Runner", "-o",
        folder["runner"],
      ] + toolchain.moduleArguments + toolchain.linkArguments)
    guard compilation.succeeded else {
      throw .missing(
        "Swift Testing cannot be compiled against: \(compilation.messages)",
        remedy: "install the whole Swift 6.3 toolchain")
    }
    // The previous one is kept for an older program that may still be checking.
    return try cache.keep(folder["runner"], as: name, newest: 2, of: "runner-")
  }
}
