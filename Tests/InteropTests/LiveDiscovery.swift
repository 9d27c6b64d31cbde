import STUN
import SansIO
import Sockets
import TestSupport
import TransportAddress

/// Behavior discovery (RFC 5780) over two real UDP sockets.
struct LiveDiscovery: ~Copyable {
  private var loop: SocketLoop
  private var machine: Machine

  /// - Parameter address: the host's own, in the network that this thread is in.
  init(from address: IPv4Address, server: TransportAddress) throws {
    var loop = SocketLoop()
    let examined = try loop.open(TransportAddress(.v4(address), port: 0))
    let other = try loop.open(TransportAddress(.v4(address), port: 0))
    guard let local = loop[examined]?.localAddress else {
      throw TestNetwork.Failure(description: "no socket at \(address)")
    }
    var discovery = BehaviorDiscovery(
      server: server, local: local,
      schedule: try RetransmissionSchedule(
        rto: .milliseconds(150), sendCount: 3, lastWaitFactor: 2))
    var generator = SystemRandomNumberGenerator()
    try discovery.started(at: loop.now, using: &generator)
    machine = Machine(discovery: discovery, examined: examined, other: other)
    self.loop = loop
  }

  /// Finds out, which takes a few seconds where it is answered by silence.
  mutating func run() throws -> DiscoveredBehavior {
    guard case .finished(let found) = try loop.run(&machine, until: .seconds(30)) else {
      throw TestNetwork.Failure(description: "discovery has not come to an end")
    }
    return found
  }

  /// The discovery as the loop drives it.
  private struct Machine: DatagramMachine {
    var discovery: BehaviorDiscovery
    let examined: SocketID
    let other: SocketID
    private var generator = SystemRandomNumberGenerator()

    init(discovery: BehaviorDiscovery, examined: SocketID, other: SocketID) {
      (self.discovery, self.examined, self.other) = (discovery, examined, other)
    }

    var nextDeadline: Instant? { discovery.nextDeadline }

    mutating func nextAction() -> DatagramAction<DiscoveredBehavior>? {
      switch discovery.nextAction() {
      case .send(let bytes, let target, let socket):
        .send(bytes, to: target, from: socket == .examined ? examined : other)
      case .finished(let found): .finish(found)
      case nil: nil
      }
    }

    mutating func received(
      _ bytes: Span<UInt8>, from source: TransportAddress, on socket: SocketID, at now: Instant
    ) {
      discovery.received(
        bytes, from: source, on: socket == examined ? .examined : .other, at: now,
        using: &generator)
    }

    mutating func timerFired(at now: Instant) {
      discovery.timerFired(at: now, using: &generator)
    }
  }
}
