public import Glibc

/// Why the kernel refused something about a network.
public struct NetworkError: Error, Hashable, Sendable {
  /// What was tried: `make the TUN device tun0`.
  public var attempt: String
  /// The kernel's reason, an `errno`.
  public var code: Int32
  /// What a person can do about it, where that is known.
  public var remedy: String?

  /// An error with the reason that the last system call left.
  public init(_ attempt: String, code: Int32 = errno, remedy: String? = nil) {
    self.attempt = attempt
    self.code = code
    self.remedy = remedy
  }
}

extension NetworkError: CustomStringConvertible {
  /// What was tried, and the system's words for the reason.
  public var description: String { "cannot \(attempt): \(String(cString: strerror(code)))" }
}
