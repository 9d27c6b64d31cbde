import Gathering
import ICE
import STUNCodec
import SansIO
import TURN
import Testing
import TransportAddress

/// The candidates of one socket, and the ways to its relay.
@Suite struct BaseGathererTests {
  private func servers(
    _ relays: GatheringServers.Relay..., hasSTUN: Bool = true, relayOnly: Bool = false
  ) -> GatheringServers {
    GatheringServers(stun: hasSTUN ? [Desk.stun] : [], relays: relays, relayOnly: relayOnly)
  }

  // MARK: Candidates

  @Test("Two servers give a server-reflexive and a relayed candidate, asked one Ta apart")
  func bothServers() throws {
    var desk = try Desk(servers(Desk.udp), open: [Desk.stun, Desk.udp.server])
    desk.run(for: .seconds(1))
    #expect(desk.candidates.map(\.type) == [.host, .serverReflexive, .relayed])
    #expect(desk.candidates.map(\.base.port) == [5000, 5000, desk.gatherer.relayed?.port])
    #expect(desk.firstAsked[Desk.stun] == .zero)
    #expect(desk.firstAsked[Desk.udp.server]?.milliseconds == 50)
    #expect(desk.finish?.milliseconds == 50)
    #expect(desk.failures == [])
  }

  @Test("What the relay's server saw is a candidate at once where no STUN server has answered")
  func mappedByRelay() throws {
    var alone = try Desk(servers(Desk.udp, hasSTUN: false), open: [Desk.udp.server])
    alone.run(for: .seconds(1))
    #expect(alone.candidates.map(\.type) == [.host, .serverReflexive, .relayed])
    #expect(alone.candidates[1].address == Desk.mapped)
    #expect(alone.candidates[1].server == Desk.udp.server)

    var dead = try Desk(servers(Desk.udp), open: [Desk.udp.server])
    dead.run(for: .milliseconds(50))
    #expect(dead.candidates.map(\.type) == [.host, .serverReflexive, .relayed])
    dead.endGathering()
    #expect(dead.candidates.map(\.type) == [.host, .serverReflexive, .relayed])
    #expect(dead.failures == [.noAddress])
    #expect(dead.finish != nil)
  }

  @Test("With relays alone, no address of the host is in a candidate")
  func relayOnly() throws {
    var desk = try Desk(
      servers(Desk.udp, relayOnly: true), open: [Desk.stun, Desk.udp.server])
    desk.run(for: .seconds(1))
    #expect(desk.candidates.map(\.type) == [.relayed])
    #expect(desk.candidates[0].relatedAddress == nil)
    #expect(desk.firstAsked[Desk.stun] == nil)
  }

  @Test("A user that no TURN server can have is the caller's mistake, by whatever way")
  func user() {
    var relay = Desk.tls
    relay.username = "\u{FFFF}"
    #expect(throws: TURNConfigurationError.self) {
      try BaseGatherer(base: Desk.base, servers: servers(Desk.udp, relay))
    }
  }

  // MARK: Ways to a relay

  @Test("Where no UDP gets out, TCP is tried after two seconds, and no STUN server waited for")
  func noUDP() throws {
    var desk = try Desk(servers(Desk.tcp, Desk.udp), open: [Desk.tcp.server])
    desk.run(for: .seconds(4))
    #expect(desk.firstAsked[Desk.udp.server]?.milliseconds == 50)
    #expect(desk.firstAsked[Desk.tcp.server]?.milliseconds == 2000)
    #expect(desk.finish?.milliseconds == 2000)
    #expect(desk.failures == [.noRelay(.failed(.timedOut)), .noAddress])
    // The mapped address is that of the connection, to which no datagram can be sent.
    #expect(desk.candidates.map(\.type) == [.host, .relayed])
    #expect(desk.candidates[1].relatedAddress == Desk.mappedStream)
  }

  @Test("TLS follows TCP: at once where TCP is refused, after two seconds where nothing comes back")
  func overTLS() throws {
    for isRefused in [true, false] {
      var desk = try Desk(
        servers(Desk.tls, Desk.tcp, Desk.udp), open: [Desk.tls.server],
        refused: isRefused ? [Desk.tcp.server] : [])
      #expect(desk.gatherer.furtherPatience == .seconds(4))
      desk.run(for: .seconds(6))
      #expect(desk.firstAsked[Desk.tcp.server]?.milliseconds == 2000)
      #expect(desk.firstAsked[Desk.tls.server]?.milliseconds == (isRefused ? 2000 : 4000))
      #expect(desk.candidates.last?.type == .relayed)
      #expect(desk.disconnected == [Desk.tcp.server])
    }
  }

  @Test("A relay that is only there by TCP is asked at once")
  func onlyTCP() throws {
    var desk = try Desk(servers(Desk.tcp, hasSTUN: false), open: [Desk.tcp.server])
    desk.run(for: .seconds(1))
    #expect(desk.firstAsked[Desk.tcp.server] == .zero)
    #expect(desk.candidates.map(\.type) == [.host, .relayed])
  }

  @Test("A relay that answers is not left for another way, however the STUN server does")
  func answers() throws {
    var desk = try Desk(servers(Desk.udp, Desk.tcp), open: [Desk.udp.server, Desk.tcp.server])
    desk.run(for: .seconds(10))
    #expect(desk.firstAsked[Desk.tcp.server] == nil)
    #expect(desk.failures == [])
  }

  @Test("A relay whose UDP is dead is asked over TCP, though a STUN server has answered")
  func deadRelay() throws {
    var desk = try Desk(servers(Desk.udp, Desk.tcp), open: [Desk.stun, Desk.tcp.server])
    desk.run(for: .seconds(3))
    #expect(desk.candidates.map(\.type) == [.host, .serverReflexive, .relayed])
    #expect(desk.failures == [.noRelay(.failed(.timedOut))])
  }

  @Test("A server that refuses is followed by the next one, and the last failure ends gathering")
  func refusals() throws {
    let wrong = Desk.relay("203.0.113.10:3480", .udp, password: "wrong")
    var desk = try Desk(
      servers(wrong, Desk.tcp, hasSTUN: false), open: [wrong.server], refused: [Desk.tcp.server])
    desk.run(for: .seconds(1))
    #expect(
      desk.failures == [
        .noRelay(.failed(.refused(.unauthenticated))), .noConnection("refused"),
      ])
    #expect(desk.finish == .zero)
    #expect(desk.gatherer.relayed == nil)
  }

  @Test("When the patience is over, a connection that is being made is given up")
  func patience() throws {
    var desk = try Desk(servers(Desk.tls, hasSTUN: false))
    desk.run(for: .seconds(5))
    #expect(desk.finish == nil)
    desk.endGathering()
    #expect(desk.finish != nil)
    #expect(desk.failures == [.noRelay(.failed(.timedOut))])
    #expect(desk.disconnected == [Desk.tls.server])
  }

  // MARK: In use

  @Test("Data goes both ways over a connection, in whatever pieces it comes", arguments: 1...30)
  func data(pieces: Int) throws {
    var desk = try Desk(servers(Desk.tcp, hasSTUN: false), open: [Desk.tcp.server])
    let peer: TransportAddress = "192.0.2.5:4000"
    desk.permit(peer.address)
    desk.send([1, 2, 3, 4, 5], to: peer)
    // A channel is bound by now, whose data are padded (RFC 8656 §12.5).
    desk.send([6, 7, 8], to: peer)
    #expect(desk.relayedData == [[1, 2, 3, 4, 5], [6, 7, 8]])
    let bytes = desk.fromPeer([9, 10, 11], peer) + desk.fromPeer([12], peer)
    let arrived = desk.receive(bytes, by: Desk.tcp.server, pieces: pieces)
    #expect(arrived.map(\.data) == [[9, 10, 11], [12]])
    #expect(arrived.allSatisfy { $0.peer == peer })
  }

  @Test("What is neither STUN nor ChannelData ends the connection, and the relayed address with it")
  func noise() throws {
    var desk = try Desk(servers(Desk.tcp, hasSTUN: false), open: [Desk.tcp.server])
    #expect(desk.gatherer.relayed != nil)
    let arrived = desk.receive([UInt8](repeating: 0xFF, count: 24), by: Desk.tcp.server, pieces: 24)
    #expect(arrived.isEmpty)
    #expect(desk.gatherer.relayed == nil)
    #expect(desk.disconnected == [Desk.tcp.server])
  }

  @Test("A connection that is lost takes the relayed address with it, and no other way is tried")
  func lost() throws {
    var desk = try Desk(
      servers(Desk.tcp, Desk.tls, hasSTUN: false), open: [Desk.tcp.server, Desk.tls.server])
    desk.loseConnection(to: Desk.tcp.server)
    #expect(desk.gatherer.relayed == nil)
    #expect(desk.failures == [.noConnection("reset")])
    #expect(desk.firstAsked[Desk.tls.server] == nil)
    // A word about an earlier connection changes nothing.
    desk.loseConnection(to: Desk.tcp.server)
    #expect(desk.failures.count == 1)
  }

  @Test("A peer that the server refuses is told, whichever way the server is reached")
  func refusedPeer() throws {
    for relay in [Desk.udp, Desk.tcp] {
      var desk = try Desk(servers(relay, hasSTUN: false), open: [relay.server])
      desk.permit("127.0.0.1")
      #expect(desk.refused == ["127.0.0.1"])
    }
  }

  @Test("What has been allocated is given back, and the connection ended after that")
  func released() throws {
    var desk = try Desk(servers(Desk.tcp, hasSTUN: false), open: [Desk.tcp.server])
    desk.release()
    #expect(desk.isReleased)
    #expect(desk.disconnected == [Desk.tcp.server])
    #expect(desk.gatherer.relayed == nil)
    var silent = try Desk(servers(Desk.tcp, hasSTUN: false))
    silent.release()
    #expect(silent.isReleased)
    #expect(silent.disconnected == [Desk.tcp.server])
  }

  @Test("Mappings to both servers are kept alive every 15 s, and no longer once a pair is selected")
  func keepalives() throws {
    var desk = try Desk(servers(Desk.udp), open: [Desk.stun, Desk.udp.server])
    desk.run(for: .seconds(1))
    #expect(desk.gatherer.nextDeadline?.milliseconds == 15_000)
    desk.gatherer.keepalivesEnded()
    #expect(desk.gatherer.nextDeadline.map { $0.milliseconds > 15_000 } ?? true)
  }
}
