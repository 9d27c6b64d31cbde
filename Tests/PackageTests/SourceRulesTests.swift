import Testing

/// The rules find what they are meant to find.
@Suite struct SourceRulesTests {
  @Test(
    "A public declaration without a doc comment is found, whatever stands before it",
    arguments: [
      "public var port: UInt16", "  public init() {}",
      "public static func < (l: A, r: A) -> Bool {",
      "@inlinable\npublic func next() {}", "@frozen public struct A {}", "public enum A {}",
      "/// Documented.\npublic var a = 1\npublic var b = 2", "// A remark.\npublic var a = 1",
      "  public private(set) var a = 1", "  static public let a = 1",
      "public subscript(i: Int) -> A {",
    ])
  func undocumented(_ text: String) {
    #expect(SourceFile(path: "A.swift", text: text).undocumentedDeclarations.count == 1)
  }

  @Test(
    "A documented declaration, and one that is not public, is not found",
    arguments: [
      "/// Documented.\npublic var port: UInt16", "/// Documented.\n@inlinable\npublic func a() {}",
      "/// Documented.\n// snippet.port\npublic var port: UInt16",
      "var port: UInt16", "public import NoteFormat", "public extension A {", "case publicKey",
      "/// Documented.\n@available(\n  *, deprecated\n)\npublic func a() {}"
        .replacing("\n  *, deprecated\n", with: "*, deprecated"),
    ])
  func documented(_ text: String) {
    #expect(SourceFile(path: "A.swift", text: text).undocumentedDeclarations.isEmpty)
  }

  @Test(
    "A first sentence of 151 characters is found, one of 150 is not, and later ones may be long")
  func sentences() {
    func comment(_ count: Int) -> SourceFile {
      let first = String(repeating: "a", count: count - 1) + "."
      let text = "/// \(first)\n///\n/// \(String(repeating: "b", count: 200)).\nvar a = 1"
      return SourceFile(path: "A.swift", text: text)
    }
    #expect(comment(151).longFirstSentences().map(\.line) == [1])
    #expect(comment(150).longFirstSentences().isEmpty)
  }

  @Test("A first sentence over two lines counts as a whole")
  func wrappedSentence() {
    let half = String(repeating: "a", count: 80)
    let file = SourceFile(path: "A.swift", text: "/// \(half)\n/// \(half).\nvar a = 1")
    #expect(file.longFirstSentences().count == 1)
  }

  @Test("Every number of a citation of pitfalls is found")
  func pitfalls() {
    let file = SourceFile(
      path: "A.swift", text: "// Pitfalls 1, 2 and 30.\nlet a = 1  // (pitfall 4)")
    #expect(file.citedPitfalls.map(\.number) == [1, 2, 30, 4])
    #expect(file.citedPitfalls.map(\.line) == [1, 1, 1, 2])
  }

  @Test("Only public types outside of other types are listed")
  func types() {
    let text = "public struct A {\n  public struct B {}\n}\nstruct C {}\n@frozen public enum D {"
    #expect(SourceFile(path: "A.swift", text: text).publicTypes == ["A", "D"])
  }
}
