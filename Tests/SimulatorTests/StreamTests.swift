import IPPacket
import NATTable
import Router
import SansIO
import Testing
import TransportAddress

@testable import Simulator

@Suite struct StreamTests {
  private static let text = "GET / HTTP/1.1"

  private func events(_ net: Network, _ host: HostID) -> [StreamEvent] {
    net.program(on: host, as: StreamScriptEndpoint.self)?.happenings.map(\.event) ?? []
  }

  private func received(_ net: Network, _ host: HostID) -> String {
    let bytes = net.program(on: host, as: StreamScriptEndpoint.self)?.received ?? []
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Alice at home, and a server that sends back what comes through a stream.
  private func home(
    nat: NATTable.Configuration = .portRestrictedCone, line: Link = .line, server: Link = .cable,
    payload: String = text, seed: UInt64 = 1
  ) -> (net: Network, alice: HostID, server: HostID) {
    var net = Network(seed: seed)
    let home = net.router("home", nat: nat, link: line)
    let alice = net.host("alice", behind: home, running: .stream(payload, to: "203.0.113.9:80"))
    let server = net.host(
      "server", at: "203.0.113.9", link: server, running: .streamEcho(port: 80))
    return (net, alice, server)
  }

  @Test("A stream goes out through a NAT and comes back, and both sides close")
  func echo() {
    var (net, alice, server) = home()
    let isQuiet = net.run()
    #expect(isQuiet)
    #expect(received(net, server) == Self.text)
    #expect(received(net, alice) == Self.text)
    #expect(events(net, alice) == [.opened, .ended])
    #expect(events(net, server) == [.opened, .ended, .closed(nil)])
    #expect(net.trace.drops.isEmpty)
    // Alice's end, which closed first, waits for late segments.
    #expect(net.hosts[0].streams.connectionCount == 1)
    net.run(for: .seconds(61))
    #expect(events(net, alice).last == .closed(nil))
    #expect(net.hosts.map(\.streams.connectionCount) == [0, 0])
  }

  @Test("The NAT follows the connection: open, established, closing")
  func tracking() {
    var (net, _, _) = home()
    net.run()
    let states = net.trace.events.compactMap { event -> NATTable.Connection? in
      guard case .table(let change) = event.kind else { return nil }
      return change.mapping.connection
    }
    let changes = zip(states, states.dropFirst()).filter { $0 != $1 }.map(\.1)
    #expect(states.first != nil)
    #expect(changes.count >= 2)
  }

  @Test("Words of a picture name the segments' flags")
  func words() {
    var (net, _, _) = home()
    net.run()
    let ladder = Ladder(net.trace).text()
    #expect(ladder.contains("TCP SYN"))
    #expect(ladder.contains("TCP SYN+ACK"))
  }

  @Test("Where nobody listens the connection is refused by a reset that comes back through the NAT")
  func refused() {
    var net = Network(seed: 1)
    let home = net.router("home", nat: .portRestrictedCone)
    let alice = net.host("alice", behind: home, running: .stream("hello", to: "203.0.113.9:80"))
    net.host("server", at: "203.0.113.9")
    net.run()
    #expect(events(net, alice) == [.closed(.refused)])
    #expect(net.trace.dropReasons == [.closedPort])
  }

  @Test("Where no host is the connection times out after 127 seconds")
  func nobody() {
    var net = Network(seed: 1)
    let alice = net.host("alice", running: .stream("hello", to: "203.0.113.9:80"))
    net.run()
    #expect(events(net, alice) == [.closed(.timedOut)])
    #expect(net.time == .seconds(127))
    #expect(net.trace.drops.count == 7)
  }

  @Test("Two hosts behind a NAT each meet when both open to the other's address at once")
  func simultaneousOpen() {
    var net = Network(seed: 1)
    let addresses: [TransportAddress] = ["198.51.100.1:5000", "198.51.100.2:5000"]
    let hosts = ["alice", "bob"].enumerated().map { number, name in
      let router = net.router("home of \(name)", nat: .portRestrictedCone)
      let opening = StreamScriptEndpoint.Opening(
        to: addresses[1 - number], send: Array("from \(name)".utf8))
      return net.host(name, behind: router, running: StreamScriptEndpoint([opening]))
    }
    net.run()
    #expect(received(net, hosts[0]) == "from bob")
    #expect(received(net, hosts[1]) == "from alice")
    let flags = net.trace.events.compactMap { event -> TCPFlags? in
      guard case .sent(_, let bytes, _) = event.kind,
        case .segment(let flags)? = try? Packet(parsing: bytes.span).content
      else { return nil }
      return flags
    }
    #expect(flags.prefix(4) == [.syn, .syn, [.syn, .ack], [.syn, .ack]])
  }

  @Test("A firewall for the web lets a connection to port 443 pass, and none to 8080")
  func firewall() {
    for (port, passes) in [(443, true), (8080, false)] as [(UInt16, Bool)] {
      var net = Network(seed: 1)
      let cafe = net.place(.cafe)
      let server = TransportAddress("203.0.113.9", port: port)
      let alice = net.host("alice", behind: cafe, running: .stream("hello", to: server))
      net.host("server", at: "203.0.113.9", running: .streamEcho(port: port))
      net.run()
      #expect(received(net, alice) == (passes ? "hello" : ""))
      #expect(events(net, alice).first == (passes ? .opened : .closed(.timedOut)))
    }
  }

  @Test("A segment is as large as both links take, less 40 bytes of headers")
  func segmentSize() {
    var narrow = Link.cable
    narrow.mtu = 1000
    var (net, alice, _) = home(server: narrow, payload: String(repeating: "x", count: 4000))
    net.run()
    #expect(received(net, alice).count == 4000)
    #expect(net.trace.drops.isEmpty)
    #expect(net.trace.largestPacket == 1000)
  }

  @Test("What is too large for a link on the way is sent again in smaller segments (RFC 1191 §6.4)")
  func pathMTU() {
    var line = Link.line
    line.mtu = 600
    var (net, alice, _) = home(line: line, payload: String(repeating: "x", count: 4000))
    net.run()
    #expect(received(net, alice).count == 4000)
    #expect(Set(net.trace.dropReasons) == [.router(.tooLarge)])
    #expect(net.trace.lossCount() == 0)
  }

  @Test("It is so in the other direction too, where the Internet is the router before the link")
  func pathMTUInwards() {
    var net = Network(seed: 1)
    var line = Link.line
    line.mtu = 600
    let office = net.firewall("office", .open, link: line)
    let server = net.host("server", behind: office, running: .streamEcho(port: 80))
    let payload = String(repeating: "x", count: 4000)
    let address = TransportAddress("198.19.0.2", port: 80)
    let alice = net.host("alice", running: .stream(payload, to: address))
    net.run()
    #expect(received(net, server) == payload)
    #expect(received(net, alice) == payload)
    #expect(net.trace.drops.contains { $0.node == .internet && $0.reason == .tooLarge })
  }

  @Test("A host with programs for datagrams and for streams at one port number tells them apart")
  func bothProtocols() {
    var net = Network(seed: 1)
    let server = net.host("server", at: "203.0.113.9", running: .echo(port: 7))
    net.run(.streamEcho(port: 7), on: server)
    let alice = net.host("alice", running: .stream("by TCP", to: "203.0.113.9:7"))
    net.run(.script(.init(at: .zero, send: "by UDP", to: "203.0.113.9:7")), on: alice)
    net.run()
    #expect(received(net, alice) == "by TCP")
    #expect(net.texts(receivedBy: alice) == ["by UDP"])
  }

  @Test("Two programs of a host do not listen at one port")
  func listeningTwice() throws {
    var net = Network(seed: 1)
    let server = net.host("server", running: .streamEcho(port: 7))
    let error = try #require(throws: DrawingError.self) {
      try net.add(program: .streamEcho(port: 7), to: server)
    }
    #expect(error == .port(7, host: "server"))
  }

  @Test("A segment with a wrong checksum is dropped")
  func wrongChecksum() throws {
    var net = Network(seed: 1)
    let alice = net.host("alice")
    let server = net.host("server", at: "203.0.113.9", running: .streamEcho(port: 80))
    var packet = TCPSegment(.syn, sequence: SequenceNumber(1)).packet(
      from: "198.51.100.1:5000", to: "203.0.113.9:80")
    packet[37] ^= 1
    try net.send(packet, from: alice)
    net.run()
    #expect(net.trace.dropReasons == [.wrongTCPChecksum])
    #expect(net.trace.drops[0].node == server.node)
  }

  @Test("A hundred seeds with faults on the line: the whole of a stream comes back")
  func faults() {
    let payload = String(repeating: "0123456789", count: 2000)
    for seed in Seeds.below(100) {
      var line = Link(latency: .milliseconds(5))
      line.jitter = .milliseconds(3)
      line.loss = .independent(0.05)
      line.duplication = 0.05
      line.reordering = 0.05
      var (net, alice, server) = home(line: line, payload: payload, seed: seed)
      net.run()
      #expect(received(net, server) == payload, Seeds.replay(seed))
      #expect(received(net, alice) == payload, Seeds.replay(seed))
    }
  }

  @Test("The same seed gives the same sequence numbers, and another seed others")
  func repeatable() {
    func trace(_ seed: UInt64) -> Trace {
      var (net, _, _) = home(seed: seed)
      net.run()
      return net.trace
    }
    #expect(trace(1) == trace(1))
    #expect(trace(1) != trace(2))
  }
}

extension Trace {
  fileprivate var largestPacket: Int {
    events.map { event in
      if case .sent(_, let bytes, _) = event.kind { bytes.count } else { 0 }
    }.max() ?? 0
  }
}
