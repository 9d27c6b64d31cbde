import CLinux
import Glibc

/// A descriptor that another thread makes readable, as the stop descriptor of a ``SocketLoop``.
public final class Wakeup: Sendable {
  /// What is to be watched; it stays this object's.
  public let descriptor: Int32
  private let writeEnd: Int32

  /// - Throws: ``SocketError`` where there is no descriptor left.
  public init() throws(SocketError) {
    var ends: [Int32] = [-1, -1]
    guard linux_pipe_close_on_exec(&ends) == 0 else { throw SocketError("make a pipe") }
    for end in ends { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
    (descriptor, writeEnd) = (ends[0], ends[1])
  }

  deinit {
    close(descriptor)
    close(writeEnd)
  }

  /// Makes the descriptor readable.
  public func raise() {
    var byte: UInt8 = 0
    // Where the pipe is full, it is readable.
    _ = write(writeEnd, &byte, 1)
  }

  /// Waits until the descriptor is readable.
  public func wait() {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    // A signal ends a wait, too.
    while poll(&entry, 1, -1) < 0, errno == EINTR {}
  }

  /// Makes it not readable any more, until ``raise()`` is called again.
  public func clear() {
    var bytes: (UInt64, UInt64) = (0, 0)
    while withUnsafeMutableBytes(of: &bytes, { read(descriptor, $0.baseAddress, $0.count) }) > 0 {}
  }
}
