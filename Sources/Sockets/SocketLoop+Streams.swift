import Glibc

/// What a stream is ready for, or is watched for.
public struct Readiness: OptionSet, Hashable, Sendable {
  /// The bits of the set.
  public let rawValue: Int16

  /// The set with these bits.
  public init(rawValue: Int16) {
    self.rawValue = rawValue
  }

  /// Something can be read, be it the end or an error.
  public static let readable = Readiness(rawValue: 1)
  /// Something can be written, or an error is told.
  public static let writable = Readiness(rawValue: 2)

  /// An error or an end is found out by reading and by writing alike.
  init(events: Int16) {
    let events = Int32(events)
    var readiness: Readiness = []
    let isOver = events & (Int32(POLLERR) | Int32(POLLHUP) | Int32(POLLNVAL)) != 0
    if isOver || events & Int32(POLLIN) != 0 { readiness.insert(.readable) }
    if isOver || events & Int32(POLLOUT) != 0 { readiness.insert(.writable) }
    self = readiness
  }

  var events: Int16 {
    (contains(.readable) ? Int16(POLLIN) : 0) | (contains(.writable) ? Int16(POLLOUT) : 0)
  }
}

extension SocketLoop {
  /// Why a wait is over.
  public enum Wake: Hashable, Sendable {
    /// Something of those that every loop waits for.
    case event(Event)
    /// A stream or a listener that is watched is ready.
    case ready(SocketID, Readiness)
  }

  /// Watches a connection, which its owner keeps until ``close(_:)``.
  public mutating func watch(_ socket: StreamSocket, for readiness: Readiness) -> SocketID {
    watch(descriptor: socket.descriptor, for: readiness)
  }

  /// Watches a listener, which its owner keeps until ``close(_:)``.
  public mutating func watch(_ listener: StreamListener) -> SocketID {
    watch(descriptor: listener.descriptor, for: .readable)
  }
}
