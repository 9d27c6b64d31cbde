internal import Sockets
internal import TLS
internal import TransportAddress

/// The UDP sockets at which a server listens, by what they were bound to.
struct Listeners {
  /// One of them.
  struct Listener {
    let socket: UDPSocket
    let address: TransportAddress
    /// Whether it serves all of the host's addresses, so that a response must say where it leaves from.
    let isUnspecified: Bool
  }

  /// Few: to compare addresses is less work than to hash one.
  private var listeners: [Listener] = []
  /// What is listened at, in the order of opening.
  var addresses: [TransportAddress] { listeners.map(\.address) }

  /// How many ports that the kernel chooses are tried, as each must be free for UDP and for TCP.
  private static var portTries: Int { 16 }

  /// Opens a socket for UDP, also where one is shared if it is to join that.
  mutating func open(
    _ address: TransportAddress, joins: Bool = false, in loop: inout SocketLoop
  ) throws(SocketError) {
    if let socket = loop[try loop.open(address, joins: joins)] { add(socket) }
  }

  /// Lets the sockets of other threads join.
  func share() throws(SocketError) {
    for listener in listeners { try listener.socket.shareEndpoint() }
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

  /// The bytes of datagrams that may wait while others are handled.
  private static var receiveByteCount: Int32 { 4 << 20 }

  private mutating func add(_ socket: UDPSocket) {
    socket.setReceiveBuffer(byteCount: Self.receiveByteCount)
    listeners.append(
      Listener(
        socket: socket, address: socket.localAddress,
        isUnspecified: socket.localAddress.address.classification == .unspecified))
  }

  /// The one from which datagrams of this endpoint of the server's leave.
  ///
  /// - Complexity: O(*n*) in the listeners.
  func listener(at local: TransportAddress) -> Listener? {
    for index in listeners.indices where listeners[index].address == local {
      return listeners[index]
    }
    for index in listeners.indices where listeners[index].isUnspecified {
      let listening = listeners[index].address
      switch (listening.address, local.address) {
      case (.v4, .v4) where listening.port == local.port,
        (.v6, .v6) where listening.port == local.port:
        return listeners[index]
      default: continue
      }
    }
    return nil
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
