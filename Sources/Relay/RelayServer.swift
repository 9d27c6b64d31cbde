public import STUN
internal import STUNCodec
internal import SansIO
public import Sockets
public import TURN
public import TransportAddress

/// A STUN and TURN server on real UDP sockets: the driver of `TURNServer` and `BindingServer`.
///
///     clients ── listening sockets ─┐            ┌─ a socket for each relayed address ── peers
///                                   ▼            ▼
///                                 one SocketLoop, one buffer
///                                   │ verdicts, actions
///                                   ▼
///                     TURNServer · BindingServer, if there are two addresses
///
/// Data stay in the buffer that they were received into: a header is written into the room before
/// them, or skipped, and the same bytes leave by the other socket.
public struct RelayServer: ~Copyable {
  /// Something that the server's owner may want to know.
  public enum Report: Sendable {
    /// What happened to an allocation; of one that is over, with what went through it.
    case turn(TURNServer.Event, Traffic?)
    /// A socket for a relayed transport address could not be opened; others are tried.
    case notOpened(TransportAddress, SocketError)
  }

  /// What is listened at, with the ports that the kernel chose.
  public let addresses: [TransportAddress]
  private var loop: SocketLoop
  private var turn: TURNServer
  private var bindings: BindingServer?
  private var bindingLimit: ChallengeLimit
  private var generator = SystemRandomNumberGenerator()
  private let listeners: Listeners
  private var ports: [SocketID: RelayedPort] = [:]
  private var portsByAddress: [TransportAddress: SocketID] = [:]
  private var finished = Traffic()

  /// Opens the listening sockets.
  ///
  /// - Parameters:
  ///   - addresses: where to listen.
  ///   - discovery: the two addresses of behavior discovery; all four endpoints are listened at.
  ///   - stop: a descriptor that is readable once it is enough.
  /// - Throws: `SocketError` where a socket cannot be opened.
  public init(
    listeningAt addresses: [TransportAddress], discovery: BindingServer.Addresses? = nil,
    _ configuration: TURNServer.Configuration, authenticator: Authenticator, stop: Int32? = nil
  ) throws(SocketError) {
    var configuration = configuration
    configuration.canSetDontFragment = true
    turn = TURNServer(configuration, authenticator: authenticator, using: &generator)
    turn.reportsEvents = true
    let limits = configuration.limits
    bindingLimit = ChallengeLimit(
      perSecond: limits.unprovenResponsesPerSecond, burst: limits.unprovenResponsesAtOnce,
      key: generator.next())
    bindings = discovery.map { BindingServer($0) }
    loop = SocketLoop(stop: stop, headroom: TURNServer.headroom, tailroom: TURNServer.tailroom)
    var listeners = Listeners()
    var bound: [TransportAddress] = []
    for address in addresses + (discovery?.others(than: addresses) ?? []) {
      let id = try loop.open(address)
      guard let socket = loop[id] else { continue }
      listeners.add(id, socket)
      bound.append(socket.localAddress)
    }
    self.listeners = listeners
    self.addresses = bound
  }

  /// The number of allocations now.
  public var allocationCount: Int { turn.allocationCount }

  /// What went through all allocations.
  public var traffic: Traffic {
    ports.values.reduce(into: finished) { $0 += $1.traffic }
  }

  /// Datagrams that came to nothing, by reason.
  public var drops: DropCounts<TURNServer.DropReason> { turn.drops }

  /// Serves until the stop descriptor is readable.
  ///
  /// - Throws: `SocketError` where the kernel refuses to wait or to receive.
  public mutating func run(_ report: (Report) -> Void) throws(SocketError) {
    while true {
      act(report)
      switch try loop.next(before: turn.nextDeadline) {
      case .received(let arrival, let id): received(arrival, on: id)
      case .failed(let failure, let id): failed(failure, on: id)
      case .deadline: turn.timerFired(at: loop.now)
      case .stopped: return
      }
    }
  }

  // MARK: - Datagrams

  private mutating func received(_ arrival: UDPSocket.Arrival, on id: SocketID) {
    let now = loop.now
    let verdict: TURNServer.Verdict
    if let relayed = ports[id]?.address {
      let payload = loop.payload
      var packet = loop.mutablePacket
      verdict = turn.receivedFromPeer(
        &packet, payload: payload, from: arrival.source, to: relayed, at: now,
        using: &generator)
      if case .deliver(let range, let tuple) = verdict {
        send(loop.packet.extracting(range), on: tuple)
        ports[id]?.traffic.receivedCount += 1
        ports[id]?.traffic.receivedByteCount += arrival.count
      }
      return
    }
    if bindings != nil, loop.bytes.isBindingRequest {
      return answer(from: arrival.source, to: arrival.destination, at: now)
    }
    verdict = turn.received(
      loop.bytes,
      on: FiveTuple(.udp, local: arrival.destination, remote: arrival.source), at: now,
      using: &generator)
    guard case .relay(let range, let peer, let relayed, let dontFragment) = verdict,
      let port = portsByAddress[relayed]
    else { return }
    ports[port]?.send(loop.bytes.extracting(range), to: peer, dontFragment: dontFragment)
  }

  /// Answers a Binding request by the server that has two addresses, within the limit for sources
  /// that have not proven their address.
  private mutating func answer(
    from client: TransportAddress, to local: TransportAddress, at now: Instant
  ) {
    guard bindingLimit.admits(client.address, at: now) else { return }
    bindings?.received(loop.bytes, from: client, to: local, at: now)
    while case .send(let bytes, let origin, let destination)? = bindings?.nextAction() {
      send(bytes.span, from: origin, to: destination)
    }
  }

  /// An ICMP error has come about what was relayed.
  private mutating func failed(_ failure: DeliveryFailure, on id: SocketID) {
    guard let relayed = ports[id]?.address, let icmp = failure.icmp else { return }
    turn.receivedICMP(
      icmp, about: failure.destination, from: relayed, at: loop.now, using: &generator)
  }

  private func send(_ bytes: Span<UInt8>, on tuple: FiveTuple) {
    send(bytes, from: tuple.local, to: tuple.remote)
  }

  private func send(
    _ bytes: Span<UInt8>, from local: TransportAddress, to remote: TransportAddress
  ) {
    guard let listener = listeners.listener(at: local) else { return }
    do throws(SocketError) {
      try listener.socket.send(
        bytes, to: remote, from: listener.isUnspecified ? local.address : nil)
    } catch {
      // The client is gone, or there is no way to it: its allocation will expire.
    }
  }

  // MARK: - Actions

  private mutating func act(_ report: (Report) -> Void) {
    while true {
      // Events first: what an allocation has relayed is counted where its sockets are.
      while let event = turn.nextEvent() { report(.turn(event, traffic(of: event))) }
      switch turn.nextAction() {
      case .send(let bytes, let tuple): send(bytes.span, on: tuple)
      case .open(let address): open(address, report)
      case .close(let address): close(address)
      case nil: return
      }
    }
  }

  private func traffic(of event: TURNServer.Event) -> Traffic? {
    guard case .ended(_, _, let relayed, _) = event else { return nil }
    return relayed.reduce(into: Traffic()) { sum, address in
      if let id = portsByAddress[address], let port = ports[id] { sum += port.traffic }
    }
  }

  private mutating func open(_ address: TransportAddress, _ report: (Report) -> Void) {
    do throws(SocketError) {
      let id = try loop.open(address, keepsErrors: true)
      guard let socket = loop[id] else { return }
      do throws(SocketError) {
        ports[id] = try RelayedPort(id, socket)
      } catch {
        loop.close(id)
        throw error
      }
      portsByAddress[address] = id
      turn.opened(address)
    } catch {
      report(.notOpened(address, error))
      turn.openFailed(address, at: loop.now, using: &generator)
    }
  }

  private mutating func close(_ address: TransportAddress) {
    guard let id = portsByAddress.removeValue(forKey: address) else { return }
    if let port = ports.removeValue(forKey: id) { finished += port.traffic }
    loop.close(id)
  }
}

extension BindingServer.Addresses {
  /// Those of the four endpoints that are not listened at anyway.
  fileprivate func others(than listening: [TransportAddress]) -> [TransportAddress] {
    guard let alternate else { return [] }
    return [
      primary, TransportAddress(primary.address, port: alternate.port),
      TransportAddress(alternate.address, port: primary.port), alternate,
    ].filter { !listening.contains($0) }
  }
}

extension Span<UInt8> {
  /// Whether the first two bytes are those of a Binding request.
  fileprivate var isBindingRequest: Bool { count >= 20 && self[0] == 0 && self[1] == 1 }
}
