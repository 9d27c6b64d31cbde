import Testing

@testable import Lessons

@Suite struct ComparisonTests {
  @Test("A message of two values is taken apart into what was and what should have been")
  func twoValues() {
    let comparison = Comparison(
      "(translate(p).source → 10.0.0.2:5000) == (expected → 203.0.113.7:5000)")
    #expect(comparison?.expression == "translate(p).source")
    #expect(comparison?.actual == "10.0.0.2:5000")
    #expect(comparison?.expected == "203.0.113.7:5000")
    #expect(comparison?.isEquality == true)
  }

  @Test("An operator inside quotes or brackets divides nothing")
  func nested() {
    let comparison = Comparison("(f(\"a == b\", [x == y]) → \"c == d\") == \"e\"")
    #expect(comparison?.expression == "f(\"a == b\", [x == y])")
    #expect(comparison?.actual == "\"c == d\"")
    #expect(comparison?.expected == "\"e\"")
  }

  @Test("A value that should differ is told as such")
  func inequality() {
    let comparison = Comparison("(a → 1) != (b → 1)")
    #expect(comparison?.isEquality == false)
  }

  @Test(
    "Any other message stays as it is",
    arguments: ["", "Caught error: x", "(a → b)", "a == b", "x == (y → 1"])
  func others(message: String) {
    #expect(Comparison(message) == nil)
  }

  @Test(
    "The part that differs is what is left between equal beginnings and ends",
    arguments: [
      ("203.0.113.7:5000", "203.0.113.7:5004", "0"), ("abc", "xyz", ""), ("aXb", "ab", "X"),
      ("ab", "aXb", ""), ("same", "same", ""),
    ])
  func differingPart(actual: String, expected: String, part: String) throws {
    let comparison = try #require(Comparison("(f → \(actual)) == (g → \(expected))"))
    #expect(comparison.actual[comparison.differingPart] == part)
  }
}
