import Glibc
import Testing

/// The seeds of a test that runs with many.
///
/// A failure names its seed and the command that runs it alone: `SIMULATOR_SEED` has the test run with
/// that one.
enum Seeds {
  private static let variable = "SIMULATOR_SEED"

  /// The seeds below a count, or the one that the environment names.
  static func below(_ count: UInt64) -> [UInt64] {
    guard let text = getenv(variable), let seed = UInt64(String(cString: text)) else {
      return Array(0..<count)
    }
    return [seed]
  }

  /// Whether a single seed runs, so that what holds of many together need not hold.
  static var isReplay: Bool { getenv(variable) != nil }

  /// The seed, and the command that runs a test with it alone.
  static func replay(_ seed: UInt64, test: String = #function) -> Comment {
    "seed \(seed); alone: \(command(seed, test))"
  }

  static func command(_ seed: UInt64, _ test: String) -> String {
    // The function's name, with its parentheses, is a regular expression to the filter.
    "\(variable)=\(seed) swift test --filter 'SimulatorTests.*/\(test.prefix { $0 != "(" })'"
  }
}

/// Which seed a process runs, on disk: when it crashes, the one who started it can still say.
struct SeedLog {
  let path: String

  init(_ path: String) {
    self.path = path
  }

  /// A log in a new file.
  init() {
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    self.init("\(folder)/pathfinder-seed-\(getpid())-\(UInt64.random(in: .min ... .max))")
  }

  /// Runs a body with each seed, and writes the seed down before.
  func run(below count: UInt64, _ body: (UInt64) -> Void) {
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    defer { close(file) }
    for seed in Seeds.below(count) {
      // As wide for each, so that it replaces the one before.
      let digits = String(seed)
      let text = String(repeating: "0", count: 20 - digits.utf8.count) + digits
      _ = text.withCString { pwrite(file, $0, 20, 0) }
      body(seed)
    }
  }

  /// The seed that ran last; nil if none has run.
  func last() -> UInt64? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var text = [CChar](repeating: 0, count: 21)
    guard fread(&text, 1, 20, file) == 20 else { return nil }
    return UInt64(String(decoding: text.prefix(20).map(UInt8.init(bitPattern:)), as: UTF8.self))
  }

  /// Which seed crashed, and the command that runs it alone; the file goes.
  func crash(test: String = #function) -> Comment {
    defer { unlink(path) }
    return last().map { "the process crashed: \(Seeds.replay($0, test: test))" }
      ?? "the process crashed before the first seed"
  }

  func remove() { unlink(path) }
}
