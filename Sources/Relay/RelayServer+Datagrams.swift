internal import STUN
internal import STUNCodec
internal import SansIO
internal import Sockets
internal import TURN
internal import TransportAddress

/// Datagrams, of clients and of peers.
extension RelayServer {
  mutating func received(_ arrival: UDPSocket.Arrival, on id: SocketID) {
    let now = loop.arrivalTime
    if let port = ports[id] { return receivedFromPeer(arrival, at: port, now) }
    if bindings != nil, loop.bytes.isBindingRequest {
      return answer(from: arrival.source, to: arrival.destination, at: now)
    }
    let verdict = turn.received(
      loop.bytes,
      on: FiveTuple(.udp, local: arrival.destination, remote: arrival.source), at: now,
      using: &generator)
    guard case .relay(let range, let peer, let relayed, let dontFragment) = verdict,
      let port = portsByAddress[EndpointKey(relayed)]
    else { return }
    let start = loop.payload.lowerBound
    port.forward(
      start + range.lowerBound..<start + range.upperBound, of: &loop, to: peer,
      dontFragment: dontFragment)
  }

  private mutating func receivedFromPeer(
    _ arrival: UDPSocket.Arrival, at port: RelayedPort, _ now: Instant
  ) {
    let payload = loop.payload
    var packet = loop.mutablePacket
    let verdict = turn.receivedFromPeer(
      &packet, payload: payload, from: arrival.source, to: port.address, at: now,
      using: &generator)
    if case .deliver(let range, let tuple) = verdict, deliver(range, on: tuple) {
      port.traffic.received(arrival.count)
    }
  }

  /// Does not count as sent what the kernel did not take.
  mutating func settleUnsent() {
    while let unsent = loop.takeUnsent() {
      portsByAddress[EndpointKey(unsent.socket.localAddress)]?.traffic.sent(
        -unsent.count, byteCount: -unsent.byteCount)
    }
  }

  /// Answers a Binding request by the server that has two addresses, within the limit for sources
  /// that have not proven their address.
  private mutating func answer(
    from client: TransportAddress, to local: TransportAddress, at now: Instant
  ) {
    guard bindingLimit.admits(client.address, at: now) else { return }
    bindings?.received(loop.bytes, from: client, to: local, at: now)
    while case .send(let bytes, let origin, let destination)? = bindings?.nextAction() {
      counts.note(bytes.span)
      send(bytes.span, from: origin, to: destination)
    }
  }

  /// An ICMP error has come about what was relayed.
  mutating func failed(_ failure: DeliveryFailure, on id: SocketID) {
    guard let relayed = ports[id]?.address, let icmp = failure.icmp else { return }
    turn.receivedICMP(
      icmp, about: failure.destination, from: relayed, at: loop.now, using: &generator)
  }

  /// Sends bytes of the loop's buffer to a client.
  ///
  /// - Returns: whether they are on their way; a client over a stream may have too much waiting.
  private mutating func deliver(_ range: Range<Int>, on tuple: FiveTuple) -> Bool {
    guard tuple.protocol == .tcp else {
      guard let listener = listeners.listener(at: tuple.local) else { return false }
      loop.forward(
        range, on: listener.socket, to: tuple.remote,
        from: listener.isUnspecified ? tuple.local.address : nil)
      return true
    }
    guard let client = clients[tuple] else { return false }
    let isTaken = client.connection.send(
      loop.packet.extracting(range).bytes, limit: limits.waitingByteCount)
    if !isTaken { undeliveredCount += 1 }
    settle(client)
    return isTaken
  }

  /// Sends a datagram to a client. If the client is gone, or there is no way to it, its allocation will
  /// expire.
  mutating func send(
    _ bytes: Span<UInt8>, from local: TransportAddress, to remote: TransportAddress
  ) {
    guard let listener = listeners.listener(at: local) else { return }
    loop.send(
      bytes, on: listener.socket, to: remote, from: listener.isUnspecified ? local.address : nil)
  }
}

extension Span<UInt8> {
  /// Whether the first two bytes are those of a Binding request.
  fileprivate var isBindingRequest: Bool { count >= 20 && self[0] == 0 && self[1] == 1 }
}
