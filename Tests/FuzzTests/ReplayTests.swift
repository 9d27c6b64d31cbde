import FoundationEssentials
import FuzzTargets
import Testing

/// What fuzzing has found, and where it starts, run again at every test.
@Suite struct ReplayTests {
  /// The package's `Fuzz` folder.
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fuzz")

  /// The names in a folder, which must be there and have some.
  func names(in folder: String) throws -> [String] {
    let path = Self.folder.appending(path: folder).path
    let names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    try #require(!names.isEmpty, "\(path) is empty")
    return names
  }

  func inputs(in folder: String) throws -> [[UInt8]] {
    let path = Self.folder.appending(path: folder).path
    return try names(in: folder).map {
      [UInt8](try Data(contentsOf: URL(filePath: path + "/" + $0)))
    }
  }

  @Test("Every fail case passes its target by now, and none has been lost")
  func failCases() throws {
    var count = 0
    for name in try names(in: "FailCases") {
      let target = try #require(FuzzTarget(rawValue: name), "no target for \(name)")
      for input in try inputs(in: "FailCases/\(name)") {
        target.run(input)
        count += 1
      }
    }
    // Only ever more: a fail case that is gone is a bug that may come back.
    #expect(count >= 6)
  }

  @Test(
    "Every input of the corpus, cut anywhere and with any bit flipped, passes every target",
    arguments: FuzzTarget.allCases)
  func corpus(target: FuzzTarget) throws {
    let corpus = try inputs(in: "Corpus")
    #expect(corpus.count >= 6)
    for input in corpus {
      for count in 0...input.count { target.run(Array(input.prefix(count))) }
      // A whole NAT, relay or agent each time: one bit of each byte says as much there.
      let whole: [FuzzTarget] = [
        .natBytes, .natEvents, .relayEvents, .relayClient, .description, .iceEvents, .media,
      ]
      for bit in stride(from: 0, to: input.count * 8, by: whole.contains(target) ? 9 : 1) {
        var changed = input
        changed[bit / 8] ^= 0x80 >> UInt8(bit % 8)
        target.run(changed)
      }
    }
  }

  @Test(
    "Stories of every length at a relay, and of its client, keep their promises",
    arguments: 0..<20 as Range<UInt64>)
  func relayStories(seed: UInt64) {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    for _ in 0..<50 {
      let input = (0..<640).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1
        return UInt8(truncatingIfNeeded: state >> 56)
      }
      FuzzTarget.relayEvents.run(input)
      FuzzTarget.relayClient.run(input)
    }
  }
}
