package import STUN
package import SansIO
package import Sockets
package import TransportAddress

/// Behavior discovery (RFC 5780) as a socket loop drives it.
package struct DiscoveryMachine: DatagramMachine {
  private var discovery: BehaviorDiscovery
  private let examined: SocketID
  private let other: SocketID
  private var generator = SystemRandomNumberGenerator()

  /// A discovery whose sockets are the loop's `examined` and `other`.
  package init(discovery: BehaviorDiscovery, examined: SocketID, other: SocketID) {
    (self.discovery, self.examined, self.other) = (discovery, examined, other)
  }

  /// Begins the discovery.
  ///
  /// - Throws: `DiscoveryError` if it has begun before.
  package mutating func started(at now: Instant) throws(DiscoveryError) {
    try discovery.started(at: now, using: &generator)
  }

  /// When the next timer is due; nil if none is set.
  package var nextDeadline: Instant? { discovery.nextDeadline }

  /// What is to be sent or has been found; nil until something happens.
  package mutating func nextAction() -> DatagramAction<DiscoveredBehavior>? {
    switch discovery.nextAction() {
    case .send(let bytes, let target, let socket):
      .send(bytes, to: target, from: socket == .examined ? examined : other)
    case .finished(let found): .finish(found)
    case nil: nil
    }
  }

  /// A datagram has come to one of the two sockets.
  package mutating func received(
    _ bytes: Span<UInt8>, from source: TransportAddress, on socket: SocketID, at now: Instant
  ) {
    discovery.received(
      bytes, from: source, on: socket == examined ? .examined : .other, at: now,
      using: &generator)
  }

  /// The time of the next deadline has come.
  package mutating func timerFired(at now: Instant) {
    discovery.timerFired(at: now, using: &generator)
  }
}
