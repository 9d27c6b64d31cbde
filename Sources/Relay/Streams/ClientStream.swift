internal import STUNCodec
internal import SansIO
internal import Sockets
internal import TURN
internal import TransportAddress

/// A client's connection at the server.
final class ClientStream {
  /// Its name in the server's loop.
  let id: SocketID
  let connection: StreamConnection
  /// The 5-tuple of its allocation; TLS counts as TCP.
  let tuple: FiveTuple
  /// The frames that have come.
  var frames: StreamReassembler
  /// When its last whole message came; nil before the first.
  var lastMessage: Instant?
  /// Since when something waits that the client does not take.
  var stalledSince: Instant?
  /// The peer's connection that it is bound to (RFC 6062): its bytes are no messages any more.
  var peer: PeerStream?
  /// What came behind its ConnectionBind request, for the peer.
  var early: [UInt8] = []
  /// How much it had taken then.
  private var takenByteCount = 0

  init(_ id: SocketID, _ connection: StreamConnection, frames: StreamReassembler) {
    self.id = id
    self.connection = connection
    self.frames = frames
    tuple = FiveTuple(
      .tcp, local: connection.socket.localAddress, remote: connection.socket.remoteAddress)
  }

  /// Notes whether something waits, and whether the client has taken anything.
  func noteProgress(at now: Instant) {
    if connection.waitingByteCount == 0 {
      stalledSince = nil
    } else if stalledSince == nil || connection.sentByteCount > takenByteCount {
      stalledSince = now
    }
    takenByteCount = connection.sentByteCount
  }
}

/// The clients' connections, by name, by 5-tuple and by address.
struct ClientStreams {
  private(set) var byID: [SocketID: ClientStream] = [:]
  private var byTuple: [FiveTuple: ClientStream] = [:]
  private var countsByAddress: [IPAddress: Int] = [:]

  var count: Int { byID.count }

  subscript(id: SocketID) -> ClientStream? { byID[id] }

  subscript(tuple: FiveTuple) -> ClientStream? { byTuple[tuple] }

  /// How many connections there are from an address, of IPv6 from its /64.
  func count(from address: IPAddress) -> Int { countsByAddress[address.accounted] ?? 0 }

  mutating func add(_ client: ClientStream) {
    byID[client.id] = client
    byTuple[client.tuple] = client
    countsByAddress[client.tuple.remote.address.accounted, default: 0] += 1
  }

  mutating func remove(_ client: ClientStream) {
    guard byID.removeValue(forKey: client.id) != nil else { return }
    byTuple[client.tuple] = nil
    let address = client.tuple.remote.address.accounted
    let count = countsByAddress[address] ?? 1
    countsByAddress[address] = count > 1 ? count - 1 : nil
  }
}
