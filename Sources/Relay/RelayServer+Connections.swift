internal import STUN
internal import STUNCodec
internal import SansIO
internal import Sockets
internal import TURN
internal import TransportAddress

/// TCP allocations: connections with peers, and the bytes between them and clients (RFC 6062).
///
///     client ═ ClientStream ═▶ queue ═▶ PeerStream ═ peer
///                     ◀═ queue ◀═
///
/// A connection with a peer is not read before it is bound: what the peer sends meanwhile waits in the
/// kernel, whose buffer is the bound. After that, neither side is read while as much as may wait
/// already waits for the other: so a slow reader slows its sender, and memory is bounded. When one side
/// says that nothing follows, the other is told so after the last byte, and may still answer.
extension RelayServer {
  /// How many bytes may wait for one side before the other is not read any more.
  private static var window: Int { 1 << 16 }

  // MARK: - What the TURN server wants

  mutating func act(_ action: TURNServer.ConnectionAction, _ report: (Report) -> Void) {
    switch action {
    case .listen(let address): listen(address, report)
    case .connect(let number, let relayed, let peer): connect(number, from: relayed, to: peer)
    case .splice(let number, let tuple): splice(number, with: tuple)
    case .close(let number): closePeer(number)
    }
  }

  private mutating func listen(_ address: TransportAddress, _ report: (Report) -> Void) {
    do throws(SocketError) {
      let listener = try StreamListener(listeningAt: address, sharesPort: true)
      peerStreams.add(
        RelayedListener(id: loop.watch(listener), listener: listener), at: address)
      turn.opened(address)
    } catch {
      counts.notOpened += 1
      report(.notOpened(address, error))
      turn.openFailed(address, at: loop.now, using: &generator)
    }
  }

  private mutating func connect(
    _ number: UInt32, from relayed: TransportAddress, to peer: TransportAddress
  ) {
    guard peerStreams.count < limits.peers else { return turn.peerConnectionClosed(number) }
    do throws(SocketError) {
      add(number, try StreamSocket(connectingTo: peer, from: relayed), from: relayed, isOpen: false)
    } catch {
      turn.peerConnectionClosed(number)
    }
  }

  /// Watches a connection with a peer; it is not read before it is bound.
  private mutating func add(
    _ number: UInt32, _ socket: StreamSocket, from relayed: TransportAddress, isOpen: Bool
  ) {
    let connection = StreamConnection(socket, isAccepted: isOpen, session: nil, memory: memory)
    connection.isReading = false
    connection.outlivesEnd = true
    let interest = connection.interest
    peerStreams.add(
      PeerStream(
        loop.watch(socket, for: interest), number, connection, from: relayed))
  }

  private mutating func splice(_ number: UInt32, with tuple: FiveTuple) {
    // A client that is gone already has ended the connection: its end follows.
    guard let peer = peerStreams[number], let client = clients[tuple] else { return }
    (client.peer, peer.client) = (peer, client)
    client.connection.outlivesEnd = true
    streamTimers.set(client.id, at: loop.now.advanced(by: limits.idle))
    let early = client.early
    client.early = []
    if peer.connection.send(early.span.bytes, limit: .max) {
      peerStreams.countSent(early.count, from: peer.relayed)
    }
    settle(client, peer)
  }

  private mutating func closePeer(_ number: UInt32) {
    guard let peer = peerStreams.remove(number) else { return }
    loop.close(peer.id)
    guard let client = peer.client else { return }
    (client.peer, peer.client) = (nil, nil)
    end(client, .relayEnded)
  }

  // MARK: - Peers

  /// A relayed transport address or a connection with a peer is ready.
  mutating func peerReady(_ id: SocketID, _ readiness: Readiness) {
    if let listener = peerStreams.listener(id) { return accept(listener) }
    guard let peer = peerStreams[id] else { return }
    if case .connecting = peer.connection.state { return connected(peer, readiness) }
    // What is not bound is watched for nothing: only its failure comes to light.
    guard let client = peer.client else { return lose(peer) }
    var count = 0
    peer.connection.ready(readiness) {
      count += $0.byteCount
      _ = client.connection.send($0, limit: .max)
    }
    peerStreams.countReceived(count, at: peer.relayed)
    settle(client, peer)
  }

  private mutating func accept(_ listener: RelayedListener) {
    let socket: StreamSocket
    do throws(SocketError) {
      guard let accepted = try listener.listener.accept() else { return }
      socket = accepted
    } catch {
      connectionEnds.count(.noDescriptor)
      loop.change(listener.id, to: [])
      streamTimers.set(listener.id, at: loop.now.advanced(by: Self.pause))
      return
    }
    let relayed = listener.listener.localAddress
    guard peerStreams.count < limits.peers else { return connectionEnds.count(.tooMany) }
    // Without an ID it is closed with its last reference (RFC 6062 §5.3).
    if let number = turn.accepted(
      from: socket.remoteAddress, at: relayed, at: loop.now, using: &generator)
    {
      add(number, socket, from: relayed, isOpen: true)
    }
  }

  private mutating func connected(_ peer: PeerStream, _ readiness: Readiness) {
    peer.connection.ready(readiness) { _ in }
    guard case .open = peer.connection.state else { return lose(peer) }
    watch(peer)
    turn.connected(peer.number, at: loop.now)
  }

  private mutating func lose(_ peer: PeerStream) {
    turn.peerConnectionClosed(peer.number)
    closePeer(peer.number)
  }

  // MARK: - Splicing

  /// A client data connection is ready.
  mutating func clientReady(_ client: ClientStream, _ peer: PeerStream, _ readiness: Readiness) {
    var count = 0
    client.connection.ready(readiness) {
      count += $0.byteCount
      _ = peer.connection.send($0, limit: .max)
    }
    peerStreams.countSent(count, from: peer.relayed)
    settle(client, peer)
  }

  /// Passes ends on, ends what is over, and reads only what there is room for.
  private mutating func settle(_ client: ClientStream, _ peer: PeerStream) {
    let (ours, theirs) = (client.connection, peer.connection)
    if ours.hasEnded { theirs.finish() }
    if theirs.hasEnded { ours.finish() }
    if case .ended(let reason) = ours.state { return end(client, ConnectionEnd(reason)) }
    if case .ended = theirs.state { return lose(peer) }
    if ours.hasEnded, theirs.hasEnded, ours.hasFinished, theirs.hasFinished {
      return end(client, .closedByClient)
    }
    ours.isReading = theirs.waitingByteCount < Self.window
    theirs.isReading = ours.waitingByteCount < Self.window
    watch(client)
    watch(peer)
  }

  private mutating func watch(_ peer: PeerStream) {
    // Of a connection that is over in both directions the kernel would tell again and again.
    if peer.connection.hasEnded, peer.connection.hasFinished { return loop.close(peer.id) }
    loop.change(peer.id, to: peer.connection.interest)
  }

  private mutating func watch(_ client: ClientStream) {
    if client.connection.hasEnded, client.connection.hasFinished { return loop.close(client.id) }
    loop.change(client.id, to: client.connection.interest)
  }

  /// Ends a pair of which one side has said that nothing follows, when the other says nothing either.
  mutating func check(_ client: ClientStream, _ peer: PeerStream, at now: Instant) {
    let moved = client.connection.sentByteCount + peer.connection.sentByteCount
    let isHalfOpen = client.connection.hasEnded || peer.connection.hasEnded
    if isHalfOpen, moved == peer.movedByteCount { return end(client, .idle) }
    peer.movedByteCount = moved
    streamTimers.set(client.id, at: now.advanced(by: limits.idle))
  }
}

extension [UInt8] {
  /// The bytes of a span from one on.
  init(_ span: Span<UInt8>, from first: Int) {
    self = span.extracting(first..<span.count).withUnsafeBufferPointer { Array($0) }
  }
}
