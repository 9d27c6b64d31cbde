import STUN
import STUNCodec
import SansIO
import TURN
import Testing
import TransportAddress

/// TCP allocations (RFC 6062) whose clients have a ticket (RFC 8016).
@Suite struct MovingTCPAllocationTests {
  var server: TestServer
  var client: RawClient
  let relayed: TransportAddress
  let ticket: [UInt8]

  init() throws {
    var configuration = try streamConfiguration()
    configuration.allowsMobility = true
    server = try TestServer(configuration)
    client = try RawClient(aliceOverTCP)
    let response = try client.ask(&server, .allocate) {
      try $0.append(requestedTransport: 6)
      try $0.append(.mobilityTicket, bytes: [])
    }
    relayed = try #require(try response.xorRelayedAddress)
    ticket = try #require(response.mobilityTicket)
    try client.permit(&server, peer)
  }

  @Test("A peer's connection is not indicated on a connection that the client has left")
  mutating func attempt() throws {
    server.server.connectionClosed(aliceOverTCP)
    #expect(server.server.allocationCount == 1)
    #expect(server.accept(peer, at: relayed) == nil)
    #expect(try server.drain().isEmpty)
  }

  @Test(
    "A Connect request is not answered on a connection that the client has left",
    arguments: [true, false])
  mutating func connect(isOpened: Bool) throws {
    let id = try client.beginConnect(&server, peer)
    server.server.connectionClosed(aliceOverTCP)
    if isOpened {
      server.server.connected(id, at: server.now)
    } else {
      server.server.peerConnectionClosed(id)
    }
    #expect(try server.drain().isEmpty)
  }

  @Test("A ticket takes a TCP allocation to another stream, and not to UDP, which gets 400")
  mutating func move() throws {
    var byDatagrams = try RawClient(aliceElsewhere)
    #expect(try byDatagrams.refusalOfMove(&server, with: ticket) == .badRequest)
    var byStream = try RawClient(
      FiveTuple(.tcp, local: serverAddress, remote: "192.0.2.99:7000"))
    let next = try byStream.move(&server, with: ticket)
    #expect(next != ticket)
  }
}
