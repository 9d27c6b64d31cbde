public import Glibc

/// Why the kernel refused something about a socket.
public struct SocketError: Error, Hashable, Sendable {
  /// What was tried: `open a UDP socket at 192.0.2.1:3478`.
  public var attempt: String
  /// The kernel's reason, an `errno`.
  public var code: Int32

  /// An error with the reason that the last system call left.
  public init(_ attempt: String, code: Int32 = errno) {
    self.attempt = attempt
    self.code = code
  }
}

extension SocketError: CustomStringConvertible {
  /// What was tried, and the system's words for the reason.
  public var description: String { "cannot \(attempt): \(String(cString: strerror(code)))" }
}

extension SocketError {
  /// Whether the other host says that no program listens there.
  public var isRefused: Bool { code == ECONNREFUSED }

  /// Whether nothing was heard for as long as the kernel waits.
  public var isTimeout: Bool { code == ETIMEDOUT }
}
