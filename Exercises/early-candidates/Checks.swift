import Calls
import ICE
import Testing

@testable import Answer

@Suite struct EarlyCandidatesChecks {
  private func description(_ fragment: String) throws -> RemoteDescription {
    RemoteDescription(
      try ICECredentials(
        usernameFragment: fragment, password: "a" + String(repeating: "b", count: 23)))
  }

  private func candidate(_ number: Int, of fragment: String) throws -> Signal {
    let text = "candidate:1 1 UDP 2130706431 10.0.0.\(number) 5000 typ host"
    return .candidate(try CandidateAttribute(parsing: text), usernameFragment: fragment)
  }

  /// The last numbers of the addresses of what is of use.
  private func numbers(_ signals: [Signal]) -> [String] {
    usableCandidates(signals).map { line in
      guard case .address(let address) = line.host else { return "?" }
      return "\(address)"
    }
  }

  @Test("Candidates that come after their description are of use")
  func inOrder() throws {
    let signals = [
      Signal.answer(0, try description("bob1")), try candidate(2, of: "bob1"),
      try candidate(3, of: "bob1"),
    ]
    #expect(numbers(signals) == ["10.0.0.2", "10.0.0.3"], "Given: answer bob1, then two of bob1")
  }

  @Test("One that comes before its description is kept for it")
  func early() throws {
    let signals = [
      try candidate(2, of: "bob1"), Signal.answer(0, try description("bob1")),
      try candidate(3, of: "bob1"),
    ]
    #expect(
      numbers(signals) == ["10.0.0.2", "10.0.0.3"],
      "Given: one of bob1, answer bob1, one more of bob1. Both belong to the answer")
  }

  @Test("Without a description none is of use yet")
  func noDescription() throws {
    #expect(
      numbers([try candidate(2, of: "bob1")]) == [],
      "Given: one of bob1 and no answer. Without the password nothing can be tried")
  }

  @Test("After a restart those of before are void")
  func restart() throws {
    let signals = [
      Signal.offer(0, try description("alice1")), try candidate(2, of: "alice1"),
      Signal.offer(1, try description("alice2")), try candidate(3, of: "alice2"),
    ]
    #expect(
      numbers(signals) == ["10.0.0.3"],
      "Given: offer alice1, one of alice1, offer alice2, one of alice2. The first was for the old network"
    )
  }

  @Test(
    "A late one of before the restart is void, and an early one of after it is kept")
  func crossing() throws {
    let signals = [
      Signal.offer(0, try description("alice1")), try candidate(4, of: "alice2"),
      Signal.offer(1, try description("alice2")), try candidate(2, of: "alice1"),
    ]
    #expect(
      numbers(signals) == ["10.0.0.4"],
      "Given: offer alice1, one of alice2, offer alice2, one of alice1. The fragment tells where one belongs"
    )
  }
}
