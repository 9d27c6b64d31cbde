import Glibc
import IPPacket
import NATTable
import SansIO
import TestSupport
import Testing
import TransportAddress

@testable import NATConsole

@Suite struct UndoHistoryTests {
  /// A state that says by its identity when it was copied, and a change that appends.
  private typealias History = UndoHistory<[Int], Int>

  private func replay(_ state: inout [Int], _ change: Int) { state.append(change) }

  @Test("It takes back what a list of all states would, in any order of changes", arguments: 0..<8)
  func model(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let depth = 300
    var history = History(depth: depth)
    var state: [Int] = []
    var states: [[Int]] = []
    var takenBack = 0
    for step in 0..<4000 {
      // Long runs of either, so that the bottom is reached and left again.
      if Int.random(in: 0..<100, using: &random) < (step / 400 % 2 == 0 ? 80 : 20) {
        history.prepare(state, size: state.count)
        states.append(state)
        if states.count > depth { states.removeFirst() }
        state.append(step)
        history.append(step)
      } else {
        let expected = states.popLast()
        let found = history.takeBack(replay: replay)
        #expect(found == expected)
        if let found {
          state = found
          takenBack += 1
        }
      }
    }
    #expect(takenBack > 1000)
  }

  @Test("What it copies is proportional to the changes, and what it keeps to the state")
  func proportional() {
    var history = History(depth: 1000)
    var state: [Int] = []
    var copied = 0
    for change in 0..<20_000 {
      let last = history.snapshots.last?.number
      history.prepare(state, size: state.count)
      if history.snapshots.last?.number != last { copied += state.count }
      state.append(change)
      history.append(change)
    }
    // Each snapshot is as large as the gap before it is long.
    #expect(copied <= 20_000)
    #expect(history.snapshots.count <= 2)
    #expect(history.changes.count <= 1000 + 2 * 20_000)
  }

  @Test("A small state has a snapshot every so often, however long it goes on")
  func small() {
    var history = History(depth: 1000)
    var largest = 0
    for change in 0..<100_000 {
      history.prepare([], size: 0)
      history.append(change)
      largest = max(largest, history.changes.count)
    }
    #expect(history.snapshots.count <= 1000 / 64 + 2)
    #expect(largest <= 1000 + 64)
  }

  @Test("Taking back a thousand changes replays few for each")
  func replays() {
    var history = History(depth: 1000)
    var state: [Int] = []
    for change in 0..<16_000 {
      history.prepare(state, size: state.count)
      state.append(change)
      history.append(change)
    }
    var replayed = 0
    for _ in 0..<1000 {
      let found = history.takeBack { state, change in
        replayed += 1
        state.append(change)
      }
      #expect(found != nil)
    }
    #expect(history.takeBack(replay: replay) == nil)
    // The first replay may be as long as the state is large; the others start from nearby.
    #expect(replayed <= 16_000 + 1000 * 32)
  }
}

@Suite struct ConsoleCostTests {
  @Test("Neither a packet nor time copies the table: they succeed with no memory left")
  func noCopy() async {
    await #expect(processExitsWith: .success) {
      guard var nat = ConsoleNAT(preset: "full-cone", external: ["203.0.113.7"], randomSeed: 0)
      else { exit(1) }
      let packet = Packet(from: "10.0.0.2:5000", to: "198.51.100.1:3478")
      let reply = Packet(from: "198.51.100.1:3478", to: "203.0.113.7:5000")
      var forwarded = 0
      withoutMemory {
        if case .forward = nat.outbound(packet, at: .zero) { forwarded += 1 }
        if case .forward = nat.inbound(reply, at: .zero) { forwarded += 1 }
        _ = nat.expire(at: .zero)
        _ = nat.nextAction()
      }
      exit(forwarded == 4 ? 0 : 2)
    }
  }
}
