import Calls
import STUNCodec
import SansIO
import Simulator
import TURN
import Testing

/// When a client refreshes what it has.
@Suite(.report("T23", "rusturn 11")) struct RefreshTimeTests {
  @Test(
    "Each Refresh comes well before the end, with time for one that is lost to be sent again",
    arguments: [600, 1200, 3600] as [UInt32])
  func early(lifetime: UInt32) throws {
    var street = RelayStreet()
    let alice = street.network.host(
      "alice",
      running: TURNClientEndpoint(
        of: RelayStreet.server, "alice", password: "secret", options: .init(lifetime: lifetime)))
    street.network.run(for: .seconds(5 * Int64(lifetime)))
    let events = street.network.trace.events(at: alice.node)
    var times: [Instant] = []
    for event in events {
      // The headers of IPv4 and UDP are 28 bytes.
      guard case .sent(_, let bytes, _) = event.kind,
        let message = try? STUNMessage(Array(bytes.dropFirst(28))),
        message.type == MessageType(.request, .refresh)
      else { continue }
      // A refresh with a stale nonce is followed by another at once.
      if let last = times.last, last.duration(to: event.time) < .seconds(1) { continue }
      times.append(event.time)
    }
    try #require(times.count >= 5)
    for (time, next) in zip([.zero] + times, times) {
      let wait = time.duration(to: next)
      // A request fails after 39.5 s.
      #expect(wait <= .seconds(Int64(lifetime)) - .milliseconds(39_500), "\(wait)")
      #expect(wait >= .seconds(Int64(lifetime) / 2), "\(wait)")
    }
    #expect(try street.server.allocationCount == 1)
  }
}
