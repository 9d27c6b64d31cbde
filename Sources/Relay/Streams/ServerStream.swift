internal import STUNCodec
internal import Sockets
internal import TransportAddress

/// A client's connection to its server.
final class ServerStream {
  let connection: StreamConnection
  private var frames = StreamReassembler()
  private var hasToldEnd = false

  /// Begins the connection; nil where the server is reached by datagrams.
  ///
  /// - Throws: `SocketError` where the kernel refuses at once.
  init?(
    to server: TransportAddress, from local: TransportAddress,
    over transport: RelayedSocket.Transport
  ) throws(SocketError) {
    guard
      let connection = try StreamConnection(connectingTo: server, from: local, over: transport)
    else { return nil }
    self.connection = connection
  }

  func ready(_ readiness: Readiness) {
    connection.ready(readiness) { frames.received($0) }
  }

  /// The next message that has come whole.
  func nextFrame() -> [UInt8]? {
    do throws(STUNDecodingError) {
      return try frames.next()
    } catch {
      connection.failed(error)
      return nil
    }
  }

  /// Why the connection is over, once.
  func takeEnd() -> StreamEnd? {
    guard case .ended(let end) = connection.state, !hasToldEnd else { return nil }
    hasToldEnd = true
    return end
  }
}
