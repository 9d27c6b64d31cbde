import Calls
import Simulator
import Testing

@testable import Drills

/// Each drill's call fails as it is told, for the cause that is called right, and one fix mends it.
@Suite struct DrillTests {
  static let ids = Drill.all.map(\.id)
  /// Each drill's call, made once.
  static let runs = Dictionary(
    uniqueKeysWithValues: Drill.all.map { ($0.id, SceneRun($0.scene)) })

  private func drill(_ id: String) throws -> (Drill, SceneRun) {
    (try #require(Drill(named: id)), try #require(Self.runs[id]))
  }

  @Test("There are twelve drills, each with a name of its own")
  func count() {
    #expect(Self.ids.count == 12)
    #expect(Set(Self.ids).count == Self.ids.count)
    #expect(Drill(named: "no such drill") == nil)
  }

  @Test("The call fails", arguments: ids)
  func fails(id: String) throws {
    let (_, run) = try drill(id)
    #expect(!run.works, "\(run.outcome)")
    // Those that leave their network have a call before that, and those without a picture one too.
    let connects = run.scene.hasMove || run.scene.pictureDatagramSize != nil
    #expect(run.firstResult.isConnected == connects, "\(run.outcome)")
  }

  @Test("What is said for a cause or against it is in the call", arguments: ids)
  func evidence(id: String) throws {
    let (drill, run) = try drill(id)
    for (number, cause) in drill.causes.enumerated() {
      #expect(!cause.evidence.isEmpty)
      for evidence in cause.evidence {
        #expect(evidence.lines(in: run) != nil, "cause \(number + 1): \(evidence)")
      }
    }
  }

  @Test("A wrong cause is answered by what an engineer could have seen", arguments: ids)
  func visible(id: String) throws {
    let (drill, _) = try drill(id)
    for (index, cause) in drill.causes.enumerated() where index != drill.rightCause {
      for case .network(let words) in cause.evidence { Issue.record("\(index + 1): \(words)") }
    }
  }

  @Test("The right fix makes both hear each other, and no other one does", arguments: ids)
  func fixes(id: String) throws {
    let (drill, _) = try drill(id)
    for (index, fix) in drill.fixes.enumerated() {
      let run = SceneRun(fix.applied(to: drill.scene))
      #expect(run.works == (index == drill.rightFix), "fix \(index + 1): \(run.outcome)")
    }
  }

  @Test("What proved the cause is not to be seen any more in the call that works", arguments: ids)
  func mended(id: String) throws {
    let (drill, _) = try drill(id)
    let run = SceneRun(drill.fixes[drill.rightFix].applied(to: drill.scene))
    let proof = drill.causes[drill.rightCause].evidence
    #expect(proof.contains { $0.lines(in: run) == nil })
  }

  @Test("A call is the same each time that it is made", arguments: ids)
  func deterministic(id: String) throws {
    let (drill, run) = try drill(id)
    #expect(SceneRun(drill.scene).call.network.trace == run.call.network.trace)
  }

  @Test("Each drill has four causes and three fixes, all of them different", arguments: ids)
  func choices(id: String) throws {
    let (drill, _) = try drill(id)
    #expect(drill.causes.count == 4 && drill.fixes.count == 3)
    #expect(Set(drill.causes.map(\.text)).count == 4)
    #expect(Set(drill.fixes.map(\.text)).count == 3)
    #expect(drill.causes.indices.contains(drill.rightCause))
    #expect(drill.fixes.indices.contains(drill.rightFix))
  }

  @Test("Right choices are no longer than wrong ones, and stand in each place equally often")
  func nothingGivenAway() {
    var places: [String: [Int: Int]] = [:]
    for (kind, texts, right) in Drill.all.flatMap({ drill in
      [
        ("cause", drill.causes.map(\.text), drill.rightCause),
        ("fix", drill.fixes.map(\.text), drill.rightFix),
      ]
    }) {
      places[kind, default: [:]][right, default: 0] += 1
      #expect(texts[right].count < texts.map(\.count).max() ?? 0, "\(texts[right])")
    }
    #expect(Set(places["cause", default: [:]].values) == [3])
    #expect(Set(places["fix", default: [:]].values) == [4])
    func excess(_ texts: (Drill) -> ([String], Int)) -> Double {
      Drill.all.reduce(0) { sum, drill in
        let (texts, right) = texts(drill)
        let others = texts.indices.filter { $0 != right }.map { Double(texts[$0].count) }
        return sum + Double(texts[right].count) - others.reduce(0, +) / Double(others.count)
      }
    }
    #expect(excess { ($0.causes.map(\.text), $0.rightCause) } <= 0)
    #expect(excess { ($0.fixes.map(\.text), $0.rightFix) } <= 0)
  }
}
