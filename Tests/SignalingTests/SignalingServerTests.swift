import SansIO
import Testing

@testable import Signaling

/// The rooms of a signaling server, and their limits.
@Suite struct SignalingServerTests {
  /// A server and what it has sent to whom.
  struct House {
    var server = SignalingServer()
    var now = Instant.zero
    var sent: [Int: [UInt8]] = [:]
    var closed: Set<Int> = []
    var events: [SignalingServer.Event] = []

    mutating func connect(_ id: Int) {
      server.connected(id, at: now)
      act()
    }

    mutating func receive(_ bytes: [UInt8], from id: Int) {
      server.received(bytes, from: id, at: now)
      act()
    }

    mutating func receive(_ text: String, from id: Int) { receive(Array(text.utf8), from: id) }

    /// A client asks for a room.
    mutating func enter(_ id: Int, _ room: String) {
      connect(id)
      receive(SignalingServerTests.request(room), from: id)
    }

    mutating func say(_ text: String, _ id: Int) {
      receive(WebSocketFrame(.text, Array(text.utf8)).bytes(maskedBy: 0x1234_5678), from: id)
    }

    mutating func leave(_ id: Int) {
      server.disconnected(id)
      act()
    }

    mutating func pass(_ duration: Duration) {
      now = now.advanced(by: duration)
      server.timerFired(at: now)
      act()
    }

    private mutating func act() {
      while let action = server.nextAction() {
        switch action {
        case .send(let bytes, let id):
          #expect(!closed.contains(id), "\(id) is told something after its end")
          sent[id, default: []] += bytes
        case .close(let id): closed.insert(id)
        case .report(let event): events.append(event)
        }
      }
    }

    /// The first line of what a client was told, and the messages that followed.
    func heard(_ id: Int) -> (status: String, events: [WebSocketReader.Event]) {
      let bytes = sent[id] ?? []
      var head = HTTPHeadReader()
      guard case .head(let response, let rest) = head.received(bytes) else { return ("", []) }
      var reader = WebSocketReader(limit: 1 << 20, takesMasked: false)
      reader.received(rest)
      var events: [WebSocketReader.Event] = []
      while let event = try? reader.next() { events.append(event) }
      return (response.start, events)
    }
  }

  static func request(
    _ room: String, method: String = "GET", without field: String = "", version: String = "13"
  ) -> String {
    let fields = [
      "Host: signal.example:8080", "Upgrade: websocket", "Connection: keep-alive, Upgrade",
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: \(version)",
    ].filter { field.isEmpty || !$0.hasPrefix(field) }
    return (["\(method) /\(room) HTTP/1.1"] + fields + ["", ""]).joined(separator: "\r\n")
  }

  @Test("Two members of a room hear each other, and nobody else")
  func conversation() {
    var house = House()
    for (id, room) in [(1, "one"), (2, "two"), (3, "one")] { house.enter(id, room) }
    house.say("from 1", 1)
    house.say("from 3", 3)
    #expect(house.heard(1).events == [.message("from 3")])
    #expect(house.heard(3).events == [.message("from 1")])
    #expect(house.heard(2).events == [])
    #expect(house.events.contains(.joined(3, room: "one", memberCount: 2)))
  }

  @Test("What the first member says before there is a second waits for it, in order")
  func waiting() {
    var house = House()
    house.enter(1, "room")
    for word in ["a", "b", "c"] { house.say(word, 1) }
    house.enter(2, "room")
    #expect(house.heard(2).events == ["a", "b", "c"].map { .message($0) })
  }

  @Test("A third is refused with 409, and the two do not notice")
  func third() {
    var house = House()
    for id in 1...3 { house.enter(id, "room") }
    #expect(house.heard(3).status == "HTTP/1.1 409 Conflict")
    #expect(house.closed == [3])
    house.say("still here", 1)
    #expect(house.heard(2).events == [.message("still here")])
  }

  @Test("When one leaves, the other is sent away, and the name is free with nothing kept")
  func ending() {
    var house = House()
    for id in 1...2 { house.enter(id, "room") }
    house.say("a secret", 1)
    house.leave(1)
    #expect(house.heard(2).events.last == .close(1001))
    #expect(house.closed == [2])
    #expect(house.server.roomCount == 0 && house.server.clientCount == 0)
    house.enter(3, "room")
    #expect(house.heard(3).events == [])
    #expect(house.events.last == .joined(3, room: "room", memberCount: 1))
  }

  @Test("What waited for a second is gone with the first")
  func nothingKept() {
    var house = House()
    house.enter(1, "room")
    house.say("a secret", 1)
    house.leave(1)
    house.enter(2, "room")
    #expect(house.heard(2).events == [])
  }

  @Test("A member that says Close is answered, and has left")
  func farewell() {
    var house = House()
    for id in 1...2 { house.enter(id, "room") }
    house.receive(WebSocketFrame(.close).bytes(maskedBy: 1), from: 1)
    #expect(house.heard(1).events == [.close(1000)])
    #expect(house.closed == [1, 2])
  }

  @Test("A Ping is answered with its own payload")
  func ping() {
    var house = House()
    house.enter(1, "room")
    house.receive(WebSocketFrame(.ping, [1, 2, 3]).bytes(maskedBy: 7), from: 1)
    #expect(house.sent[1]?.suffix(5) == [0x8A, 3, 1, 2, 3])
  }

  @Test("A request that comes byte by byte, with a message behind it, is understood")
  func slowRequest() {
    var house = House()
    house.connect(1)
    let message = WebSocketFrame(.text, Array("early".utf8)).bytes(maskedBy: 9)
    for byte in Array(Self.request("room").utf8) + message { house.receive([byte], from: 1) }
    house.enter(2, "room")
    #expect(house.heard(2).events == [.message("early")])
  }

  // MARK: Hostile clients

  @Test(
    "A request that is none is refused with its status",
    arguments: [
      ("\r\n\r\n", "400 Bad Request"), ("GET / HTTP/1.0\r\n\r\n", "400 Bad Request"),
      (request(""), "404 Not Found"), (request("a/b"), "404 Not Found"),
      (request(String(repeating: "x", count: 65)), "404 Not Found"),
      (request("room", method: "POST"), "405 Method Not Allowed"),
      (request("room", without: "Host"), "400 Bad Request"),
      (request("room", without: "Sec-WebSocket-Key"), "400 Bad Request"),
      (request("room", without: "Upgrade"), "426 Upgrade Required"),
      (request("room", version: "12"), "426 Upgrade Required"),
      (String(repeating: "x", count: 8193), "431 Request Header Fields Too Large"),
      (
        "GET /room HTTP/1.1\r\nX: " + String(repeating: "x", count: 8192) + "\r\n\r\n",
        "431 Request Header Fields Too Large"
      ),
    ])
  func refusal(request: String, status: String) {
    var house = House()
    house.connect(1)
    house.receive(request, from: 1)
    #expect(house.heard(1).status == "HTTP/1.1 " + status)
    #expect(house.closed == [1] && house.server.clientCount == 0)
  }

  @Test("Who asks for nothing within ten seconds is sent away")
  func silentRequest() {
    var house = House()
    house.connect(1)
    house.receive("GET /ro", from: 1)
    house.pass(.milliseconds(9999))
    #expect(house.closed == [])
    house.pass(.milliseconds(1))
    #expect(house.closed == [1] && house.server.clientCount == 0)
  }

  @Test("A member that says nothing for ten minutes is sent away, and its room is over")
  func silentMember() {
    var house = House()
    house.enter(1, "room")
    house.pass(.seconds(599))
    house.say("hello", 1)
    house.pass(.seconds(599))
    #expect(house.closed == [])
    house.pass(.seconds(1))
    #expect(house.heard(1).events == [.close(1001)])
    #expect(house.closed == [1] && house.server.roomCount == 0)
  }

  @Test("A frame that is too long is refused by its length alone, before its payload is there")
  func oversized() {
    var house = House()
    for id in 1...2 { house.enter(id, "room") }
    house.receive([0x81, 0xFF, 0, 0, 0, 1, 0, 0, 0, 0], from: 1)
    #expect(house.heard(1).events == [.close(1009)])
    #expect(house.closed == [1, 2])
  }

  @Test("A member that says more than a session of ICE needs is sent away, be it Pings alone")
  func tooMuch() {
    for frame in [
      WebSocketFrame(.text, [UInt8](repeating: 0x20, count: 16_000)),
      WebSocketFrame(.ping, [UInt8](repeating: 0, count: 125)),
    ] {
      var house = House()
      for id in 1...2 { house.enter(id, "room") }
      let bytes = frame.bytes(maskedBy: 3)
      for _ in 0...(1 << 18) / bytes.count { house.receive(bytes, from: 1) }
      #expect(house.heard(1).events.last == .close(1008))
      #expect(house.closed == [1, 2])
    }
  }

  @Test("What waits for a second member has a limit")
  func waitingLimit() {
    var house = House()
    house.enter(1, "room")
    let text = String(repeating: "x", count: 16_000)
    for _ in 0..<4 { house.say(text, 1) }
    #expect(house.closed == [])
    house.say(text, 1)
    #expect(house.closed == [1] && house.server.roomCount == 0)
  }

  @Test("Noise of any kind ends in a refusal or in nothing, and nothing is left of it")
  func noise() {
    var generator = SeededGenerator(seed: 6455)
    for _ in 0..<300 {
      var house = House()
      house.enter(1, "room")
      house.enter(2, "room")
      for _ in 0..<8 {
        let count = Int.random(in: 0...200, using: &generator)
        var bytes = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        // So that what follows the first bytes is reached, too.
        if count > 1, Bool.random(using: &generator) {
          (bytes[0], bytes[1]) = (0x81, bytes[1] | 0x80)
        }
        house.receive(bytes, from: 1)
      }
      house.leave(1)
      #expect(house.server.clientCount == 0 && house.server.roomCount == 0)
    }
  }
}
