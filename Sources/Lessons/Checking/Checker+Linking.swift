import Glibc
import ProgramSupport

/// How an answer and its checks become something that runs.
///
/// They are linked into a shared library, and a program that was made beforehand, the *runner*,
/// loads it and hands over to Swift Testing.
extension Checker {
  /// Where the runner learns which library to load.
  static let answerVariable = "WORKBOOK_ANSWER_LIBRARY"
  /// How the runner ends where the library cannot be loaded.
  static let notLoaded: Int32 = 69

  /// Links with the linker itself: a tenth of the time that it takes the compiler to find out how.
  ///
  /// The runner has the standard libraries loaded already, so the answer need not name them. One
  /// that imports something else is linked all the same, and then cannot be loaded.
  ///
  /// - Returns: whether it was linked.
  func linkQuickly(_ checks: String, in folder: TemporaryFolder) throws(WorkbookError) -> Bool {
    try toolchain.linkLibrary(
      [folder["Answer.o"], checks, try toolchain.sharedLibrary(stamp: stamp)],
      to: folder["answer.so"])
  }

  /// Links as the compiler does it, with whatever the answer imports.
  func link(
    _ checks: String, in folder: TemporaryFolder
  ) throws(WorkbookError) -> (succeeded: Bool, messages: String) {
    try toolchain.compile(
      toolchain.linkArguments + [
        "-emit-library", "-module-name", "Answer", folder["Answer.o"], checks,
        try toolchain.sharedLibrary(stamp: stamp), "-o", folder["answer.so"],
      ])
  }

  /// The program that loads an answer and runs its checks, made once for each toolchain.
  func runner() throws(WorkbookError) -> String {
    let source = """
      import Glibc
      import Testing

      @main struct Runner {
        static func main() async {
          guard dlopen(getenv("\(Self.answerVariable)"), RTLD_NOW) != nil else {
            print(String(cString: dlerror()))
            exit(\(Self.notLoaded))
          }
          await Testing.__swiftPMEntryPoint() as Never
        }
      }

      """
    let name = "runner-\(sha256(Array((source + stamp).utf8)))"
    let cache = CacheFolder(path: cache)
    if let made = cache.file(named: name) { return made }
    let folder = try TemporaryFolder(in: cache.path)
    defer { folder.remove() }
    try writeNewFile(folder["Runner.swift"], Array(source.utf8))
    let compilation = try toolchain.compile(
      [
        folder["Runner.swift"], "-parse-as-library", "-Onone", "-module-name", "Runner", "-o",
        folder["runner"],
      ] + toolchain.moduleArguments + toolchain.linkArguments)
    guard compilation.succeeded else {
      throw .missing(
        "Swift Testing cannot be compiled against: \(compilation.messages)",
        remedy: "install the whole Swift 6.3 toolchain")
    }
    // The one before stays for a program that was built before, and may be checking still.
    return try cache.keep(folder["runner"], as: name, newest: 2, of: "runner-")
  }
}
