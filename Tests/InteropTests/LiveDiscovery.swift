import Glibc
import STUN
import SansIO
import TestSupport
import TransportAddress

/// Behavior discovery (RFC 5780) over two real UDP sockets.
final class LiveDiscovery {
  private var discovery: BehaviorDiscovery
  private let sockets: [Int32]
  private let start = ContinuousClock.now

  /// - Parameter address: the host's own, in the network that this thread is in.
  init(from address: IPv4Address, server: TransportAddress) throws {
    let opened = [Self.open(address), Self.open(address)]
    sockets = opened
    var local = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isKnown = withUnsafeMutablePointer(to: &local) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(opened[0], $0, &length) }
    }
    guard isKnown == 0 else { throw TestNetwork.Failure(description: "no socket at \(address)") }
    discovery = BehaviorDiscovery(
      server: server,
      local: TransportAddress(.v4(address), port: UInt16(bigEndian: local.sin_port)),
      schedule: try RetransmissionSchedule(
        rto: .milliseconds(150), sendCount: 3, lastWaitFactor: 2))
  }

  deinit { for socket in sockets { close(socket) } }

  private static func open(_ address: IPv4Address) -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue) | O_NONBLOCK | O_CLOEXEC, 0)
    let bound = withAddress(TransportAddress(.v4(address), port: 0)) { bind(descriptor, $0, $1) }
    return bound == 0 ? descriptor : -1
  }

  private var now: Instant { .zero.advanced(by: start.duration(to: .now)) }

  /// Finds out, which takes a few seconds where it is answered by silence.
  func run() throws -> DiscoveredBehavior {
    var generator = SystemRandomNumberGenerator()
    var buffer = [UInt8](repeating: 0, count: 1500)
    try discovery.started(at: now, using: &generator)
    while now < .seconds(30) {
      switch discovery.nextAction() {
      case .finished(let found): return found
      case .send(let bytes, let target, let socket):
        _ = withAddress(target) {
          sendto(sockets[socket == .examined ? 0 : 1], bytes, bytes.count, 0, $0, $1)
        }
      case nil:
        var waiting = sockets.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        let left = discovery.nextDeadline.map { now.duration(to: $0).wholeNanoseconds } ?? 0
        poll(&waiting, 2, Int32(max(0, left / 1_000_000 + 1)))
        for (index, socket) in sockets.enumerated() {
          guard let (count, source) = receive(&buffer, on: socket) else { continue }
          let bytes = Array(buffer.prefix(count))
          discovery.received(
            bytes.span, from: source, on: index == 0 ? .examined : .other, at: now,
            using: &generator)
        }
        discovery.timerFired(at: now, using: &generator)
      }
    }
    throw TestNetwork.Failure(description: "discovery has not come to an end")
  }

  /// Reads a datagram and the address that it came from; nil if none is there.
  private func receive(
    _ buffer: inout [UInt8], on socket: Int32
  ) -> (count: Int, source: TransportAddress)? {
    var source = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let count = withUnsafeMutablePointer(to: &source) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        recvfrom(socket, &buffer, buffer.count, 0, $0, &length)
      }
    }
    guard count > 0 else { return nil }
    let address = IPv4Address(rawValue: UInt32(bigEndian: source.sin_addr.s_addr))
    return (count, TransportAddress(.v4(address), port: UInt16(bigEndian: source.sin_port)))
  }
}

/// Calls a function of the socket interface with an IPv4 endpoint.
private func withAddress(
  _ endpoint: TransportAddress, _ body: (UnsafePointer<sockaddr>, socklen_t) -> some BinaryInteger
) -> Int {
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_port = endpoint.port.bigEndian
  if case .v4(let v4) = endpoint.address { address.sin_addr.s_addr = v4.rawValue.bigEndian }
  return withUnsafePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      Int(body($0, socklen_t(MemoryLayout<sockaddr_in>.size)))
    }
  }
}
