import SansIO

/// A member of a signaling server's room, without input or output.
///
/// ```
///   connecting ──connected──▶ handshaking ──101──▶ open ──▶ closed
///        └──────────────────────┴──── refused ───────────────▲
/// ```
/// What is said before it is open waits.
public struct SignalingClient: Sendable {
  /// What is to be done now, or has happened.
  public enum Action: Hashable, Sendable {
    /// Send these bytes.
    case send([UInt8])
    /// The user is to know this.
    case report(Event)
  }

  /// What has happened.
  public enum Event: Hashable, Sendable {
    /// The server has taken this side into the room.
    case opened
    /// The other member has said this.
    case message(String)
    /// The connection is to be closed, for a reason in words.
    case closed(String)
  }

  private enum State {
    /// Can transition to `handshaking` and `closed`.
    case connecting
    /// The response is not there whole. Can transition to `open` and `closed`.
    case handshaking(HTTPHeadReader)
    /// Can transition to `closed`.
    case open(WebSocketReader)
    /// Final.
    case closed
  }

  private static let messageLimit = 65_536

  private let host: String
  private let room: String
  private let key: String
  private var state = State.connecting
  private var early: [String] = []
  private var actions = ActionQueue<Action>()

  /// A member of a room at a server.
  ///
  /// - Parameters:
  ///   - host: the server's name or address, with its port, as HTTP has it.
  ///   - room: as ``SignalingRoom/isName(_:)`` takes it.
  public init(host: String, room: String, using generator: inout some RandomNumberGenerator) {
    (self.host, self.room) = (host, room)
    key = WebSocketHandshake.base64(
      (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
  }

  /// The next thing to do; nil when there is none until something happens.
  public mutating func nextAction() -> Action? { actions.next() }

  /// The connection is there.
  public mutating func connected() {
    guard case .connecting = state else { return }
    state = .handshaking(HTTPHeadReader())
    actions.append(.send(WebSocketHandshake.request(host: host, room: room, key: key)))
  }

  /// Bytes have come.
  public mutating func received(
    _ bytes: [UInt8], using generator: inout some RandomNumberGenerator
  ) {
    switch state {
    case .handshaking(var reader):
      let progress = reader.received(bytes)
      state = .handshaking(reader)
      handshake(progress, using: &generator)
    case .open(var reader):
      reader.received(bytes)
      read(reader, using: &generator)
    case .connecting, .closed: break
    }
  }

  /// The connection is over, for a reason in words.
  public mutating func disconnected(_ reason: String) { close(reason) }

  /// Says something to the other member.
  public mutating func say(_ text: String, using generator: inout some RandomNumberGenerator) {
    switch state {
    case .connecting, .handshaking: early.append(text)
    case .open: send(WebSocketFrame(.text, Array(text.utf8)), using: &generator)
    case .closed: break
    }
  }

  /// Leaves the room.
  public mutating func leave(using generator: inout some RandomNumberGenerator) {
    if case .open = state {
      send(WebSocketFrame(.close, WebSocketClose.normal.payload), using: &generator)
    }
    state = .closed
  }

  // MARK: - Inside

  private mutating func send(
    _ frame: WebSocketFrame, using generator: inout some RandomNumberGenerator
  ) {
    actions.append(.send(frame.bytes(maskedBy: generator.next())))
  }

  private mutating func close(_ reason: String) {
    if case .closed = state { return }
    state = .closed
    actions.append(.report(.closed(reason)))
  }

  private mutating func handshake(
    _ progress: HTTPHeadReader.Progress, using generator: inout some RandomNumberGenerator
  ) {
    if case .waiting = progress { return }
    guard case .head(let head, let rest) = progress, head.start.hasPrefix("HTTP/1.1 ") else {
      return close("no answer of a WebSocket server")
    }
    guard head.start.hasPrefix("HTTP/1.1 101") else {
      return close(
        head.start.hasPrefix("HTTP/1.1 409")
          ? "the room has two members already" : "refused: \(head.start.dropFirst(9).prefix(40))")
    }
    guard head["sec-websocket-accept"] == WebSocketHandshake.accept(key),
      head.has("websocket", in: "upgrade"), head.has("upgrade", in: "connection")
    else { return close("no answer of a WebSocket server") }
    actions.append(.report(.opened))
    var reader = WebSocketReader(limit: Self.messageLimit, takesMasked: false)
    reader.received(rest)
    let texts = early
    early = []
    for text in texts { send(WebSocketFrame(.text, Array(text.utf8)), using: &generator) }
    read(reader, using: &generator)
  }

  private mutating func read(
    _ reader: WebSocketReader, using generator: inout some RandomNumberGenerator
  ) {
    var reader = reader
    do throws(WebSocketClose) {
      while let event = try reader.next() {
        switch event {
        case .message(let text): actions.append(.report(.message(text)))
        case .ping(let payload): send(WebSocketFrame(.pong, payload), using: &generator)
        case .pong: break
        case .close(let code):
          send(WebSocketFrame(.close, WebSocketClose.normal.payload), using: &generator)
          return close(Self.text(code))
        }
      }
      state = .open(reader)
    } catch {
      send(WebSocketFrame(.close, error.payload), using: &generator)
      close("what the server sends cannot be read")
    }
  }

  private static func text(_ code: UInt16?) -> String {
    switch code.flatMap(WebSocketClose.init(rawValue:)) {
    case .normal, .goingAway: "the other side has left"
    case .policy, .tooLong: "the server allows no more"
    default: "the server has ended it"
    }
  }
}
