import STUNCodec
import SansIO
import Testing
import TransportAddress

/// An Allocate for which the relay has no port (RFC 8656 §7.2).
@Suite(.report("T9", "coturn/coturn 2007")) struct RelayedPortExhaustionTests {
  @Test("EVEN-PORT that cannot be served is 508, not 400", arguments: [false, true])
  func evenPort(reservesNext: Bool) throws {
    // The one port there is, is odd.
    var street = RelayStreet(relayedPorts: 49153...49153)
    var client = try PlainClient(in: &street)
    #expect(
      try client.refusal(.allocate, in: &street) {
        try $0.append(requestedTransport: 17)
        try $0.append(evenPortReservesNext: reservesNext)
      } == .insufficientCapacity)
    try client.allocate(in: &street)
  }

  @Test("A dual allocation that cannot be served is 508, not 440")
  func dual() throws {
    var street = RelayStreet(relayedPorts: 49153...49153)
    var first = try PlainClient(in: &street)
    try first.allocate(in: &street)
    var second = try PlainClient(
      "eve", at: "198.51.100.66", password: "envious", in: &street)
    #expect(
      try second.refusal(.allocate, in: &street) {
        try $0.append(requestedTransport: 17)
        try $0.append(additionalAddressFamily: .ipv6)
      } == .insufficientCapacity)
  }
}
