import STUNCodec
import SansIO
import TURN
import Testing
import TransportAddress

/// What the server's owner hears of allocations.
@Suite struct EventTests {
  var server: TestServer
  var client: RawClient

  init() throws {
    server = try TestServer()
    server.server.reportsEvents = true
    client = try RawClient()
  }

  /// Takes what there is.
  mutating func events() -> [TURNServer.Event] {
    var events: [TURNServer.Event] = []
    while let event = server.server.nextEvent() { events.append(event) }
    return events
  }

  @Test("An allocation is reported when it is there, and when its client gives it up")
  mutating func released() throws {
    let relayed = try client.allocate(&server)
    #expect(events() == [.allocated(user: "alice", on: alice, relayed: [relayed], seconds: 600)])
    _ = try client.ask(&server, .refresh) { try $0.append(lifetime: 0) }
    #expect(events() == [.ended(user: "alice", on: alice, relayed: [relayed], .released)])
  }

  @Test("An allocation that nobody refreshes is reported as expired")
  mutating func expired() throws {
    let relayed = try client.allocate(&server)
    _ = events()
    try server.advance(to: .seconds(600))
    #expect(events() == [.ended(user: "alice", on: alice, relayed: [relayed], .expired)])
  }

  @Test("Of two relayed addresses that end one after the other, the last one's end is the end")
  mutating func both() throws {
    _ = try client.ask(&server, .allocate) {
      try $0.append(requestedTransport: 17)
      try $0.append(additionalAddressFamily: .ipv6)
    }
    guard case .allocated(_, _, let relayed, _)? = events().first else {
      throw Failure("no allocation")
    }
    #expect(relayed.count == 2)
    for (family, expected) in [(AddressFamily.ipv4, 0), (.ipv6, 1)] {
      _ = try client.ask(&server, .refresh) {
        try $0.append(lifetime: 0)
        try $0.append(requestedAddressFamily: family)
      }
      #expect(events().count == expected)
    }
  }

  @Test("A refused user is named, with the peer; a first request without credentials is no news")
  mutating func refused() throws {
    _ = try client.allocate(&server)
    _ = events()
    let inside: TransportAddress = "10.0.0.1:0"
    _ = try client.refusal(&server, .createPermission) { try $0.append(xorPeerAddress: inside) }
    #expect(
      events()
        == [.refused(.createPermission, .forbidden, user: "alice", on: alice, peer: inside)])
  }

  @Test("Who cannot prove to be a user is reported with the name that was claimed")
  mutating func notAuthentic() throws {
    var stranger = try RawClient(user: "alice", password: "wrong")
    _ = try stranger.refusal(&server, .allocate) { try $0.append(requestedTransport: 17) }
    #expect(
      events() == [.notAuthentic(.allocate, .unauthenticated, claiming: "alice", on: alice)])
  }

  @Test("Nothing is kept for a server whose owner does not ask")
  mutating func silent() throws {
    server.server.reportsEvents = false
    _ = try client.allocate(&server)
    #expect(events() == [])
  }
}
