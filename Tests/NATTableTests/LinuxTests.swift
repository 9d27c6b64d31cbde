import IPPacket
import NATTable
import SansIO
import Testing
import TransportAddress

/// The `linux` presets, as far as the rules are known; the kernel itself is asked elsewhere.
@Suite struct LinuxTests {
  @Test("A port is kept, even by two hosts, as long as their remotes differ")
  func sharing() {
    var nat = NATTable(.linux, external: external)
    #expect(nat.send(from: host, to: server) == "203.0.113.7:5000")
    #expect(nat.send(from: neighbour, to: stranger) == "203.0.113.7:5000")
    #expect(nat.receive(from: server, to: "203.0.113.7:5000") == host)
    #expect(nat.receive(from: stranger, to: "203.0.113.7:5000") == neighbour)
    #expect(nat.receive(from: serverOtherPort, to: "203.0.113.7:5000") == nil)
  }

  @Test("The second host at one remote gets another port, from then on towards everyone")
  func collision() throws {
    var nat = NATTable(.linux, external: external)
    _ = nat.send(from: host, to: server)
    let other = try nat.opens(from: neighbour, to: server)
    #expect(other.port != 5000)
    #expect(other.port >= 1024)
    #expect(nat.send(from: neighbour, to: stranger) == other)
    #expect(nat.receive(from: server, to: other) == neighbour)
  }

  @Test(
    "Other ports come from the same of three ranges",
    arguments: [1, 511, 512, 1023, 1024, 65535] as [UInt16])
  func ranges(port: UInt16) throws {
    for seed in UInt64(0)..<50 {
      var nat = NATTable(.linux, external: [external], randomSeed: seed)
      _ = nat.send(from: .init(host.address, port: port), to: server)
      let other = try nat.opens(from: .init(neighbour.address, port: port), to: server).port
      let range: ClosedRange<UInt16> =
        port < 512 ? 1...511 : port < 1024 ? 600...1023 : 1024...65535
      #expect(range.contains(other))
      #expect(other != port)
    }
  }

  @Test("A mapping without an answer lives for 30 s, one with an answer for 120 s")
  func timeouts() {
    var nat = NATTable(.linux, external: external)
    _ = nat.send(from: host, to: server)
    #expect(nat.receive(from: server, to: "203.0.113.7:5000", at: .seconds(30)) == nil)
    _ = nat.send(from: host, to: server, at: .seconds(100))
    #expect(nat.receive(from: server, to: "203.0.113.7:5000", at: .seconds(129)) == host)
    #expect(nat.receive(from: server, to: "203.0.113.7:5000", at: .seconds(248)) == host)
    #expect(nat.receive(from: server, to: "203.0.113.7:5000", at: .seconds(368)) == nil)
  }

  @Test("TCP has the kernel's time for each state of a connection, and for one that is aborted")
  func tcpStates() throws {
    func remaining(_ nat: NATTable) -> Duration? {
      nat.mappings.first.map { nat.time.duration(to: $0.expires) }
    }
    let back = server
    var nat = NATTable(.linux, external: external)
    // Each segment, whether it comes from the inside, and how long the connection is then kept.
    let steps: [(TCPFlags, Bool, Int)] = [
      (.syn, true, 120), ([.syn, .ack], false, 60), (.ack, true, 432_000), (.ack, false, 432_000),
      (.syn, true, 432_000), ([.fin, .ack], true, 120), (.ack, false, 60),
      ([.fin, .ack], false, 30), (.ack, true, 120), (.ack, false, 120), (.syn, true, 120),
      ([.syn, .ack], false, 60), ([.rst, .ack], false, 10), (.ack, true, 10),
    ]
    for (index, (flags, fromInside, seconds)) in steps.enumerated() {
      if fromInside {
        #expect(nat.send(flags, from: host, to: server) == "203.0.113.7:5000")
      } else {
        #expect(nat.receive(flags, from: back, to: "203.0.113.7:5000") == host)
      }
      #expect(remaining(nat) == .seconds(seconds), "step \(index)")
    }
    nat.expire(at: .seconds(10))
    #expect(nat.count == 0)
  }

  @Test("A connection that is refused before it began is forgotten at once")
  func refused() {
    var nat = NATTable(.linux, external: external)
    _ = nat.send(.syn, from: host, to: server)
    #expect(nat.receive([.rst, .ack], from: server, to: "203.0.113.7:5000") == host)
    nat.expire(at: .zero)
    #expect(nat.count == 0)
  }

  @Test(
    "A connection older than the table is kept for 300 s until the segment after the first answer")
  func adopted() {
    var nat = NATTable(.linux, external: external)
    _ = nat.send(.ack, from: host, to: server)
    #expect(nat.mappings.first?.expires == .seconds(300))
    _ = nat.receive(.ack, from: server, to: "203.0.113.7:5000")
    #expect(nat.mappings.first?.expires == .seconds(300))
    #expect(nat.mappings.first?.connection == .established)
    _ = nat.send(.ack, from: host, to: server)
    #expect(nat.mappings.first?.expires == .seconds(432_000))
  }

  @Test("linux-random keeps no port, and the seed decides them all")
  func random() throws {
    var ports: [[UInt16]] = []
    for seed in [UInt64(1), 1, 2] {
      var nat = NATTable(.linuxRandom, external: [external], randomSeed: seed)
      ports.append(
        try (0..<20).map {
          try nat.opens(from: host, to: .init(server.address, port: UInt16($0) + 1)).port
        })
    }
    #expect(ports[0] == ports[1])
    #expect(ports[0] != ports[2])
    #expect(Set(ports[0]).count > 15)
  }

  @Test("Behind an open INPUT chain the peer's early packet takes the port from the host's own")
  func openInput() throws {
    var nat = NATTable(.linuxOpenInput, external: external)
    let early = Packet(from: server, to: "203.0.113.7:5000")
    #expect(nat.inbound(early, at: .zero) == .drop(.acceptedByRouter))
    let outside = try nat.opens(from: host, to: server)
    #expect(outside.port != 5000)
    #expect(outside.port >= 1024)
    // Whoever sends to the port that was promised still reaches the router alone.
    #expect(nat.inbound(early, at: .zero) == .drop(.acceptedByRouter))
    #expect(nat.receive(from: server, to: outside) == host)
    // Towards others the port is free.
    #expect(nat.send(from: neighbour, to: stranger) == "203.0.113.7:5000")
  }

  @Test("Behind a closed INPUT chain the early packet changes nothing")
  func closedInput() {
    var nat = NATTable(.linux, external: external)
    let early = Packet(from: server, to: "203.0.113.7:5000")
    #expect(nat.inbound(early, at: .zero) == .drop(.noMapping))
    #expect(nat.send(from: host, to: server) == "203.0.113.7:5000")
  }

  @Test("An open INPUT chain is in nobody's way who was there first")
  func openInputAfterwards() {
    var nat = NATTable(.linuxOpenInput, external: external)
    #expect(nat.send(from: host, to: server) == "203.0.113.7:5000")
    #expect(nat.receive(from: server, to: "203.0.113.7:5000") == host)
  }

  @Test("An early TCP segment or ICMP query behind an open INPUT chain takes no port")
  func openInputOtherProtocols() {
    var nat = NATTable(.linuxOpenInput, external: external)
    #expect(nat.receive(.syn, from: server, to: "203.0.113.7:5000") == nil)
    #expect(nat.send(.syn, from: host, to: server) == "203.0.113.7:5000")
    let early = Packet.query(from: server.address, identifier: 7, to: "203.0.113.7")
    #expect(nat.inbound(early, at: .zero) == .drop(.noMapping))
    let ping = Packet.query(from: host.address, identifier: 7, to: server.address)
    let outside = Packet.query(from: "203.0.113.7", identifier: 7, to: server.address)
    #expect(nat.outbound(ping, at: .zero) == .forward(outside))
  }

  @Test("The router's own entry lives for 30 s after the last packet to it")
  func openInputTimeout() throws {
    let early = Packet(from: server, to: "203.0.113.7:5000")
    for (seconds, isFree) in [(Int64(49), false), (50, true)] {
      var nat = NATTable(.linuxOpenInput, external: external)
      _ = nat.inbound(early, at: .zero)
      _ = nat.inbound(early, at: .seconds(20))
      let outside = try nat.opens(from: host, to: server, at: .seconds(seconds))
      #expect((outside.port == 5000) == isFree)
    }
    var nat = NATTable(.linuxOpenInput, external: external)
    _ = nat.inbound(early, at: .zero)
    #expect(nat.nextDeadline == .seconds(30))
    nat.expire(at: .seconds(30))
    #expect(nat.nextDeadline == nil)
  }

  @Test("A flood of early packets from ever new senders keeps a bounded number of entries")
  func openInputFlood() throws {
    var nat = NATTable(.linuxOpenInput, external: external)
    for number in UInt32(0)..<70_000 {
      let sender = TransportAddress(.v4(IPv4Address(rawValue: 0xC612_0000 + number)), port: 1)
      #expect(
        nat.inbound(Packet(from: sender, to: "203.0.113.7:5000"), at: .zero)
          == .drop(.acceptedByRouter))
    }
    #expect(try nat.opens(from: host, to: "198.18.0.0:1").port != 5000)
    #expect(try nat.opens(from: neighbour, to: "198.19.17.111:1").port == 5000)
  }

  @Test("The order in which mappings of one endpoint end does not matter")
  func unlinking() throws {
    var random = SeededGenerator(seed: 1)
    var nat = NATTable(.linux, external: external)
    var now = Instant.zero
    for _ in 0..<5000 {
      now = now.advanced(by: .milliseconds(Int.random(in: 0...2000, using: &random)))
      let inside = TransportAddress(
        .v4(IPv4Address(10, 0, 0, .random(in: 2...5, using: &random))),
        port: .random(in: 5000...5002, using: &random))
      let remote = TransportAddress(server.address, port: .random(in: 1...20, using: &random))
      let outside = try nat.opens(from: inside, to: remote, at: now)
      #expect(nat.receive(from: remote, to: outside, at: now) == inside)
    }
    let flows = nat.mappings.map { "\($0.outside) \($0.scope)" }
    #expect(Set(flows).count == flows.count)
    nat.expire(at: now.advanced(by: .seconds(120)))
    #expect(nat.count == 0)
  }

  @Test("A connection that is reset before anybody has answered is gone with that packet")
  func resetBeforeAnAnswer() {
    var nat = NATTable(.linux, external: external)
    #expect(nat.send(.syn, from: host, to: server) != nil)
    #expect(nat.count == 1)
    #expect(nat.send(.rst, from: host, to: server) != nil)
    #expect(nat.count == 0)
    #expect(nat.mappings.isEmpty)
    #expect(nat.nextDeadline == nil)
  }
}
