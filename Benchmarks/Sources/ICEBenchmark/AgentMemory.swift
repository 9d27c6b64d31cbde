import CAllocationCounter
import ICE
import SansIO
import TransportAddress

/// What agents hold once each has selected a pair with its peer, without a network between them.
enum AgentMemory {
  static func measure(candidates: Int) {
    let count = 200
    let before = allocated_bytes()
    var meetings: [Meeting] = []
    meetings.reserveCapacity(count)
    for seed in 1...count {
      var meeting = Meeting(candidates: candidates, seed: UInt64(seed))
      meeting.run()
      meetings.append(meeting)
    }
    let held = allocated_bytes() - before
    withExtendedLifetime(meetings) {
      print("memory-\(candidates)\t\(Double(held) / Double(2 * count))")
    }
  }
}

/// Two agents; what one sends, the other gets at once.
private struct Meeting {
  private var agents: [ICEAgent] = []
  private var generator: SeededGenerator
  private var now = Instant.zero

  /// - Parameter candidates: how many host candidates each of them has.
  init(candidates: Int, seed: UInt64) {
    generator = SeededGenerator(seed: seed)
    do throws(AgentError) {
      for (side, role) in [AgentRole.controlling, .controlled].enumerated() {
        var agent = try ICEAgent(role: role, using: &generator)
        for number in 0..<candidates {
          let address = IPAddress.v4(IPv4Address(10, 0, UInt8(side), UInt8(2 + number)))
          try agent.gathered(.host(TransportAddress(address, port: 5000)), at: now)
        }
        try agent.gatheringFinished(at: now)
        agents.append(agent)
      }
      let media = ["application 9 udp octet-stream"]
      let descriptions = agents.map { $0.localDescription(media: media) }
      for side in 0...1 {
        try agents[side].remoteDescriptionReceived(descriptions[1 - side], at: now)
      }
    } catch {
      preconditionFailure("\(error)")
    }
  }

  /// Lets time pass until both have selected a pair, and freed what that one does not need.
  mutating func run() {
    let rest = ICEConstants.freeingDelay
    var end: Instant?
    while end.map({ now <= $0 }) ?? true {
      deliver()
      if end == nil, agents.allSatisfy({ $0.state == .completed }) { end = now.advanced(by: rest) }
      guard let next = agents.compactMap(\.nextDeadline).min() else {
        preconditionFailure("agents check consent as long as they are there")
      }
      now = max(now, next)
      for side in 0...1 { agents[side].timerFired(at: now, using: &generator) }
    }
    deliver()
  }

  private mutating func deliver() {
    var isBusy = true
    while isBusy {
      isBusy = false
      for side in 0...1 {
        while let action = agents[side].nextAction() {
          isBusy = true
          guard case .send(let bytes, let base, let remote) = action else { continue }
          agents[1 - side].received(bytes.span, from: base, to: remote, at: now, using: &generator)
        }
      }
    }
  }
}
