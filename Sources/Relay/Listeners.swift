internal import Sockets
internal import TransportAddress

/// The sockets at which a server listens, by what they were bound to.
struct Listeners {
  /// One of them.
  struct Listener {
    let socket: UDPSocket
    /// Whether it serves all of the host's addresses, so that a response must say where it leaves from.
    let isUnspecified: Bool
  }

  private var byID: [SocketID: Listener] = [:]
  private var byAddress: [TransportAddress: Listener] = [:]

  mutating func add(_ id: SocketID, _ socket: UDPSocket) {
    let listener = Listener(
      socket: socket,
      isUnspecified: socket.localAddress.address.classification == .unspecified)
    byID[id] = listener
    byAddress[socket.localAddress] = listener
  }

  /// Whether this is the name of one of them.
  func contains(_ id: SocketID) -> Bool { byID[id] != nil }

  /// The one from which datagrams of this endpoint of the server's leave.
  func listener(at local: TransportAddress) -> Listener? {
    if let exact = byAddress[local] { return exact }
    let unspecified: IPAddress =
      switch local.address {
      case .v4: .v4(IPv4Address(rawValue: 0))
      case .v6: .v6(IPv6Address(high: 0, low: 0))
      }
    return byAddress[TransportAddress(unspecified, port: local.port)]
  }
}
