import Testing
import TransportAddress

@testable import Answer

@Suite struct WillTheyMeetChecks {
  private typealias Box = (mapping: EndpointDependence, filtering: EndpointDependence)

  private typealias Pair = (alice: Box, bob: Box)

  private static let boxes: [Box] = EndpointDependence.allCases.flatMap { mapping in
    EndpointDependence.allCases.map { (mapping, $0) }
  }
  private static let pairs: [Pair] = boxes.flatMap { alice in boxes.map { (alice, $0) } }

  /// Compares some pairs, and stops at the first that comes out wrong.
  private func expect(_ comment: String, of pairs: [Pair], _ meet: (Pair) -> Bool) {
    for pair in pairs where canMeet(pair.alice, pair.bob) != meet(pair) {
      let (alice, bob, expected) = (pair.alice, pair.bob, meet(pair))
      let text = "\(comment). Alice's box: \(words(alice)). Bob's box: \(words(bob))"
      #expect(canMeet(alice, bob) == expected, "\(text)")
      return
    }
  }

  private func words(_ box: Box) -> String {
    "mapping \(box.mapping), filtering \(box.filtering)"
  }

  private static func keeps(_ box: Box) -> Bool { box.mapping == .endpointIndependent }

  @Test("Two boxes that keep one port for everybody always let them meet")
  func bothKeep() {
    let pairs = Self.pairs.filter { Self.keeps($0.alice) && Self.keeps($0.bob) }
    expect("Each knows the other's port, and so can open its own filter for it", of: pairs) { _ in
      true
    }
  }

  @Test("One that keeps its port meets one that does not, if it does not look at ports")
  func oneKeeps() {
    let pairs = Self.pairs.filter { Self.keeps($0.alice) != Self.keeps($0.bob) }
    expect("One box changes its port: nobody was told where its packets come from", of: pairs) {
      (Self.keeps($0.alice) ? $0.alice : $0.bob).filtering != .addressAndPortDependent
    }
  }

  @Test("Where neither keeps its port, one must let everybody in, and neither look at ports")
  func neitherKeeps() {
    let pairs = Self.pairs.filter { !Self.keeps($0.alice) && !Self.keeps($0.bob) }
    expect(
      "The first packet gets in only where everybody does, and its answer comes from a new port",
      of: pairs
    ) { pair in
      let filters = [pair.alice.filtering, pair.bob.filtering]
      return filters.contains(.endpointIndependent) && !filters.contains(.addressAndPortDependent)
    }
  }

  @Test("Of all 81 pairs 45 meet")
  func count() {
    let count = Self.pairs.count { canMeet($0.alice, $0.bob) }
    #expect(count == 45, "The matrix of the note has 45 cells with a dot")
  }
}
