import STUNCodec
import SansIO
import TURN
import Testing
import TransportAddress

/// Client against server where packets are lost, repeated and reordered; `World` checks with each
/// packet that no permission outlives its time and that nothing reaches a refused peer.
@Suite struct LossyNetworkTests {
  static let peers: [TransportAddress] = [
    "203.0.113.5:4000", "203.0.113.5:4001", "203.0.113.6:9", "10.0.0.1:22", "127.0.0.1:80",
    "[2001:db8::5]:4000", "[::ffff:127.0.0.1]:80",
  ]

  @Test(
    "The client is connected in the end, or says why; what comes is what was sent",
    arguments: 0..<300 as Range<UInt64>)
  func random(seed: UInt64) throws {
    var choice = SeededGenerator(seed: seed)
    var world = try World(
      seed: seed, options: .init(families: Bool.random(using: &choice) ? .both : .one(.ipv4)))
    world.loss = Int.random(in: 0...45, using: &choice)
    world.duplication = Int.random(in: 0...30, using: &choice)
    world.delay = Int.random(in: 10...2000, using: &choice)
    try world.start()
    // Each of its requests, bare, protected and with a fresh nonce, fails after 39.5 s at the latest.
    try world.run(until: .seconds(160))
    let isConnected = world.client.allocated != nil
    #expect(isConnected || world.client.end != nil)
    var sent: Set<[UInt8]> = []
    for number in 0..<60 as Range<UInt8> {
      let peer = Self.peers.randomElement(using: &choice)!
      sent.insert([number, UInt8(peer.port & 0xFF)])
      try world.send([number, UInt8(peer.port & 0xFF)], to: peer)
      try world.run(
        until: world.now.advanced(by: .seconds(Int64.random(in: 1...60, using: &choice))))
    }
    for (data, peer, _) in world.relayed {
      #expect(sent.contains(data) && data[1] == UInt8(peer.port & 0xFF))
    }
    for (data, peer) in world.received {
      #expect(sent.contains(data) && data[1] == UInt8(peer.port & 0xFF))
    }
    let ends = world.count { if case .ended = $0 { true } else { false } }
    #expect(ends == (world.client.end == nil ? 0 : 1))
    if world.loss < 15, isConnected {
      // So little loss does not end an allocation.
      #expect(world.client.allocated != nil)
      #expect(world.relayed.count >= 10)
    }
    // What the client believes to have, the server has.
    if let relayed = world.client.allocated?.relayed {
      #expect(relayed.allSatisfy(world.server.sockets.contains))
    }
  }

  @Test("Whatever a hostile server says, the client stays in its bounds", arguments: 0..<50)
  func hostileServer(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed) &* 31)
    var client = try TURNClient(server: serverAddress, username: "alice", password: "pass")
    var now = Instant.zero
    client.started(at: now, using: &generator)
    var ids: [(TransactionID, STUNMethod)] = []
    var ends = 0
    for _ in 0..<400 {
      var actions = 0
      while let action = client.nextAction() {
        actions += 1
        #expect(actions < 100)
        switch action {
        case .send(let bytes, _):
          if let message = try? STUNMessage(bytes), message.type.class == .request {
            ids.append((message.transactionID, message.type.method))
          }
        case .report(.ended): ends += 1
        case .report: break
        case .changeFiveTuple: client.fiveTupleChanged(at: now, using: &generator)
        case .sendOnAdded, .useAdded: break
        }
      }
      let (id, method) = ids.suffix(3).randomElement(using: &generator)!
      let classes: [MessageClass] = [.successResponse, .errorResponse, .indication]
      let type = MessageType(
        classes.randomElement(using: &generator)!,
        Bool.random(using: &generator) ? method : .data)
      var bytes = try STUNMessage.encode(type, transactionID: id) { message in
        for _ in 0..<Int.random(in: 0..<6, using: &generator) {
          switch Int.random(in: 0..<9, using: &generator) {
          case 0:
            let codes: [UInt16] = [300, 400, 401, 403, 437, 438, 441, 486, 500, 508]
            try message.append(
              errorCode: ErrorCode(rawValue: codes.randomElement(using: &generator)!))
          case 1: try message.append(realm: "example.org")
          case 2: try message.append(nonce: "nonce \(UInt8.random(in: 0...9, using: &generator))")
          case 3: try message.append(lifetime: UInt32.random(in: 0...2, using: &generator))
          case 4: try message.append(xorRelayedAddress: peer)
          case 5: try message.append(xorPeerAddress: peer)
          case 6: try message.append(alternateServer: peer)
          case 7: try message.append(.data, bytes: [1, 2, 3])
          default: try message.append(passwordAlgorithms: [.sha256])
          }
        }
      }
      if Int.random(in: 0..<8, using: &generator) == 0 {
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(
          in: 0...255, using: &generator)
      }
      _ = client.received(
        bytes.span, from: client.server, at: now, using: &generator)
      if Bool.random(using: &generator) {
        now = now.advanced(by: .milliseconds(Int64.random(in: 0...3000, using: &generator)))
        client.timerFired(at: now, using: &generator)
      }
    }
    #expect(ends <= 1)
    if client.end != nil { #expect(client.nextDeadline == nil) }
  }
}
