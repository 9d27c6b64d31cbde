import SansIO
import Testing

@testable import Signaling

/// A member of a room, with the server and with others that take themselves for one.
@Suite struct SignalingClientTests {
  /// A client, and what it has said.
  struct Side {
    var client: SignalingClient
    var generator: SeededGenerator
    var sent: [UInt8] = []
    var events: [SignalingClient.Event] = []

    init(seed: UInt64) {
      generator = SeededGenerator(seed: seed)
      client = SignalingClient(host: "signal.example:8080", room: "room", using: &generator)
      client.connected()
      act()
    }

    mutating func act() {
      while let action = client.nextAction() {
        switch action {
        case .send(let bytes): sent += bytes
        case .report(let event): events.append(event)
        }
      }
    }

    mutating func receive(_ bytes: [UInt8]) {
      client.received(bytes, using: &generator)
      act()
    }

    mutating func say(_ text: String) {
      client.say(text, using: &generator)
      act()
    }

    mutating func leave() {
      client.leave(using: &generator)
      act()
    }

    mutating func take() -> [UInt8] {
      defer { sent = [] }
      return sent
    }
  }

  /// Carries bytes between the server and its clients until nothing is left to carry.
  private func exchange(_ server: inout SignalingServer, _ sides: inout [Side]) {
    var isBusy = true
    while isBusy {
      isBusy = false
      for id in sides.indices {
        let bytes = sides[id].take()
        if !bytes.isEmpty { server.received(bytes, from: id, at: .zero) }
      }
      while let action = server.nextAction() {
        isBusy = true
        switch action {
        case .send(let bytes, let id): sides[id].receive(bytes)
        case .close(let id): sides[id].client.disconnected("closed")
        case .report: break
        }
      }
      for id in sides.indices { sides[id].act() }
    }
  }

  @Test("Two sides speak through the server, also what they said before they were there")
  func conversation() {
    var server = SignalingServer()
    var sides = [Side(seed: 1), Side(seed: 2)]
    for id in 0...1 { server.connected(id, at: .zero) }
    sides[0].say("first")
    exchange(&server, &sides)
    sides[1].say("second, with ümlauts")
    exchange(&server, &sides)
    #expect(sides[0].events == [.opened, .message("second, with ümlauts")])
    #expect(sides[1].events == [.opened, .message("first")])
    sides[0].leave()
    exchange(&server, &sides)
    #expect(sides[1].events.last == .closed("the other side has left"))
    #expect(server.clientCount == 0)
  }

  @Test("Who is the third is told that the room is full")
  func full() {
    var server = SignalingServer()
    var sides = (0...2).map { Side(seed: $0) }
    for id in 0...2 { server.connected(id, at: .zero) }
    exchange(&server, &sides)
    #expect(sides[2].events == [.closed("the room has two members already")])
  }

  @Test(
    "A server that is none is found out",
    arguments: [
      "HTTP/1.1 200 OK\r\n\r\n", "SSH-2.0-Server\r\n\r\n",
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n",
      String(repeating: "x", count: 9000),
    ])
  func noServer(response: String) {
    var side = Side(seed: 1)
    side.receive(Array(response.utf8))
    #expect(side.events.count == 1)
    guard case .closed = side.events.first else {
      Issue.record("\(side.events)")
      return
    }
  }

  @Test("A server whose frames are wrong is left")
  func wrongFrames() throws {
    var server = SignalingServer()
    var sides = [Side(seed: 1)]
    server.connected(0, at: .zero)
    exchange(&server, &sides)
    // Masked, which a server's frames are not.
    sides[0].receive(WebSocketFrame(.text, [65]).bytes(maskedBy: 1))
    #expect(sides[0].events == [.opened, .closed("what the server sends cannot be read")])
  }
}
