internal import Glibc
public import Sockets
internal import TLS
public import TransportAddress

extension StreamConnection {
  /// Begins a client's connection; nil where the server is reached by datagrams.
  ///
  /// - Parameter local: the endpoint to connect from; port 0 leaves it to the kernel.
  /// - Throws: `SocketError` where the kernel refuses at once, and for a name that TLS does not take.
  public convenience init?(
    connectingTo server: TransportAddress, from local: TransportAddress,
    over transport: RelayedSocket.Transport
  ) throws(SocketError) {
    var session: TLSSession?
    switch transport {
    case .udp: return nil
    case .tcp: break
    case .tls(let context, let name):
      do throws(TLSConfigurationError) {
        session = try TLSSession(context, name: name)
      } catch {
        throw SocketError("begin TLS with \(name)", code: EINVAL)
      }
    }
    self.init(
      try StreamSocket(connectingTo: server, from: local), isAccepted: false, session: session,
      memory: StreamMemory())
  }
}
