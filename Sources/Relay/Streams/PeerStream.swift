internal import STUNCodec
internal import Sockets
internal import TURN
internal import TransportAddress

/// A TCP connection between a relayed transport address and a peer, at the server (RFC 6062).
final class PeerStream {
  /// Its name in the server's loop.
  let id: SocketID
  /// CONNECTION-ID.
  let number: UInt32
  let connection: StreamConnection
  let relayed: TransportAddress
  /// The client data connection that it is spliced with.
  var client: ClientStream?
  /// How many bytes had gone either way when that was last looked at.
  var movedByteCount = 0

  init(
    _ id: SocketID, _ number: UInt32, _ connection: StreamConnection,
    from relayed: TransportAddress
  ) {
    (self.id, self.number, self.connection) = (id, number, connection)
    self.relayed = relayed
  }
}

/// A relayed transport address at which peers can connect.
struct RelayedListener {
  let id: SocketID
  let listener: StreamListener
  var traffic = Traffic()
}

/// The relayed transport addresses of TCP allocations, and the connections with peers.
struct PeerStreams {
  private(set) var listeners: [TransportAddress: RelayedListener] = [:]
  private var addresses: [SocketID: TransportAddress] = [:]
  private var byID: [SocketID: PeerStream] = [:]
  private var byNumber: [UInt32: PeerStream] = [:]

  /// How many connections with peers there are, with those that are being opened.
  var count: Int { byID.count }

  func contains(_ id: SocketID) -> Bool { addresses[id] != nil || byID[id] != nil }

  subscript(id: SocketID) -> PeerStream? { byID[id] }

  subscript(number: UInt32) -> PeerStream? { byNumber[number] }

  func listener(at address: TransportAddress) -> RelayedListener? { listeners[address] }

  func listener(_ id: SocketID) -> RelayedListener? { addresses[id].flatMap { listeners[$0] } }

  mutating func add(_ listener: RelayedListener, at address: TransportAddress) {
    listeners[address] = listener
    addresses[listener.id] = address
  }

  mutating func removeListener(at address: TransportAddress) -> RelayedListener? {
    guard let listener = listeners.removeValue(forKey: address) else { return nil }
    addresses[listener.id] = nil
    return listener
  }

  mutating func add(_ peer: PeerStream) {
    byID[peer.id] = peer
    byNumber[peer.number] = peer
  }

  mutating func remove(_ number: UInt32) -> PeerStream? {
    guard let peer = byNumber.removeValue(forKey: number) else { return nil }
    byID[peer.id] = nil
    return peer
  }

  /// Counts bytes to a peer.
  mutating func countSent(_ byteCount: Int, from relayed: TransportAddress) {
    listeners[relayed]?.traffic.sentByteCount += byteCount
  }

  /// Counts bytes from a peer.
  mutating func countReceived(_ byteCount: Int, at relayed: TransportAddress) {
    listeners[relayed]?.traffic.receivedByteCount += byteCount
  }
}
