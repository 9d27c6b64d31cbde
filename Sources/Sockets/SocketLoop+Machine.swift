public import SansIO
public import TransportAddress

/// A sans-IO machine over datagrams that a ``SocketLoop`` can drive.
public protocol DatagramMachine<Outcome>: ~Copyable {
  /// What the machine finds out.
  associatedtype Outcome

  /// When it wants to be told of the time; nil if it waits for datagrams alone.
  var nextDeadline: Instant? { get }

  /// What is to be done now; the driver asks until there is nothing left.
  mutating func nextAction() -> DatagramAction<Outcome>?

  /// A datagram came in.
  mutating func received(
    _ bytes: Span<UInt8>, from source: TransportAddress, on socket: SocketID, at now: Instant)

  /// The deadline has come.
  mutating func timerFired(at now: Instant)
}

/// What a ``DatagramMachine`` asks its driver to do.
public enum DatagramAction<Outcome> {
  /// Send a datagram from a socket.
  case send([UInt8], to: TransportAddress, from: SocketID)
  /// It is done.
  case finish(Outcome)
}

/// How a ``DatagramMachine`` ended.
public enum DatagramEnding<Outcome> {
  /// By itself.
  case finished(Outcome)
  /// The driver's own deadline came first.
  case timedOut
  /// The loop's stop descriptor became readable.
  case stopped
}

extension SocketLoop {
  /// Drives a machine to its end.
  ///
  /// A datagram that cannot be sent is lost, as on any network: the machine's timers deal with it.
  ///
  /// - Parameter end: when to give up, on the loop's clock; nil never does.
  /// - Throws: ``SocketError`` as ``next(before:)``.
  public mutating func run<Machine: DatagramMachine & ~Copyable>(
    _ machine: inout Machine, until end: Instant? = nil
  ) throws(SocketError) -> DatagramEnding<Machine.Outcome> {
    while true {
      while let action = machine.nextAction() {
        switch action {
        case .finish(let outcome): return .finished(outcome)
        case .send(let bytes, let target, let socket):
          do throws(SocketError) {
            try self[socket]?.send(bytes.span, to: target)
          } catch {
            // No route, or too long for the link: as lost as on the way.
          }
        }
      }
      let deadline = [machine.nextDeadline, end].compactMap(\.self).min()
      switch try next(before: deadline) {
      case .received(let arrival, on: let socket):
        machine.received(bytes, from: arrival.source, on: socket, at: now)
      // A machine does not know why its datagrams are lost.
      case .failed: break
      case .stopped: return .stopped
      case .deadline:
        if let end, now >= end { return .timedOut }
        machine.timerFired(at: now)
      }
    }
  }
}
