import FoundationEssentials
import FuzzTargets
import Testing

/// What fuzzing has found, and where it starts, run again at every test.
@Suite struct ReplayTests {
  /// The package's `Fuzz` folder.
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fuzz")

  func inputs(in name: String) throws -> [[UInt8]] {
    let path = Self.folder.appending(path: name).path
    guard FileManager.default.fileExists(atPath: path) else { return [] }
    return try FileManager.default.contentsOfDirectory(atPath: path).sorted().map {
      [UInt8](try Data(contentsOf: URL(filePath: path + "/" + $0)))
    }
  }

  @Test("Every fail case of a target passes it by now", arguments: FuzzTarget.allCases)
  func failCases(target: FuzzTarget) throws {
    for input in try inputs(in: "FailCases/\(target.rawValue)") { target.run(input) }
  }

  @Test(
    "Every input of the corpus, cut anywhere and with any bit flipped, passes every target",
    arguments: FuzzTarget.allCases)
  func corpus(target: FuzzTarget) throws {
    let corpus = try inputs(in: "Corpus")
    #expect(corpus.count >= 6)
    for input in corpus {
      for count in 0...input.count { target.run(Array(input.prefix(count))) }
      // A whole NAT each time: one bit of each byte says as much there.
      let isNAT = target == .natBytes || target == .natEvents
      for bit in stride(from: 0, to: input.count * 8, by: isNAT ? 9 : 1) {
        var changed = input
        changed[bit / 8] ^= 0x80 >> UInt8(bit % 8)
        target.run(changed)
      }
    }
  }
}
