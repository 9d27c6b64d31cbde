import STUN
import STUNCodec
import SansIO
import TURN
import Testing
import TransportAddress

/// Random messages that look valid, from three clients of two users, with time passing.
@Suite struct HostileClientTests {
  @Test("Whatever clients say, the server keeps its promises", arguments: 0..<30 as Range<UInt64>)
  func random(seed: UInt64) throws {
    var limits = TURNServer.Limits()
    limits.allocationsPerUser = 2
    limits.permissionsPerAllocation = 3
    limits.channelsPerAllocation = 2
    var server = try TestServer(
      configuration(ports: 50000...50005, limits: limits, canSetDontFragment: true), seed: seed)
    var generator = SeededGenerator(seed: seed &* 77)
    var clients = try [
      RawClient(alice), RawClient(aliceOverTCP), RawClient(bob, user: "bob", password: "word"),
    ]
    for index in clients.indices { _ = try clients[index].ask(&server, .refresh) }
    /// The last time at which a success response has permitted an address, by 5-tuple.
    var permitted: [FiveTuple: [IPAddress: Instant]] = [:]
    for _ in 0..<600 {
      if Int.random(in: 0..<4, using: &generator) == 0 {
        let step = Int64.random(in: 0...90_000, using: &generator)
        try server.advance(to: server.now.advanced(by: .milliseconds(step)))
      }
      let index = Int.random(in: 0..<3, using: &generator)
      let tuple = clients[index].tuple
      var bytes = try message(&clients[index], &generator)
      if Int.random(in: 0..<20, using: &generator) == 0, !bytes.isEmpty {
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] ^=
          1
          << UInt8.random(
            in: 0..<8, using: &generator)
      }
      let (verdict, sent) = try server.receive(bytes, on: tuple)
      for (response, to) in sent {
        #expect(to == tuple)
        let message = try STUNMessage(response)
        if message.type.class == .successResponse {
          let method = message.type.method
          if method == .allocate { permitted[tuple] = [:] }
          if method == .createPermission || method == .channelBind {
            for peer in try STUNMessage(bytes).xorPeerAddresses {
              permitted[tuple, default: [:]][peer.address] = server.now
            }
          }
        } else if try message.errorCode == .staleNonce {
          var attempt = LongTermSession.Attempt()
          _ = clients[index].session.challenged(by: message.view, .staleNonce, &attempt)
        }
      }
      if case .relay(let range, let to, let from, _) = verdict {
        // Nothing is relayed to a peer whose permission is over, nor to a refused one.
        let time = try #require(permitted[tuple]?[to.address])
        #expect(time.duration(to: server.now) < .seconds(300))
        #expect(server.server.configuration.policy.allows(to.address))
        #expect(server.sockets.contains(from) && bytes.indices.contains(range))
      }
      // Nothing comes from a peer without one either.
      let peer = Self.peers.randomElement(using: &generator)!
      if let relayed = server.sockets.sorted().randomElement(using: &generator),
        case .deliver(_, let tuple) = server.fromPeer([1, 2], peer, to: relayed).verdict
      {
        let time = try #require(permitted[tuple]?[peer.address])
        #expect(time.duration(to: server.now) < .seconds(300))
      }
      #expect(server.server.allocationCount <= 3)
      for client in clients {
        guard let status = server.server.allocation(of: client.tuple, at: server.now) else {
          continue
        }
        #expect(status.permissions.count <= 3 && status.channels.count <= 2)
        #expect(status.relayed.keys.allSatisfy(server.sockets.contains))
      }
    }
    // When all is over, nothing is left.
    try server.advance(to: server.now.advanced(by: .seconds(4000)))
    #expect(server.server.allocationCount == 0 && server.sockets.isEmpty)
  }

  static let peers: [TransportAddress] = [
    "203.0.113.1:1", "203.0.113.1:2", "203.0.113.2:1", "203.0.113.3:1", "203.0.113.4:0",
    "[2001:db8::1]:1", "[2001:db8::2]:2", "127.0.0.1:22", "[::ffff:127.0.0.1]:22",
    "198.51.100.1:3478", "198.51.100.1:50001",
  ]

  func message(
    _ client: inout RawClient, _ generator: inout SeededGenerator
  ) throws -> [UInt8] {
    let peer = Self.peers.randomElement(using: &generator)!
    let number = UInt16.random(in: 0x3FFF...0x4003, using: &generator)
    func flip() -> Bool { Int.random(in: 0..<6, using: &generator) == 0 }
    switch Int.random(in: 0..<10, using: &generator) {
    case 0, 1:
      return try client.request(.allocate) {
        if !flip() { try $0.append(requestedTransport: flip() ? 6 : 17) }
        if flip() { try $0.append(lifetime: UInt32.random(in: 0...900, using: &generator)) }
        if flip() { try $0.append(evenPortReservesNext: flip()) }
        if flip() { try $0.append(requestedAddressFamily: flip() ? .ipv4 : .ipv6) }
        if flip() { try $0.append(additionalAddressFamily: flip() ? .ipv4 : .ipv6) }
        if flip() { try $0.append(reservationToken: generator.next()) }
        if flip() { try $0.appendDontFragment() }
      }
    case 2:
      return try client.request(.refresh) {
        if !flip() { try $0.append(lifetime: UInt32.random(in: 0...3, using: &generator) * 500) }
        if flip() { try $0.append(requestedAddressFamily: flip() ? .ipv4 : .ipv6) }
      }
    case 3, 4:
      return try client.request(.createPermission) {
        if !flip() { try $0.append(xorPeerAddress: peer) }
        while flip() {
          try $0.append(xorPeerAddress: Self.peers.randomElement(using: &generator)!)
        }
      }
    case 5, 6:
      return try client.request(.channelBind) {
        try $0.append(.channelNumber, bytes: [UInt8(number >> 8), UInt8(number & 0xFF), 0, 0])
        try $0.append(xorPeerAddress: peer)
      }
    case 7:
      return try client.send([1, 2, 3], to: peer, dontFragment: flip())
    case 8:
      return [UInt8(number >> 8), UInt8(number & 0xFF), 0, 3, 1, 2, 3]
    default:
      var bytes: [UInt8] = [0, UInt8.random(in: 0...9, using: &generator)]
      for _ in 0..<Int.random(in: 0..<60, using: &generator) {
        bytes.append(UInt8.random(in: 0...255, using: &generator))
      }
      return bytes
    }
  }
}
