public import SansIO

/// A signaling server without input or output: what one member of a room says, the other hears.
///
/// ```
///   connected ──▶ handshaking ──request, in time──▶ member ──▶ over
///                      └── refused: bad, full, late ──────────▲
/// ```
/// A room is there as long as a member of it, and takes two. What the first says before the second has
/// come waits, up to a limit; when one leaves, the other is sent away, and nothing is kept. The server
/// does not read what is said.
public struct SignalingServer: Sendable {
  /// A connection, as its driver names it.
  public typealias ClientID = Int

  /// What is to be done now, or has happened.
  public enum Action: Hashable, Sendable {
    /// Send these bytes.
    case send([UInt8], to: ClientID)
    /// End the connection once all is sent.
    case close(ClientID)
    /// The owner may want to know this.
    case report(Event)
  }

  /// What has happened.
  public enum Event: Hashable, Sendable {
    /// A client is in a room, as the first or the second of its members.
    case joined(ClientID, room: String, memberCount: Int)
    /// A client has been refused, or sent away, for a reason in words.
    case refused(ClientID, String)
    /// A room is no more.
    case ended(room: String)
  }

  private struct Member {
    let room: String
    var reader: WebSocketReader
    var byteCount = 0
  }

  private enum Client {
    /// The request is not there whole. Can transition to `member`.
    case handshaking(HTTPHeadReader)
    /// Final, but for its end.
    case member(Member)
  }

  private struct Room {
    var members: [ClientID]
    /// What the first has said before there was a second.
    var waiting: [[UInt8]] = []
    var waitingByteCount = 0
  }

  private let limits: SignalingLimits
  private var clients: [ClientID: Client] = [:]
  private var rooms: [String: Room] = [:]
  private var timers = DeadlineQueue<ClientID>()
  private var actions = ActionQueue<Action>()

  /// A server without clients.
  public init(_ limits: SignalingLimits = .init()) {
    self.limits = limits
  }

  /// How many rooms there are.
  public var roomCount: Int { rooms.count }

  /// How many connections there are.
  public var clientCount: Int { clients.count }

  /// When `timerFired` is to be called.
  public var nextDeadline: Instant? { timers.nextDeadline }

  /// The next thing to do; nil when there is none until something happens.
  public mutating func nextAction() -> Action? { actions.next() }

  // MARK: - Events

  /// A client has connected.
  public mutating func connected(_ id: ClientID, at now: Instant) {
    clients[id] = .handshaking(HTTPHeadReader())
    timers.set(id, at: now.advanced(by: limits.handshake))
  }

  /// Bytes have come from a client.
  public mutating func received(_ bytes: [UInt8], from id: ClientID, at now: Instant) {
    switch clients[id] {
    // Taken out, so that their buffers are not copied.
    case .handshaking(var reader):
      clients[id] = nil
      let progress = reader.received(bytes)
      clients[id] = .handshaking(reader)
      handshake(progress, of: id, at: now)
    case .member(var member):
      clients[id] = nil
      member.reader.received(bytes)
      member.byteCount += bytes.count
      let isTooMuch = member.byteCount > limits.memberByteCount
      clients[id] = .member(member)
      if isTooMuch { return sendAway(id, "too much was said", saying: .policy) }
      read(id, at: now)
    case nil: break
    }
  }

  /// A client's connection is over.
  public mutating func disconnected(_ id: ClientID) {
    guard let client = clients.removeValue(forKey: id) else { return }
    timers.cancel(id)
    guard case .member(let member) = client else { return }
    end(member.room, except: id)
  }

  /// The deadline has come.
  public mutating func timerFired(at now: Instant) {
    while let (id, _) = timers.popDue(at: now) {
      switch clients[id] {
      case .handshaking: sendAway(id, "no request has come in time", saying: nil)
      case .member: sendAway(id, "silent for too long", saying: .goingAway)
      case nil: break
      }
    }
  }

  // MARK: - Inside

  private mutating func handshake(
    _ progress: HTTPHeadReader.Progress, of id: ClientID, at now: Instant
  ) {
    do throws(WebSocketHandshake.Refusal) {
      switch progress {
      case .waiting: return
      case .tooLong: throw .tooLarge
      case .wrong: throw .badRequest
      case .head(let head, let rest):
        let request = try WebSocketHandshake.request(head)
        guard rooms[request.room]?.members.count ?? 0 < 2 else { throw .conflict }
        actions.append(.send(WebSocketHandshake.acceptance(of: request.key), to: id))
        join(id, request.room)
        timers.set(id, at: now.advanced(by: limits.silence))
        // What has come with the request, before it was answered.
        if !rest.isEmpty { received(rest, from: id, at: now) }
      }
    } catch {
      actions.append(.send(error.response, to: id))
      sendAway(id, "\(error)", saying: nil)
    }
  }

  private mutating func join(_ id: ClientID, _ name: String) {
    let reader = WebSocketReader(limit: limits.messageByteCount, takesMasked: true)
    clients[id] = .member(Member(room: name, reader: reader))
    var room = rooms[name] ?? Room(members: [])
    room.members.append(id)
    for frame in room.waiting { actions.append(.send(frame, to: id)) }
    (room.waiting, room.waitingByteCount) = ([], 0)
    rooms[name] = room
    actions.append(.report(.joined(id, room: name, memberCount: room.members.count)))
  }

  /// Takes what a member's frames say.
  private mutating func read(_ id: ClientID, at now: Instant) {
    while case .member(var member) = clients[id] {
      clients[id] = nil
      let result = Result<WebSocketReader.Event?, WebSocketClose> { () throws(WebSocketClose) in
        try member.reader.next()
      }
      clients[id] = .member(member)
      switch result {
      case .success(nil): return
      case .success(.message(let text)): hear(text, from: id, member, at: now)
      case .success(.ping(let payload)):
        actions.append(.send(WebSocketFrame(.pong, payload).bytes(), to: id))
      case .success(.pong): break
      case .success(.close):
        actions.append(.send(WebSocketFrame(.close, WebSocketClose.normal.payload).bytes(), to: id))
        leave(id)
      case .failure(let close): sendAway(id, "\(close)", saying: close)
      }
    }
  }

  private mutating func hear(
    _ text: String, from id: ClientID, _ member: Member, at now: Instant
  ) {
    guard var room = rooms[member.room] else { return }
    timers.set(id, at: now.advanced(by: limits.silence))
    let frame = WebSocketFrame(.text, Array(text.utf8)).bytes()
    if let other = room.members.first(where: { $0 != id }) {
      actions.append(.send(frame, to: other))
      return
    }
    guard room.waitingByteCount + frame.count <= limits.waitingByteCount else {
      return sendAway(id, "too much was said to nobody", saying: .policy)
    }
    room.waiting.append(frame)
    room.waitingByteCount += frame.count
    rooms[member.room] = room
  }

  /// Ends a client's connection, and its room.
  private mutating func sendAway(_ id: ClientID, _ reason: String, saying close: WebSocketClose?) {
    if let close {
      actions.append(.send(WebSocketFrame(.close, close.payload).bytes(), to: id))
    }
    actions.append(.report(.refused(id, reason)))
    leave(id)
  }

  private mutating func leave(_ id: ClientID) {
    actions.append(.close(id))
    disconnected(id)
  }

  private mutating func end(_ name: String, except gone: ClientID) {
    guard let room = rooms.removeValue(forKey: name) else { return }
    actions.append(.report(.ended(room: name)))
    for id in room.members where id != gone {
      guard clients.removeValue(forKey: id) != nil else { continue }
      timers.cancel(id)
      actions.append(
        .send(WebSocketFrame(.close, WebSocketClose.goingAway.payload).bytes(), to: id))
      actions.append(.close(id))
    }
  }
}
