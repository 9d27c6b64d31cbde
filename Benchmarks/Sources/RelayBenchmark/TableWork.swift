import CAllocationCounter
import ProcessorTime
import STUN
import STUNCodec
import SansIO
import TURN
import TransportAddress

/// ChannelData to its peer and back, in the server's state machine alone.
enum TableWork {
  private static let peer: TransportAddress = "203.0.113.5:4000"

  static func measure(_ count: Int, allocations allocationCount: Int) throws {
    var generator = SeededGenerator(seed: 8656)
    var server = TURNServer(
      try .init(
        ipv4: .init("198.51.100.1"),
        limits: .init(allocationsPerUser: allocationCount, allocationsPerAddress: allocationCount)),
      authenticator: Authenticator(.open), using: &generator)
    let tuples = (0..<allocationCount).map {
      FiveTuple(
        .udp, local: "198.51.100.1:3478",
        remote: TransportAddress(.v4(IPv4Address(192, 0, 2, 7)), port: UInt16(10_000 + $0)))
    }
    let bind = try Requests.bind(to: peer)
    let allocate = try Requests.allocate()
    var relayed: [TransportAddress] = []
    for tuple in tuples {
      _ = server.received(allocate.span, on: tuple, at: .zero, using: &generator)
      while let action = server.nextAction() {
        guard case .open(let address) = action else { continue }
        server.opened(address)
        relayed.append(address)
      }
      _ = server.received(bind.span, on: tuple, at: .zero, using: &generator)
      while server.nextAction() != nil {}
    }
    let data = Requests.data(120)
    for (name, packets) in [("warm", 10_000), ("table-\(allocationCount)", count)] {
      let (time, allocations) = (processorTime(), allocation_count())
      for number in 0..<packets {
        let tuple = tuples[number &* 7919 % allocationCount]
        if case .relay(let range, _, _, _) = server.received(
          data.span, on: tuple, at: .zero, using: &generator)
        {
          sink &+= range.count
        }
      }
      report("\(name)-out", packets, time, allocations)
    }
    var buffer = [UInt8](repeating: 0, count: TURNServer.headroom + 120 + TURNServer.tailroom)
    let payload = TURNServer.headroom..<TURNServer.headroom + 120
    for (name, packets) in [("warm", 10_000), ("table-\(allocationCount)", count)] {
      let (time, allocations) = (processorTime(), allocation_count())
      for number in 0..<packets {
        var span = buffer.mutableSpan
        if case .deliver(let range, _) = server.receivedFromPeer(
          &span, payload: payload, from: peer, to: relayed[number &* 7919 % allocationCount],
          at: .zero, using: &generator)
        {
          sink &+= range.count
        }
      }
      report("\(name)-in", packets, time, allocations)
    }
  }
}
