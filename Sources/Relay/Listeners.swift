internal import Sockets
internal import TLS
internal import TransportAddress

/// The UDP sockets at which a server listens, by what they were bound to.
struct Listeners {
  /// One of them.
  struct Listener {
    let socket: UDPSocket
    /// Whether it serves all of the host's addresses, so that a response must say where it leaves from.
    let isUnspecified: Bool
  }

  private var byAddress: [TransportAddress: Listener] = [:]
  /// What is listened at, in the order of opening.
  private(set) var addresses: [TransportAddress] = []

  /// How many ports that the kernel chooses are tried, as each must be free for UDP and for TCP.
  private static var portTries: Int { 16 }

  /// Opens a socket for UDP.
  mutating func open(
    _ address: TransportAddress, in loop: inout SocketLoop
  ) throws(SocketError) {
    if let socket = loop[try loop.open(address)] { add(socket) }
  }

  /// Opens sockets for UDP and for TCP at one port.
  mutating func open(
    _ address: TransportAddress, and streams: inout StreamListeners, in loop: inout SocketLoop
  ) throws(SocketError) {
    for tried in 1... {
      let id = try loop.open(address)
      guard let socket = loop[id] else { return }
      do throws(SocketError) {
        try streams.open(socket.localAddress, nil, in: &loop)
        return add(socket)
      } catch {
        loop.close(id)
        guard address.port == 0, tried < Self.portTries else { throw error }
      }
    }
  }

  private mutating func add(_ socket: UDPSocket) {
    byAddress[socket.localAddress] = Listener(
      socket: socket,
      isUnspecified: socket.localAddress.address.classification == .unspecified)
    addresses.append(socket.localAddress)
  }

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

/// A TCP socket at which a server listens.
struct ClientListener {
  let listener: StreamListener
  /// The certificate shown there; nil where TLS is not spoken.
  let context: TLSContext?
}

/// The TCP sockets at which a server listens.
struct StreamListeners {
  private(set) var byID: [SocketID: ClientListener] = [:]
  private(set) var plainAddresses: [TransportAddress] = []
  private(set) var secureAddresses: [TransportAddress] = []

  /// Opens a socket for TCP, or for TLS with this context.
  mutating func open(
    _ address: TransportAddress, _ context: TLSContext?, in loop: inout SocketLoop
  ) throws(SocketError) {
    let listener = try StreamListener(listeningAt: address)
    byID[loop.watch(listener)] = ClientListener(listener: listener, context: context)
    if context == nil {
      plainAddresses.append(listener.localAddress)
    } else {
      secureAddresses.append(listener.localAddress)
    }
  }
}
