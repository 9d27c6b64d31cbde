import Glibc
import Relay
import SansIO
import Sockets
import TURN
import Testing
import TransportAddress

/// Many datagrams at a time through a server: none is lost, changed or overtaken.
@Suite(.timeLimit(.minutes(1))) struct BurstTests {
  /// How data reach the client.
  enum Way: String, CaseIterable {
    case indications, channel
  }

  /// What is sent one after the other, as sizes.
  static let bursts: [[Int]] = [
    Array(repeating: 160, count: 60), Array(repeating: 161, count: 60), Array(1...50),
    [1200, 1200, 1200, 7, 1200, 1200, 0, 3, 1453, 1453, 9000],
  ]

  private func datagram(_ number: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: number &* 31 &+ $0) }
  }

  @Test("A peer's burst comes whole and in its order", arguments: Way.allCases, bursts)
  func fromPeer(way: Way, sizes: [Int]) throws {
    let server = try RunningServer(allowed: [RelayServerTests.peers])
    defer { server.stop() }
    var alice = try client(
      of: server.addresses[0], options: .init(bindsChannels: way == .channel))
    let relayed = try alice.allocated()
    var peers = SocketLoop()
    let peerID = try peers.open("127.0.0.2:0")
    let peer = try #require(peers[peerID])
    if way == .channel {
      // The first data bring a permission, those after them a channel.
      try alice.send([1], to: peer.localAddress)
      _ = try alice.wait { if case .turn(.permitted) = $0 { true } else { nil } }
      try alice.send([1], to: peer.localAddress)
      _ = try alice.wait { if case .turn(.bound) = $0 { true } else { nil } }
    } else {
      alice.permit([peer.localAddress.address])
      _ = try alice.wait { if case .turn(.permitted) = $0 { true } else { nil } }
    }
    // The loop has the kernel take a run of one size as one.
    for (number, size) in sizes.enumerated() {
      peers.send(datagram(number, size).span, on: peer, to: relayed)
    }
    peers.flush()
    for (number, size) in sizes.enumerated() {
      #expect(try alice.data().data == datagram(number, size))
    }
  }

  @Test("A client's burst reaches its peers whole and in its order", arguments: bursts)
  func fromClient(sizes: [Int]) throws {
    let server = try RunningServer(allowed: [RelayServerTests.peers])
    defer { server.stop() }
    var alice = try client(of: server.addresses[0])
    _ = try alice.allocated()
    var peers = SocketLoop(batch: 8)
    let ids = try (0..<2).map { _ in try peers.open("127.0.0.2:0") }
    var endpoints: [TransportAddress] = []
    for id in ids {
      let peer = try #require(peers[id])
      peer.setReceiveBuffer(byteCount: 1 << 20)
      endpoints.append(peer.localAddress)
    }
    alice.permit(["127.0.0.2"])
    _ = try alice.wait { if case .turn(.permitted) = $0 { true } else { nil } }
    var expected: [SocketID: [[UInt8]]] = [:]
    for (number, size) in sizes.enumerated() {
      let which = number / 3 % 2
      try alice.send(datagram(number, size), to: endpoints[which])
      expected[ids[which], default: []].append(datagram(number, size))
    }
    var arrived: [SocketID: [[UInt8]]] = [:]
    let end = peers.now.advanced(by: .seconds(20))
    for _ in sizes {
      guard case .received(_, let id) = try peers.next(before: end) else { break }
      arrived[id, default: []].append((0..<peers.bytes.count).map { peers.bytes[$0] })
    }
    #expect(arrived == expected)
  }

  @Test("What could not be sent is not counted as relayed")
  func unsent() throws {
    let server = try RunningServer(allowed: [
      RelayServerTests.peers, .init("192.0.2.0", prefixLength: 24),
    ])
    var alice = try client(of: server.addresses[0])
    _ = try alice.allocated()
    let peer = try alice.open("127.0.0.2:0")
    let endpoint = try #require(alice[peer]).localAddress
    alice.permit(["127.0.0.2", "192.0.2.1"])
    for _ in 0..<2 {
      _ = try alice.wait { if case .turn(.permitted) = $0 { true } else { nil } }
    }
    // From a loopback address nothing outside can be reached.
    for _ in 0..<3 { try alice.send([1, 2], to: "192.0.2.1:9") }
    try alice.send([1, 2, 3], to: endpoint)
    _ = try alice.wait { if case .datagram = $0 { true } else { nil } }
    server.stop()
    #expect(server.traffic.sentCount == 1 && server.traffic.sentByteCount == 3)
  }
}
