import Gathering
import Relay
import SansIO
import Sockets
import TLS
import TransportAddress

/// A base's connection to its TURN server.
struct RelayStream {
  /// Its name in the loop.
  let id: SocketID
  let server: TransportAddress
  let connection: StreamConnection
  /// Whether the machine has been told that bytes can be sent.
  var isOpen = false
}

/// TCP and TLS to TURN servers.
extension LiveConnection {
  /// How many bytes may wait for the server; data beyond are lost, as on a full link.
  private static var waitingLimit: Int { 1 << 20 }

  /// Begins a connection, which takes the place of an earlier one of the base's.
  mutating func connect(
    from base: TransportAddress, to server: TransportAddress, over transport: RelayTransport
  ) {
    if let earlier = streams[base] { disconnect(from: base, to: earlier.server) }
    do throws(SocketError) {
      let local = TransportAddress(base.address, port: 0)
      guard let way = way(transport),
        let stream = try StreamConnection(connectingTo: server, from: local, over: way)
      else { return ended("no TLS on this machine", from: base, to: server) }
      let id = loop.watch(stream.socket, for: stream.interest)
      streams[base] = RelayStream(id: id, server: server, connection: stream)
    } catch {
      ended("\(error)", from: base, to: server)
    }
  }

  /// The transport with what it needs of this machine; nil where that is not there.
  private mutating func way(_ transport: RelayTransport) -> RelayedSocket.Transport? {
    switch transport {
    case .udp: return .udp
    case .tcp: return .tcp
    case .tls(let name):
      if trust == nil { trust = try? TLSContext(clientTrusting: nil) }
      return trust.map { .tls($0, name: name) }
    }
  }

  mutating func write(_ bytes: [UInt8], from base: TransportAddress, to server: TransportAddress) {
    guard let stream = streams[base], stream.server == server else { return }
    _ = stream.connection.send(bytes.span.bytes, limit: Self.waitingLimit)
    watch(stream)
  }

  mutating func disconnect(from base: TransportAddress, to server: TransportAddress) {
    guard let stream = streams[base], stream.server == server else { return }
    stream.connection.close()
    loop.close(stream.id)
    streams[base] = nil
  }

  /// Does what a connection is ready for, and tells the machine of it.
  mutating func ready(_ base: TransportAddress, _ readiness: Readiness) {
    guard let stream = streams[base] else { return }
    var bytes: [UInt8] = []
    stream.connection.ready(readiness) { span in span.withUnsafeBytes { bytes += $0 } }
    if !stream.isOpen, stream.connection.state == .open {
      streams[base]?.isOpen = true
      tell(.opened, from: base, to: stream.server)
    }
    if !bytes.isEmpty { tell(.received(bytes), from: base, to: stream.server) }
    guard case .ended(let end) = stream.connection.state else { return watch(stream) }
    loop.close(stream.id)
    streams[base] = nil
    ended("\(end)", from: base, to: stream.server)
  }

  private mutating func watch(_ stream: RelayStream) {
    loop.change(stream.id, to: stream.connection.interest)
  }

  private mutating func ended(
    _ reason: String, from base: TransportAddress, to server: TransportAddress
  ) {
    tell(.ended(reason), from: base, to: server)
  }

  private mutating func tell(
    _ event: RelayStreamEvent, from base: TransportAddress, to server: TransportAddress
  ) {
    connection.streamChanged(event, from: base, to: server, at: loop.now, using: &generator)
  }
}
