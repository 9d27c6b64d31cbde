import Calls
import ICE
import STUNCodec
import SansIO
import Simulator
import Testing
import TransportAddress

/// What two agents still send one another once they are connected.
@Suite struct CheckTrafficTests {
  /// The requests that a side sends to the other one within a minute of silence.
  private func requests(in call: inout Call, by party: Call.Party) -> Int {
    call.messages(sentBy: party).count { message in
      message.message.type == .bindingRequest && message.message.has(.username)
        && message.time > call.network.time.advanced(by: .seconds(-60))
    }
  }

  @Test(
    "Checks on a selected pair trigger no checks: in a minute there are those of consent alone",
    .report("I9", "pion/ice 99fbdea"),
    arguments: [(CallSite.cone, CallSite.cone), (.open, .cone), (.open, .open), (.cone, .open)])
  func noPingPong(one: CallSite, other: CallSite) throws {
    var call = Call(one, other)
    call.connect()
    call.run(for: .seconds(65))
    for party in Call.Party.allCases {
      // One each 4 to 6 s.
      let count = requests(in: &call, by: party)
      #expect((10...16).contains(count), "\(party): \(count)")
    }
  }

  @Test(
    "Both sides send requests for consent, so that neither looks dead to the other",
    .report("I26", "pion/ice 829"))
  func bothAsk() throws {
    var call = Call(.cone, .open)
    call.connect()
    let start = call.network.time
    call.run(for: .seconds(120))
    for party in Call.Party.allCases {
      let times =
        [start]
        + call.messages(sentBy: party).filter {
          $0.message.type == .bindingRequest && $0.message.has(.username) && $0.time > start
        }.map(\.time)
      #expect(times.count > 15)
      // Never is one silent for longer than a period of 5 s and its fifth.
      for (earlier, later) in zip(times, times.dropFirst()) {
        #expect(earlier.duration(to: later) <= .seconds(6))
      }
    }
  }
}
