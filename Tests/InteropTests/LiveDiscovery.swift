import Diagnosis
import STUN
import SansIO
import Sockets
import TestSupport
import TransportAddress

/// Behavior discovery (RFC 5780) over two real UDP sockets.
struct LiveDiscovery: ~Copyable {
  private var loop: SocketLoop
  private var machine: DiscoveryMachine

  /// - Parameter address: the host's own, in the network that this thread is in.
  init(from address: IPv4Address, server: TransportAddress) throws {
    var loop = SocketLoop()
    let examined = try loop.open(TransportAddress(.v4(address), port: 0))
    let other = try loop.open(TransportAddress(.v4(address), port: 0))
    guard let local = loop[examined]?.localAddress else {
      throw TestNetwork.Failure(description: "no socket at \(address)")
    }
    let discovery = BehaviorDiscovery(
      server: server, local: local,
      schedule: try RetransmissionSchedule(
        rto: .milliseconds(150), sendCount: 3, lastWaitFactor: 2))
    var machine = DiscoveryMachine(discovery: discovery, examined: examined, other: other)
    try machine.started(at: loop.now)
    self.machine = machine
    self.loop = loop
  }

  /// Finds out, which takes a few seconds where it is answered by silence.
  mutating func run() throws -> DiscoveredBehavior {
    guard case .finished(let found) = try loop.run(&machine, until: .seconds(30)) else {
      throw TestNetwork.Failure(description: "discovery has not come to an end")
    }
    return found
  }
}
