public import SansIO
public import Simulator
public import TURN
public import TransportAddress

/// A TURN client on a host: it asks for an allocation as soon as it starts, and keeps it.
///
///     net.run(.turnClient(of: "203.0.113.20:3478", "alice", password: "secret"), on: alice)
///
/// It is told whom to permit, and what to send to whom over the relay. With a ticket (RFC 8016) it takes
/// its allocation along when its host comes to another network.
public struct TURNClientEndpoint: Endpoint {
  /// Data that a peer has sent over the relay.
  public struct Received: Hashable, Sendable {
    /// When they came.
    public let time: Instant
    /// What came.
    public let data: [UInt8]
    /// Where the relay got it from.
    public let peer: TransportAddress
  }

  /// The UDP port that it asks from.
  public let port: UInt16
  /// The client, with its counts of what it has dropped.
  public private(set) var client: TURNClient
  /// What peers have sent, the earliest first.
  public private(set) var received: [Received] = []
  /// The host's address that it sends from; nil for a client that asks for no ticket, which leaves the
  /// choice to the host.
  private var address: IPAddress?
  /// The host's address that the allocation is taken to.
  private var nextAddress: IPAddress?
  /// All addresses of the host, while it is in a network; nil before they have been told.
  private var addresses: [IPAddress]?
  private var actions = ActionQueue<EndpointAction>()

  /// A client of a server.
  ///
  /// - Precondition: a user can have the name and the password.
  public init(
    of server: TransportAddress, _ username: String, password: String, port: UInt16 = 5000,
    options: TURNClient.Options = .init()
  ) {
    self.port = port
    do throws(TURNConfigurationError) {
      client = try TURNClient(
        server: server, username: username, password: password, options: options)
    } catch {
      preconditionFailure("a relay cannot have this user: \(error)")
    }
  }

  /// The one port.
  public var ports: [UInt16] { [port] }

  /// When something is sent again, or refreshed.
  public var nextDeadline: Instant? { client.nextDeadline }

  /// The relayed transport address; nil while there is none.
  public var relayed: TransportAddress? { client.allocated?.relayed.first }

  // MARK: - From outside of the network

  /// Lets peers at an address send to the relayed transport address.
  public mutating func permit(
    _ address: IPAddress, at now: Instant, using generator: inout SeededGenerator
  ) {
    client.permit([address], at: now, using: &generator)
    takeActions()
  }

  /// Sends data to a peer over the relay; what the client cannot send goes into the trace.
  public mutating func send(
    _ data: [UInt8], to peer: TransportAddress, at now: Instant,
    using generator: inout SeededGenerator
  ) {
    var buffer: [UInt8] = []
    let outgoing = client.send(copying: data, into: &buffer, to: peer, at: now, using: &generator)
    takeActions()
    switch outgoing {
    case .send(let range): transmit(Array(buffer[range]), from: address)
    case .held: break
    case .dropped(let reason): actions.append(.report("nothing is sent to \(peer): \(reason)"))
    }
  }

  // MARK: - Events

  /// Asks for the allocation.
  public mutating func started(
    at address: IPAddress, now: Instant, using generator: inout SeededGenerator
  ) {
    if client.options.asksForTicket { self.address = address }
    client.started(at: now, using: &generator)
    takeActions()
  }

  /// With a ticket: goes on from another address when its own is gone, and goes over to one that is new
  /// before it leaves its own.
  public mutating func addressesChanged(
    to addresses: [IPAddress], at now: Instant, using generator: inout SeededGenerator
  ) {
    let before = self.addresses ?? addresses
    self.addresses = addresses
    guard client.options.asksForTicket, let address, !addresses.isEmpty else { return }
    let new = addresses.first { !before.contains($0) }
    // In another network it may have the same address, and the server sees another one.
    if before.isEmpty || !addresses.contains(address) {
      self.address = new ?? addresses.first
      nextAddress = nil
      client.fiveTupleChanged(at: now, using: &generator)
    } else if let next = new {
      nextAddress = next
      client.fiveTupleAdded(at: now, using: &generator)
    }
    takeActions()
  }

  /// Takes what the server sends.
  public mutating func received(
    _ payload: Span<UInt8>, from source: TransportAddress, to local: TransportAddress,
    at now: Instant, using generator: inout SeededGenerator
  ) {
    let incoming = client.received(payload, from: source, at: now, using: &generator)
    if case .data(let range, let peer) = incoming {
      received.append(
        Received(time: now, data: payload.extracting(range).bytes, peer: peer))
    }
    takeActions()
  }

  /// Sends again what is due, and refreshes what is to live on.
  public mutating func timerFired(at now: Instant, using generator: inout SeededGenerator) {
    client.timerFired(at: now, using: &generator)
    takeActions()
  }

  /// The next message to send, or what the client has learned.
  public mutating func nextAction() -> EndpointAction? { actions.next() }

  // MARK: - Inside

  private mutating func transmit(_ bytes: [UInt8], from address: IPAddress?) {
    if let address {
      actions.append(
        .sendBound(bytes, from: TransportAddress(address, port: port), to: client.server))
    } else {
      actions.append(.send(bytes, from: port, to: client.server))
    }
  }

  private mutating func takeActions() {
    while let action = client.nextAction() {
      switch action {
      case .send(let bytes, _): transmit(bytes, from: address)
      case .sendOnAdded(let bytes, _): transmit(bytes, from: nextAddress)
      case .useAdded:
        address = nextAddress ?? address
        nextAddress = nil
      case .report(let event):
        if let text = event.words { actions.append(.report(text)) }
      // It has one port, and no other to go on from.
      case .changeFiveTuple: actions.append(.report("the relay has an allocation for this port"))
      }
    }
  }
}

extension TURNClient.Event {
  /// What a ladder says of it; nil for what its packets have said.
  fileprivate var words: String? {
    switch self {
    case .refused(let address, .error(let code)): "no permission for \(address): \(code)"
    case .refused(let address, .timedOut): "no permission for \(address): no answer"
    case .ended(let end): end.words
    case .moved: "the allocation is reached from here now"
    case .notMoved(let failure): "the allocation could not be taken along: \(failure)"
    case .allocated, .permitted, .bound, .unreachable, .connection: nil
    }
  }
}

extension TURNClient.End {
  fileprivate var words: String {
    switch self {
    case .released: "the allocation is given back"
    case .failed(.refused(let code)): "no allocation: \(code)"
    case .failed(let failure): "no allocation: \(failure)"
    case .lost(.refused(let code)): "the allocation is lost: \(code)"
    case .lost(let loss): "the allocation is lost: \(loss)"
    }
  }
}

extension Endpoint where Self == TURNClientEndpoint {
  /// A TURN client at port 5000.
  public static func turnClient(
    of server: TransportAddress, _ username: String, password: String
  ) -> Self {
    Self(of: server, username, password: password)
  }
}
