import CAllocationCounter
import Glibc
import ProcessorTime
import Relay
import STUN
import STUNCodec
import Sockets
import TURN
import TransportAddress

/// ChannelData to a peer and back through a whole server on loopback, which runs in a thread of its own.
/// Allocations are those of the whole process; the time is this thread's, which does not count.
enum SocketWork {
  /// So many are on their way at once.
  private static let burst = 32

  private struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  static func measure(_ count: Int) throws {
    let server = try RelayServer(
      listeningAt: ["127.0.0.1:0"],
      try .init(
        ipv4: .init("127.0.0.1"),
        policy: PeerPolicy(allowed: [.init("127.0.0.2", prefixLength: 32)])),
      authenticator: Authenticator(.open))
    let endpoint = server.addresses[0]
    start(server)

    let client = try UDPSocket(boundTo: "127.0.0.1:0")
    let peer = try UDPSocket(boundTo: "127.0.0.2:0")
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 2048, alignment: 16)
    defer { buffer.deallocate() }
    func ask(_ request: [UInt8]) throws -> STUNMessage {
      try client.send(request.span, to: endpoint)
      let arrival = try receive(client, buffer)
      return try STUNMessage(Array(buffer[..<arrival.count]))
    }
    guard let relayed = try ask(Requests.allocate()).xorRelayedAddress else {
      throw Failure(description: "no allocation")
    }
    guard try ask(Requests.bind(to: peer.localAddress)).type.class == .successResponse else {
      throw Failure(description: "no channel")
    }

    let data = Requests.data(120)
    for (name, packets) in [("warm", 1000), ("sockets", count)] {
      let (time, allocations) = (processorTime(), allocation_count())
      for _ in 0..<packets / burst {
        for _ in 0..<burst { try client.send(data.span, to: endpoint) }
        for _ in 0..<burst { _ = try receive(peer, buffer) }
        for _ in 0..<burst { try peer.send(data.span, to: relayed) }
        for _ in 0..<burst { sink &+= try receive(client, buffer).count }
      }
      report(name, packets * 2, time, allocations)
    }
  }

  /// Waits for a datagram.
  private static func receive(
    _ socket: UDPSocket, _ buffer: UnsafeMutableRawBufferPointer
  ) throws -> UDPSocket.Arrival {
    let end = processorTime() + 5_000_000_000
    while processorTime() < end {
      if let arrival = try socket.receive(into: buffer) { return arrival }
    }
    throw Failure(description: "a datagram is lost")
  }

  /// Carries a value that cannot be copied into a thread.
  private final class Box {
    var server: RelayServer?
    init(_ server: consuming RelayServer) { self.server = consume server }
  }

  /// Has a thread run the server until the process ends.
  private static func start(_ server: consuming RelayServer) {
    var thread = pthread_t()
    pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        let box = Unmanaged<Box>.fromOpaque(argument).takeRetainedValue()
        if var server = box.server.take() { try? server.run { _ in } }
        return nil
      }, Unmanaged.passRetained(Box(server)).toOpaque())
  }
}
