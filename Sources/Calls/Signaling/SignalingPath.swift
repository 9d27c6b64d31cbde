import SansIO

/// The way of signals between two agents: reliable and in order, as a WebSocket through a server.
///
/// What the way loses is sent again after ``retryDelay``, and what was sent after it waits for it.
public struct SignalingPath: Hashable, Sendable {
  /// How long a signal travels; more than zero.
  public var latency: Duration
  /// The most that it can take longer; uniformly distributed from zero.
  public var jitter: Duration = .zero
  /// The probability that it is lost, each time that it is sent; below 1.
  public var loss: Double = 0
  /// How long after a loss it is sent again.
  public var retryDelay: Duration = .milliseconds(200)

  /// A way without jitter and loss.
  public init(latency: Duration = .milliseconds(40)) {
    self.latency = latency
  }
}

/// The signals on their way in one direction.
struct SignalQueue: Sendable {
  private let path: SignalingPath
  private var signals: [(arrival: Instant, signal: Signal)] = []
  private var latestArrival = Instant.zero

  init(_ path: SignalingPath) {
    precondition(path.latency > .zero, "signals take some time")
    precondition((0..<1).contains(path.loss), "some signal must arrive")
    self.path = path
  }

  /// When the next signal arrives; nil if none is on its way.
  var nextArrival: Instant? { signals.first?.arrival }

  /// Sends a signal.
  ///
  /// - Returns: when it arrives.
  mutating func send(
    _ signal: Signal, at time: Instant, using generator: inout SeededGenerator
  ) -> Instant {
    var arrival = time.advanced(by: path.latency)
    while path.loss > 0, Double.random(in: 0..<1, using: &generator) < path.loss {
      arrival = arrival.advanced(by: path.retryDelay)
    }
    if path.jitter > .zero {
      let jitter = Int64.random(in: 0...path.jitter.wholeNanoseconds, using: &generator)
      arrival = arrival.advanced(by: .nanoseconds(jitter))
    }
    latestArrival = max(arrival, latestArrival)
    signals.append((latestArrival, signal))
    return latestArrival
  }

  /// Takes out the first signal that has arrived.
  mutating func popArrived(at now: Instant) -> Signal? {
    guard let first = signals.first, first.arrival <= now else { return nil }
    return signals.removeFirst().signal
  }
}
