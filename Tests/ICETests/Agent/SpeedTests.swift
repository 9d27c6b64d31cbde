import ICE
import Testing
import TransportAddress

/// How soon both sides have a selected pair, in virtual time: nothing but the protocol's own time is left.
///
/// The first side's check makes the way through its own NAT, and is lost at the other one. The other
/// side's check passes, and the first answers it with a triggered check, a Ta later; only then can it
/// nominate, if it is the controlling one. With several addresses a check between two hosts comes first.
@Suite struct SpeedTests {
  /// A meeting through two NATs, and how it goes.
  struct Meeting: CustomTestStringConvertible {
    var name: String
    var street: Street
    /// Milliseconds until the controlling and until the controlled side has a selected pair.
    var times: [Int]
    /// How many packets both have sent by then.
    var packets: Int

    var testDescription: String { name }
  }

  private static func meeting(
    _ candidates: Int, dead: Int = 0, pacing: Int, isControllingFirst: Bool, _ time: Int,
    packets: Int
  ) -> Meeting {
    let graves = dead > 0 ? " and \(dead) dead" : ""
    let first = isControllingFirst ? "controlling" : "controlled"
    return Meeting(
      name: "\(candidates)x\(candidates)\(graves), Ta of \(pacing) ms, the \(first) side first",
      street: Street(
        candidates: candidates, dead: dead, pacing: .milliseconds(pacing),
        lead: .milliseconds(isControllingFirst ? 2 : -2)),
      times: [time, time], packets: packets)
  }

  static let meetings = [
    meeting(1, pacing: 50, isControllingFirst: false, 50, packets: 7),
    meeting(1, pacing: 50, isControllingFirst: true, 98, packets: 7),
    meeting(4, pacing: 50, isControllingFirst: false, 100, packets: 9),
    meeting(4, pacing: 50, isControllingFirst: true, 148, packets: 10),
    meeting(8, pacing: 50, isControllingFirst: false, 100, packets: 9),
    meeting(8, pacing: 50, isControllingFirst: true, 148, packets: 10),
    // A peer's public address may be nearer than its NAT's: its check gets two Ta.
    meeting(4, dead: 5, pacing: 50, isControllingFirst: false, 200, packets: 13),
    meeting(4, dead: 5, pacing: 50, isControllingFirst: true, 248, packets: 14),
    meeting(1, pacing: 5, isControllingFirst: false, 5, packets: 7),
    meeting(1, pacing: 5, isControllingFirst: true, 8, packets: 7),
    meeting(4, pacing: 5, isControllingFirst: false, 10, packets: 9),
    meeting(4, pacing: 5, isControllingFirst: true, 13, packets: 10),
    meeting(8, pacing: 5, isControllingFirst: false, 10, packets: 9),
    meeting(8, pacing: 5, isControllingFirst: true, 13, packets: 10),
    meeting(4, dead: 5, pacing: 5, isControllingFirst: false, 20, packets: 13),
    meeting(4, dead: 5, pacing: 5, isControllingFirst: true, 23, packets: 14),
  ]

  @Test("Two NATs are passed in as few turns of Ta as the checks need", arguments: meetings)
  func throughNATs(_ meeting: Meeting) throws {
    var world: World?
    let outcome = try meeting.street.meet { world = $0 }
    #expect([outcome.controlling, outcome.controlled] == meeting.times, "\(outcome)")
    #expect(outcome.packets == meeting.packets, "\(outcome)")
    #expect(outcome.types == [.serverReflexive, .serverReflexive])
    world?.expectPacing()
  }

  @Test("A long way adds its round trips, and few turns of Ta", arguments: [1, 4, 8], [-2, 2])
  func farApart(candidates: Int, lead: Int) throws {
    let street = Street(
      candidates: candidates, latency: .milliseconds(60), lead: .milliseconds(lead))
    let outcome = try street.meet()
    // The peer's check, the own one and the nomination, and before each of them one Ta at most.
    #expect(outcome.controlling <= 5 * 60 + 3 * 50, "\(outcome)")
  }
}
