import ICE
import Testing
import TransportAddress

@Suite struct CandidateTests {
  @Test(
    "Recommended preferences give the well-known priorities",
    arguments: [
      (CandidateType.host, 65535, 1, 2_130_706_431), (.host, 65535, 2, 2_130_706_430),
      (.host, 65534, 1, 2_130_706_175), (.peerReflexive, 65535, 1, 1_862_270_975),
      (.serverReflexive, 65535, 1, 1_694_498_815), (.relayed, 65535, 1, 16_777_215),
      (.host, 0, 256, 2_113_929_216), (.relayed, 0, 255, 1),
    ] as [(CandidateType, UInt16, UInt16, UInt32)])
  func priority(type: CandidateType, local: UInt16, component: UInt16, priority: UInt32) throws {
    let component = try #require(ComponentID(rawValue: component))
    let gathered = GatheredCandidate(
      type, "10.0.0.2:5000", base: "10.0.0.2:5000", component: component, localPreference: local)
    let candidate = Candidate(gathered, foundation: "1")
    #expect(candidate.priority == priority)
    #expect(candidate.localPreference == local)
  }

  @Test("No type preference, however large, takes a priority beyond 31 bits")
  func priorityBounds() {
    for type in UInt8.min...UInt8.max {
      let priority = Candidate.priority(
        typePreference: type, localPreference: .max, component: 1)
      #expect(priority <= ICEConstants.highestPriority)
    }
  }

  @Test("A better type always outranks a better local preference")
  func typesApart() {
    let types = CandidateType.allCases.sorted { $0.preference > $1.preference }
    #expect(types == [.host, .peerReflexive, .serverReflexive, .relayed])
    for (better, worse) in zip(types, types.dropFirst()) {
      let low = Candidate.priority(
        typePreference: better.preference, localPreference: 0, component: 256)
      let high = Candidate.priority(
        typePreference: worse.preference, localPreference: .max, component: 1)
      #expect(low > high)
    }
  }

  @Test("Component IDs are 1 to 256")
  func components() {
    for value in UInt16.min...UInt16.max {
      #expect((ComponentID(rawValue: value) != nil) == (1...256).contains(value))
    }
  }

  @Test("A literal that is no component ID stops the program")
  func componentLiteral() async {
    await #expect(processExitsWith: .failure) { _ = ComponentID(integerLiteral: 0) }
    await #expect(processExitsWith: .failure) { _ = ComponentID(integerLiteral: 257) }
  }

  @Test("Host and relayed candidates are their own base, reflexive ones are not")
  func bases() {
    #expect(GatheredCandidate.host("10.0.0.2:5000").base == "10.0.0.2:5000")
    let reflexive = GatheredCandidate.serverReflexive("203.0.113.7:40000", base: "10.0.0.2:5000")
    #expect(reflexive.base == "10.0.0.2:5000")
    #expect(reflexive.relatedAddress == "10.0.0.2:5000")
    let relayed = GatheredCandidate.relayed("198.51.100.1:49152", mapped: "203.0.113.7:40001")
    #expect(relayed.base == "198.51.100.1:49152")
    #expect(relayed.relatedAddress == "203.0.113.7:40001")
  }

  @Test("Types have their tokens, in any case of letters")
  func tokens() {
    for type in CandidateType.allCases {
      #expect(CandidateType(token: type.token) == type)
      #expect(CandidateType(token: type.token.uppercased()) == type)
    }
    #expect(CandidateType(token: "token") == nil)
  }
}
