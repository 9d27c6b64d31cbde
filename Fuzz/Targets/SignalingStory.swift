internal import SansIO
internal import Signaling

/// What happens to a signaling server whose clients do whatever they like: requests and frames, sound and
/// wrong, noise, ends, silence.
struct SignalingStory {
  private static let ids = 0..<4

  private var reader: FuzzReader
  private var server = SignalingServer()
  private var now = Instant.zero
  /// The clients that are connected, with their rooms once they have joined one.
  private var rooms: [Int: String?] = [:]

  init(_ reader: FuzzReader) {
    self.reader = reader
  }

  var isOver: Bool { reader.isAtEnd }

  mutating func step() {
    let choice = reader.byte()
    let id = Int(choice & 3)
    switch choice >> 2 {
    case 0..<10:
      guard rooms[id] == nil else { break }
      rooms[id] = .some(nil)
      server.connected(id, at: now)
    case 10..<22: receive(request(), from: id)
    case 22..<42: receive(frame(), from: id)
    case 42..<52: receive(reader.bytes(Int(reader.byte())), from: id)
    case 52..<56:
      server.disconnected(id)
      rooms[id] = nil
    default: now = now.advanced(by: .seconds(reader.one(of: [0, 1, 9, 10, 300, 600])))
    }
    if let due = server.nextDeadline, due <= now { server.timerFired(at: now) }
    demand(server.nextDeadline.map { $0 > now } ?? true, "a deadline that stays")
    takeActions(of: id)
    demand(server.clientCount == rooms.count, "clients that are forgotten, or not")
    demand(
      server.roomCount == Set(rooms.values.compactMap(\.self)).count, "rooms without members")
  }

  private mutating func receive(_ bytes: [UInt8], from id: Int) {
    server.received(bytes, from: id, at: now)
  }

  private mutating func request() -> [UInt8] {
    let room = reader.one(of: ["a", "b", "", "a/b"])
    let version = reader.byte() & 15 == 0 ? 12 : 13
    let text = """
      GET /\(room) HTTP/1.1\r
      Host: x\r
      Upgrade: websocket\r
      Connection: Upgrade\r
      Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
      Sec-WebSocket-Version: \(version)\r
      \r\n
      """
    return Array(text.utf8)
  }

  /// A masked frame with any opcode, of a length that is true or not.
  private mutating func frame() -> [UInt8] {
    let first = reader.byte()
    let payload = reader.bytes(Int(reader.byte() & 63))
    let claimed = first & 0x70 == 0 ? payload.count : Int(reader.byte() & 127)
    let opcode = first & 0x0F < 8 ? first & 0x81 : first & 0x8F
    return [opcode, 0x80 | UInt8(claimed), 0, 0, 0, 0] + payload
  }

  private mutating func takeActions(of actor: Int) {
    var count = 0
    while let action = server.nextAction() {
      count += 1
      demand(count < 1000, "one event causes a thousand actions")
      switch action {
      case .send(_, let id): demand(rooms[id] != nil, "bytes to \(id), which is not there")
      case .close(let id): rooms[id] = nil
      case .report(.joined(let id, let room, let memberCount)):
        demand(rooms[id] == .some(nil), "\(id) joins a second room")
        rooms[id] = room
        demand(
          memberCount <= 2 && memberCount == rooms.values.count { $0 == room },
          "\(memberCount) members")
      case .report: break
      }
    }
  }

  /// All go, and nothing is left.
  mutating func end() {
    for id in Self.ids { server.disconnected(id) }
    demand(server.clientCount == 0 && server.roomCount == 0, "something is left")
  }
}

/// A story of a signaling server; what must hold is looked at after each step.
func converse(_ input: [UInt8]) {
  var story = SignalingStory(FuzzReader(input))
  while !story.isOver { story.step() }
  story.end()
}
