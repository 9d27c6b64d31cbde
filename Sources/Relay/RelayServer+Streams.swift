internal import STUN
internal import STUNCodec
internal import SansIO
internal import Sockets
internal import TLS
internal import TURN
internal import TransportAddress

/// Clients over TCP and TLS.
///
///     accepted ──▶ first whole message, within 10 s ──▶ served ──▶ over
///                                                        │  ▲
///                          every minute: idle, stalled? ─┘  └─ not yet
///
/// An allocation without a ticket is over with its connection: no other client can have its
/// 5-tuple.
extension RelayServer {
  /// How long no connections are taken after there was no descriptor for one.
  static var pause: Duration { .milliseconds(500) }

  // MARK: - Connections

  mutating func ready(_ id: SocketID, _ readiness: Readiness) {
    if let listener = streamListeners[id] { return accept(listener, id) }
    if peerStreams.contains(id) { return peerReady(id, readiness) }
    guard let client = clients[id] else { return }
    if let peer = client.peer { return clientReady(client, peer, readiness) }
    // Taken out, so that they can be written while others of this value's parts are used.
    var frames = client.frames
    client.frames = StreamReassembler()
    client.connection.ready(readiness) { frames.received($0) }
    serve(&frames, of: client)
    client.frames = frames
    settle(client)
  }

  /// Takes one connection: others wait for their turn like datagrams.
  private mutating func accept(_ listener: ClientListener, _ id: SocketID) {
    let socket: StreamSocket
    do throws(SocketError) {
      guard let accepted = try listener.listener.accept() else { return }
      socket = accepted
    } catch {
      // It would be ready again at once, for ever.
      connectionEnds.count(.noDescriptor)
      loop.change(id, to: [])
      streamTimers.set(id, at: loop.now.advanced(by: Self.pause))
      return
    }
    if !passOn(socket, listener.context) { serve(socket, listener.context) }
  }

  /// Serves a client that has connected, over TLS if there is a context.
  mutating func serve(_ socket: StreamSocket, _ context: TLSContext?) {
    guard clients.count < limits.total else { return connectionEnds.count(.tooMany) }
    guard clients.count(from: socket.remoteAddress.address) < limits.perAddress else {
      return connectionEnds.count(.tooManyFromAddress)
    }
    var session: TLSSession?
    if let context {
      guard handshakes.admits(socket.remoteAddress.address, at: loop.now) else {
        return connectionEnds.count(.tooManyHandshakes)
      }
      guard let made = try? TLSSession(context) else { return connectionEnds.count(.tls(.other)) }
      session = made
    }
    let connection = StreamConnection(socket, isAccepted: true, session: session, memory: memory)
    var frames = StreamReassembler(maximumFrameByteCount: TURNServer.maximumFrameByteCount)
    frames.acceptsChannelData = false
    let client = ClientStream(
      loop.watch(socket, for: .readable), connection, frames: frames)
    clients.add(client)
    streamTimers.set(client.id, at: loop.now.advanced(by: limits.firstMessage))
  }

  /// Handles the frames that have come whole.
  private mutating func serve(_ frames: inout StreamReassembler, of client: ClientStream) {
    let now = loop.now
    do throws(STUNDecodingError) {
      while let range = try frames.nextRange() {
        if client.lastMessage == nil {
          streamTimers.set(client.id, at: now.advanced(by: limits.idle))
        }
        client.lastMessage = now
        frames.acceptsChannelData = true
        let verdict = turn.received(
          frames.bytes.extracting(range), on: client.tuple, at: now, using: &generator)
        // Only a request can have bound a channel.
        if case .taken = verdict {
          frames.numbers = turn.channelNumbers(on: client.tuple)
          // RFC 6062 §5.4: what follows is the peer's, whatever it looks like.
          if turn.isDataConnection(client.tuple) {
            let first = frames.bytes.count - frames.pendingByteCount
            client.early = Array(frames.bytes, from: first)
            frames = StreamReassembler()
            return
          }
        }
        guard case .relay(let part, let peer, let relayed, let dontFragment) = verdict,
          let port = portsByAddress[EndpointKey(relayed)]
        else { continue }
        let data = range.lowerBound + part.lowerBound..<range.lowerBound + part.upperBound
        port.send(frames.bytes.extracting(data), to: peer, dontFragment: dontFragment)
      }
    } catch {
      client.connection.failed(error)
    }
  }

  /// Sends a response or an indication to a client.
  ///
  /// Where data already fill what may wait, responses get as much again; a client that does not even
  /// take those is served no more.
  mutating func respond(_ bytes: [UInt8], on tuple: FiveTuple) {
    guard let client = clients[tuple] else { return }
    let isTaken = client.connection.send(
      bytes.span.bytes, limit: 2 * limits.waitingByteCount)
    if isTaken { settle(client) } else { end(client, .stalled) }
  }

  /// Ends a client whose connection is over; watches that of another for what it is now to be watched
  /// for.
  mutating func settle(_ client: ClientStream) {
    if case .ended(let end) = client.connection.state {
      return self.end(client, ConnectionEnd(end))
    }
    // TLS has answers of its own, which no limit holds back.
    guard client.connection.waitingByteCount <= 2 * limits.waitingByteCount + 65_536 else {
      return end(client, .stalled)
    }
    client.noteProgress(at: loop.now)
    loop.change(client.id, to: client.connection.interest)
  }

  mutating func end(_ client: ClientStream, _ reason: ConnectionEnd) {
    guard clients[client.id] != nil else { return }
    connectionEnds.count(reason)
    client.connection.close()
    clients.remove(client)
    loop.close(client.id)
    streamTimers.cancel(client.id)
    turn.connectionClosed(client.tuple)
  }

  /// Says goodbye to all clients.
  mutating func closeStreams() {
    for client in clients.byID.values { client.connection.close() }
  }

  // MARK: - Time

  mutating func streamTimersFired(at now: Instant) {
    while let (id, _) = streamTimers.popDue(at: now) {
      if let client = clients[id] {
        check(client, at: now)
      } else if streamListeners[id] != nil || peerStreams.contains(id) {
        loop.change(id, to: .readable)
      }
    }
  }

  private mutating func check(_ client: ClientStream, at now: Instant) {
    if let peer = client.peer { return check(client, peer, at: now) }
    guard let last = client.lastMessage else { return end(client, .noMessage) }
    if let since = client.stalledSince, since.advanced(by: limits.stalled) <= now {
      return end(client, .stalled)
    }
    let idleUntil = last.advanced(by: limits.idle)
    let hasAllocation = turn.hasAllocation(on: client.tuple)
    if !hasAllocation, idleUntil <= now { return end(client, .idle) }
    let next = hasAllocation ? now.advanced(by: limits.idle) : idleUntil
    let stall = client.stalledSince?.advanced(by: limits.stalled)
    streamTimers.set(client.id, at: stall.map { min($0, next) } ?? next)
  }
}
