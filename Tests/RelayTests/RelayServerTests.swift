import Glibc
import Relay
import STUN
import STUNCodec
import SansIO
import Sockets
import TURN
import Testing
import TransportAddress

/// Our server and our client, each on real sockets.
@Suite(.timeLimit(.minutes(1))) struct RelayServerTests {
  /// A peer on this host that the policy lets through: not one of the relay's own addresses.
  static let peers: PeerPolicy.Block = try! PeerPolicy.Block("127.0.0.2", prefixLength: 32)

  /// What a client hears of peers that it may not have.
  private struct Refused: Equatable {
    var address: IPAddress
    var why: TURNClient.PeerFailure
  }

  @Test("Data go to a peer and back, as indications and then by a channel")
  func relays() throws {
    let server = try RunningServer(allowed: [Self.peers])
    var alice = try client(of: server.addresses[0])
    let peer = try alice.open("127.0.0.2:0")
    let endpoint = try #require(alice[peer]).localAddress
    let relayed = try alice.allocated()
    #expect(relayed.address == "127.0.0.1")

    for number: UInt8 in 1...3 {
      #expect(try alice.send([number, 0, number], to: endpoint) == nil)
      let (there, source) = try alice.wait {
        if case .datagram(let bytes, let source, peer) = $0 { (bytes, source) } else { nil }
      }
      #expect(there == [number, 0, number] && source == relayed)
      try #require(alice[peer]).send([number].span, to: relayed)
      let back = try alice.data()
      #expect(back.data == [number] && back.peer == endpoint)
    }
    alice.release()
    #expect(
      try alice.wait { if case .turn(.ended(let end)) = $0 { end } else { nil } }
        == TURNClient.End.released)
    server.stop()
    #expect(server.failure == nil)
    #expect(server.traffic.sentCount == 3 && server.traffic.receivedByteCount == 3)
    guard case .turn(.ended(_, _, _, .released), let traffic?)? = server.reports.last else {
      Issue.record("\(server.reports)")
      return
    }
    #expect(traffic == server.traffic)
  }

  @Test("Two clients of one relay talk to each other, though all other peers there are refused")
  func clients() throws {
    let server = try RunningServer()
    var alice = try client(of: server.addresses[0])
    var bob = try client(of: server.addresses[0])
    let (first, second) = (try alice.allocated(), try bob.allocated())
    bob.permit([first.address])
    #expect(
      try bob.wait { if case .turn(.permitted(let address)) = $0 { address } else { nil } }
        == first.address)
    try alice.send(Array("hello".utf8), to: second)
    // Alice's client asks for a permission first, for which somebody must wait.
    _ = try alice.wait { if case .turn(.permitted) = $0 { true } else { nil } }
    _ = try alice.next(before: alice.now)
    let (data, peer) = try bob.data()
    #expect(data == Array("hello".utf8) && peer == first)

    alice.permit(["10.0.0.1"])
    #expect(
      try alice.wait {
        if case .turn(.refused(let address, let why)) = $0 {
          Refused(address: address, why: why)
        } else {
          nil
        }
      }
        == Refused(address: "10.0.0.1", why: .error(.forbidden)))
    server.stop()
  }

  @Test("A peer that is not there is reported to the client, with the ICMP message")
  func unreachable() throws {
    let server = try RunningServer(allowed: [Self.peers])
    var alice = try client(of: server.addresses[0])
    _ = try alice.allocated()
    let closed = try UDPSocket(boundTo: "127.0.0.2:0").localAddress
    try alice.send([1], to: closed)
    let (peer, icmp) = try alice.wait {
      if case .turn(.unreachable(let peer, let icmp)) = $0 { (peer, icmp) } else { nil }
    }
    #expect(peer == closed && icmp == ICMPAttribute(type: 3, code: 3, data: 0))
    server.stop()
  }

  @Test("At an unspecified address the server answers from the address that was asked")
  func unspecified() throws {
    let server = try RunningServer(listeningAt: ["0.0.0.0:0"])
    for address: IPAddress in ["127.0.0.1", "127.0.0.3"] {
      var alice = try client(of: TransportAddress(address, port: server.addresses[0].port))
      #expect(try alice.allocated().address == "127.0.0.1")
    }
    server.stop()
  }

  @Test("A wrong password ends with 401, and the server's owner hears who was claimed to ask")
  func wrongPassword() throws {
    let server = try RunningServer()
    var alice = try client(of: server.addresses[0], password: "wrong")
    alice.allocate()
    let end = try alice.wait { if case .turn(.ended(let end)) = $0 { end } else { nil } }
    #expect(end == TURNClient.End.failed(.refused(.unauthenticated)))
    server.stop()
    guard
      case .turn(.notAuthentic(.allocate, .unauthenticated, "alice", _), nil)? = server.reports
        .first
    else {
      Issue.record("\(server.reports)")
      return
    }
  }

  @Test("With two addresses it answers behavior discovery from all four endpoints")
  func discovery() throws {
    // Ports that are free now; one who takes them in between fails the test, which is unlikely.
    let first = try UDPSocket(boundTo: "127.0.0.1:0").localAddress
    let second = try UDPSocket(boundTo: "127.0.0.2:0").localAddress
    let addresses = try BindingServer.Addresses(first, alternate: second)
    let server = try RunningServer(listeningAt: [first], discovery: addresses)
    #expect(server.addresses.count == 4)
    var loop = SocketLoop()
    let id = try loop.open("127.0.0.1:0")
    let socket = try #require(loop[id])
    var generator = SystemRandomNumberGenerator()
    let expected: [(ChangeRequest, TransportAddress)] = [
      ([], first), ([.port], TransportAddress(first.address, port: second.port)),
      ([.ip], TransportAddress(second.address, port: first.port)), ([.ip, .port], second),
    ]
    for (change, source) in expected {
      let request = try STUNMessage.encode(
        .bindingRequest, transactionID: .random(using: &generator)
      ) { try $0.append(changeRequest: change) }
      try socket.send(request.span, to: first)
      guard case .received(let arrival, _) = try loop.next(before: .seconds(10)) else {
        Issue.record("no response to \(change)")
        continue
      }
      #expect(arrival.source == source)
    }
    server.stop()
  }

  @Test("An endpoint that is taken is named")
  func taken() throws {
    let socket = try UDPSocket(boundTo: "127.0.0.1:0")
    do {
      _ = try RunningServer(listeningAt: [socket.localAddress])
      Issue.record("it has been opened twice")
    } catch let error as SocketError {
      #expect(error.code == EADDRINUSE)
      #expect("\(error)".contains("\(socket.localAddress)"))
    }
  }
}
