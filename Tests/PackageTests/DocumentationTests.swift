import Testing

/// How the sources are written; CONTRIBUTING.md names the rules.
@Suite struct DocumentationTests {
  let sources: [SourceFile]

  init() throws {
    sources = try Repository.sources.get()
    try #require(sources.count > 100)
  }

  private func expectNone(_ violations: [Violation]) {
    #expect(
      violations.isEmpty,
      "\(violations.count): \n\(violations.map(\.description).joined(separator: "\n"))"
    )
  }

  @Test("Every public declaration has a doc comment")
  func comments() {
    expectNone(sources.flatMap(\.undocumentedDeclarations))
  }

  @Test("The first sentence of a doc comment has at most 150 characters")
  func sentences() {
    expectNone(sources.flatMap { $0.longFirstSentences() })
  }

  @Test("Doc comments name what acts, and nobody else")
  func riddles() {
    let words = /\/\/\/.*\b(?:[Ww]hoever|[Nn]obody|[Ss]omebody|[Aa]nybody|[Ll]est)\b/
    expectNone(sources.flatMap { $0.comments(matching: words) })
  }

  @Test("Sections are cited in parentheses, not as sentences of their own")
  func citations() {
    let fragment = /\/\/.*(?:\/ |[.:] )RFC \d+ (?:appendix |§)[\w.]+(?:(?:,| and) §[\w.]+)*\.$/
    expectNone(sources.flatMap { $0.comments(matching: fragment) })
  }

  @Test("Message integrity is called by its name, never a seal")
  func integrity() {
    expectNone(sources.flatMap { $0.lines(containing: "seal") })
  }

  @Test("No two targets declare public types of the same name")
  func collisions() {
    var targets: [String: Set<String>] = [:]
    for file in sources {
      for name in file.publicTypes { targets[name, default: []].insert(file.target) }
    }
    let shared = targets.filter { $0.value.count > 1 }
    #expect(shared.isEmpty)
  }

  @Test("SplitMix64 is written once, for libraries, tests, fuzzing and benchmarks alike")
  func generators() throws {
    let files = try Repository.swiftFiles(in: "Sources", "Tests", "Fuzz", "Benchmarks")
    // Its second multiplier, written in two parts so that this file does not contain it.
    let constant = "94d049bb" + "133111eb"
    let generators = files.filter { file in
      file.lines.contains {
        $0.contains("0x") && $0.lowercased().replacing("_", with: "").contains(constant)
      }
    }
    #expect(generators.map(\.path) == ["Sources/SansIO/SeededGenerator.swift"])
  }

  @Test("Every pitfall that a comment cites is described in docs/pitfalls.md")
  func pitfalls() throws {
    let described = Set(
      try Repository.text("docs/pitfalls.md").matches(of: /(?m)^(\d+)\.\s/)
        .compactMap { Int($0.output.1) })
    let files = try Repository.swiftFiles(in: "Sources", "Tests", "Fuzz", "Exercises")
      .filter { !$0.path.hasPrefix("Tests/PackageTests/") }
    let cited = files.flatMap { file in file.citedPitfalls.map { (file.path, $0.line, $0.number) } }
    #expect(cited.count > 20)
    let missing = cited.filter { !described.contains($0.2) }
    #expect(missing.isEmpty)
  }

  @Test("Every test that docs/pitfalls.md names exists")
  func testsOfPitfalls() throws {
    let named = Set(
      try Repository.text("docs/pitfalls.md").matches(of: /`(\w+Tests)`/).map { $0.output.1 })
    #expect(named.count > 20)
    let declared = Set(
      try Repository.swiftFiles(in: "Tests").flatMap { file in
        file.lines.filter { $0.contains("Tests") }
          .compactMap { $0.firstMatch(of: /\b(?:struct|class) (\w+Tests)\b/)?.output.1 }
      })
    #expect(named.subtracting(declared).isEmpty)
  }
}
