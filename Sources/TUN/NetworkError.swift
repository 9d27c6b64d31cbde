public import Glibc

/// Why the kernel would not do something about a network: what it was, and what the kernel said.
public struct NetworkError: Error, Hashable, Sendable {
  /// `make the TUN device tun0`.
  public var attempt: String
  /// An `errno`.
  public var code: Int32

  public init(_ attempt: String, code: Int32 = errno) {
    self.attempt = attempt
    self.code = code
  }
}

extension NetworkError: CustomStringConvertible {
  public var description: String { "cannot \(attempt): \(String(cString: strerror(code)))" }
}
