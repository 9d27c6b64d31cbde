import CLinux
import Glibc
public import TransportAddress

/// One end of a TCP connection that does not block; it is closed with the last reference to it.
public final class StreamSocket: Sendable {
  let descriptor: Int32
  /// This host's endpoint.
  public let localAddress: TransportAddress
  /// The other end's endpoint.
  public let remoteAddress: TransportAddress

  /// What a read has brought.
  public enum Reading: Hashable, Sendable {
    /// So many bytes are in the buffer.
    case bytes(Int)
    /// Nothing has come yet.
    case waiting
    /// The other end sends nothing any more.
    case end
  }

  /// Begins a connection; once the socket is writable, ``takeError()`` tells what came of it.
  ///
  /// - Parameter local: the endpoint to connect from, whose port may be that of a listener which shares
  ///   it; nil leaves the choice to the kernel.
  /// - Throws: ``SocketError`` where the kernel refuses at once, as where there is no route.
  public init(
    connectingTo remote: TransportAddress, from local: TransportAddress? = nil
  ) throws(SocketError) {
    let unspecified: TransportAddress =
      if case .v4 = remote.address { "0.0.0.0:0" } else { "[::]:0" }
    var source = linux_endpoint(local ?? unspecified)
    var target = linux_endpoint(remote)
    descriptor = linux_tcp_connect(&target, &source)
    guard descriptor >= 0 else { throw SocketError("connect to \(remote)") }
    // The kernel has chosen by now.
    localAddress =
      linux_socket_name(descriptor, &source) == 0 ? TransportAddress(source) : unspecified
    remoteAddress = remote
  }

  /// A connection that a listener has taken.
  init(accepted descriptor: Int32, from remote: TransportAddress) {
    var local = linux_endpoint()
    self.descriptor = descriptor
    remoteAddress = remote
    localAddress =
      linux_socket_name(descriptor, &local) == 0 ? TransportAddress(local) : remote
  }

  deinit { close(descriptor) }

  /// The error that waits at the socket, such as why it could not be connected; nil for none.
  public func takeError() -> SocketError? {
    let code = linux_socket_error(descriptor)
    return code == 0 ? nil : SocketError("connect to \(remoteAddress)", code: code)
  }

  /// Takes bytes that have come.
  ///
  /// - Throws: ``SocketError`` where the connection is over, as where the other end has reset it.
  public func read(into buffer: UnsafeMutableRawBufferPointer) throws(SocketError) -> Reading {
    while true {
      let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      if count > 0 { return .bytes(count) }
      if count == 0 { return .end }
      switch errno {
      case EINTR: continue
      case EAGAIN: return .waiting
      case let code: throw SocketError("receive from \(remoteAddress)", code: code)
      }
    }
  }

  /// Sends as many of the bytes as the kernel takes now.
  ///
  /// - Returns: how many, from the first on; 0 where it takes none.
  /// - Throws: ``SocketError`` where the connection is over.
  public func write(_ bytes: RawSpan) throws(SocketError) -> Int {
    let (count, code): (Int, Int32) = bytes.withUnsafeBytes { bytes in
      while true {
        let count = linux_stream_write(descriptor, bytes.baseAddress, UInt(bytes.count))
        if count >= 0 { return (count, 0) }
        switch errno {
        case EINTR: continue
        case EAGAIN: return (0, 0)
        case let code: return (0, code)
        }
      }
    }
    guard code == 0 else { throw SocketError("send to \(remoteAddress)", code: code) }
    return count
  }

  /// Says that nothing follows what has been written; bytes can still come.
  public func finish() { _ = shutdown(descriptor, Int32(SHUT_WR)) }
}

/// A TCP socket that takes connections; it is closed with the last reference to it.
public final class StreamListener: Sendable {
  let descriptor: Int32
  /// The endpoint that is listened at, with the port that the kernel chose for port 0.
  public let localAddress: TransportAddress

  /// Opens a listener.
  ///
  /// - Parameters:
  ///   - address: one of this host's, or an unspecified one.
  ///   - sharesPort: whether connections may be begun from the same endpoint.
  /// - Throws: ``SocketError`` where the kernel refuses, as for an endpoint in use.
  public init(
    listeningAt address: TransportAddress, sharesPort: Bool = false
  ) throws(SocketError) {
    var local = linux_endpoint(address)
    descriptor = linux_tcp_listen(&local, SOMAXCONN)
    guard descriptor >= 0 else { throw SocketError("listen for TCP at \(address)") }
    guard linux_socket_name(descriptor, &local) == 0 else {
      let error = SocketError("ask for the address of a TCP socket")
      close(descriptor)
      throw error
    }
    localAddress = TransportAddress(local)
    guard sharesPort else { return }
    // Only now: set before, it would let a second program listen here as well.
    var yes: Int32 = 1
    guard
      setsockopt(
        descriptor, SOL_SOCKET, SO_REUSEPORT, &yes, socklen_t(MemoryLayout<Int32>.size)) == 0
    else { throw SocketError("share the TCP port of \(localAddress)") }
  }

  deinit { close(descriptor) }

  /// Takes the next connection; nil if none is waiting.
  ///
  /// - Throws: ``SocketError`` where there is no room, as when all descriptors are in use.
  public func accept() throws(SocketError) -> StreamSocket? {
    var remote = linux_endpoint()
    while true {
      let accepted = linux_tcp_accept(descriptor, &remote)
      if accepted >= 0 {
        return StreamSocket(accepted: accepted, from: TransportAddress(remote))
      }
      switch errno {
      // Also a connection that was over before it was taken.
      case EINTR, ECONNABORTED, EPROTO: continue
      case EAGAIN: return nil
      case let code: throw SocketError("take a connection at \(localAddress)", code: code)
      }
    }
  }
}
