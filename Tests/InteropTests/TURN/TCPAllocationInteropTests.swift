import Relay
import STUN
import STUNCodec
import SansIO
import Sockets
import TLS
import TURN
import TestSupport
import Testing
import TransportAddress

/// TCP allocations (RFC 6062): coturn's client and `workbook serve`, our client and coturn.
@Suite(.serialized, .waitsForChildren, .timeLimit(.minutes(3))) struct TCPAllocationInteropTests {
  @Test(
    "coturn's client connects to a peer, which takes the connection, over TCP and TLS",
    .needsNetworks("turnutils_uclient"),
    // Over TCP it reads no more of a response to ConnectionBind than a message of its own is long: 438
    // would not fit 100 bytes.
    arguments: ["-l 100", "-l 200", "-S -p 5349 -l 100"])
  func uclient(options: String) throws {
    let laboratory = try RelayLaboratory.serve(
      "--user alice:pass --realm example.org --tls", streamPorts: [3478, 5349])
    let output = try laboratory.network.run(
      "turnutils_uclient -T \(options) -u alice -w pass -n 5 198.51.100.1 2>&1", seconds: 60)
    #expect(output.contains("tot_send_msgs=10, tot_recv_msgs=10"), "\(output)")
    #expect(output.contains("Total lost packets 0"), "\(output)")
    let log = try laboratory.output
    #expect(log.contains("to alice at"), "\(log)")
    #expect(!log.contains("refused"), "\(log)")
  }

  @Test(
    "coturn's client takes the connection of a peer, and bytes go both ways",
    .needsNetworks("turnutils_uclient"))
  func passiveUclient() throws {
    let laboratory = try RelayLaboratory.serve(
      "--user alice:pass --realm example.org", streamPorts: [3478])
    // On the relay's own host the peer, which is the client's too, would be refused.
    let host = try TestNetwork("host")
    try TestNetwork.connect(
      host, "eth0", "192.0.2.2/24", to: laboratory.network, "host", "192.0.2.1/24")
    try host.run("ip route add default via 192.0.2.1")
    let output = try host.run(
      "turnutils_uclient -T -P -L 192.0.2.2 -u alice -w pass -n 5 198.51.100.1 2>&1", seconds: 60)
    // As the peer it looks for messages in what it is sent, and counts none of it: through coturn's own
    // server, too, it gets half of what it sends.
    #expect(output.contains("tot_send_msgs=10, tot_recv_msgs=5"), "\(output)")
    try waitFor("the end") {
      try laboratory.output.contains("(500 bytes) went to peers, 0 (500 bytes) came from them")
    }
  }

  @Test(
    "Our client connects to a peer through coturn, and takes a peer's connection, over TCP and TLS",
    .needsNetworks("turnserver"), arguments: [false, true])
  func coturn(isSecure: Bool) throws {
    let identity = try TLSIdentity(selfSignedFor: ["198.51.100.1"])
    let laboratory = try RelayLaboratory.coturn(RelayLaboratory.users, identity: identity)
    let context = try TLSContext(clientTrusting: identity.chain)
    try laboratory.network.inside {
      var options = TURNClient.Options()
      options.transport = .tcp
      var streams = try RelayedStreams(
        TURNClient(
          server: isSecure ? "198.51.100.1:5349" : RelayLaboratory.relay, username: "alice",
          password: "pass", options: options, over: .stream()),
        from: "198.51.100.3:0", over: isSecure ? .tls(context, name: "198.51.100.1") : .tcp)
      streams.allocate()
      let relayed = try streams.wait {
        if case .turn(.allocated(let addresses)) = $0 { addresses.relayed[0] } else { nil }
      }
      #expect(relayed.address == "198.51.100.1")
      // The server connects to the peer.
      let listener = try StreamListener(listeningAt: RelayLaboratory.peer)
      #expect(streams.connect(to: listener.localAddress) == nil)
      let opened = try streams.wait {
        if case .turn(.connection(.opened(let id, _))) = $0 { id } else { nil }
      }
      let first = try StreamPeer(acceptedBy: listener)
      #expect(first.socket.remoteAddress == relayed)
      try streams.exchange(opened, first)
      // The peer connects to the server.
      streams.permit([RelayLaboratory.peer.address])
      try streams.wait { if case .turn(.permitted) = $0 { () } else { nil } }
      let second = try StreamPeer(connectingTo: relayed, from: RelayLaboratory.peer)
      let attempted = try streams.wait {
        if case .turn(.connection(.attempted(let id, second.socket.localAddress))) = $0 {
          id
        } else {
          nil
        }
      }
      try streams.exchange(attempted, second)
      // A peer that nobody listens at.
      streams.connect(to: "198.51.100.2:1")
      let failure = try streams.wait {
        if case .turn(.connection(.failed(_, let failure))) = $0 { failure } else { nil }
      }
      #expect(failure == .error(.connectionTimeoutOrFailure))
      streams.release()
      try streams.wait { if case .turn(.ended(.released)) = $0 { () } else { nil } }
    }
  }
}

/// A peer's TCP socket that the test waits for by itself.
struct StreamPeer {
  let socket: StreamSocket

  init(connectingTo relayed: TransportAddress, from local: TransportAddress) throws {
    socket = try StreamSocket(connectingTo: relayed, from: local)
  }

  init(acceptedBy listener: StreamListener) throws {
    var accepted: StreamSocket?
    try waitFor("the connection", seconds: 10) {
      accepted = try listener.accept()
      return accepted != nil
    }
    socket = try #require(accepted)
  }

  /// The next bytes.
  func bytes() throws -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: 100)
    var found: [UInt8] = []
    try waitFor("bytes", seconds: 10) {
      if case .bytes(let count) = try buffer.withUnsafeMutableBytes(socket.read) {
        found = Array(buffer[..<count])
      }
      return !found.isEmpty
    }
    return found
  }
}

extension RelayedStreams {
  /// Waits for the event that `choose` finds something in.
  mutating func wait<Value>(_ choose: (Event) -> Value?) throws -> Value {
    let end = now.advanced(by: .seconds(10))
    var seen: [Event] = []
    while true {
      let event = try next(before: end)
      if let value = choose(event) { return value }
      seen.append(event)
      if case .deadline = event {
        throw TestNetwork.Failure(description: "waited in vain: \(seen)")
      }
    }
  }

  /// Binds a connection, and sends bytes both ways.
  mutating func exchange(_ id: UInt32, _ peer: StreamPeer) throws {
    try bind(id)
    try wait { if case .bound(id) = $0 { () } else { nil } }
    send([1, 2, 3], on: id)
    #expect(try peer.bytes() == [1, 2, 3])
    let answer: [UInt8] = [4, 5]
    _ = try peer.socket.write(answer.span.bytes)
    let back = try wait { if case .data(let bytes, id) = $0 { bytes } else { nil } }
    #expect(back == answer)
  }
}
