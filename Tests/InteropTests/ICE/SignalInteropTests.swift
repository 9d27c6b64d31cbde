import FoundationEssentials
import TestSupport
import Testing

/// `workbook connect` by the signaling of `serve`: candidates get across as they are found.
@Suite(.serialized, .waitsForChildren, .timeLimit(.minutes(5))) struct SignalInteropTests {
  private static let room = "--signal ws://203.0.113.9:8080/room"

  /// Starts `connect` in the room, with these words on its standard input.
  private func connect(
    _ street: ConnectStreet, _ network: TestNetwork, _ name: String, _ arguments: String,
    saying words: String
  ) throws -> BackgroundProgram {
    try street.connect(network, name, arguments, by: Self.room, saying: words)
  }

  /// A server or a member that the test has written itself, in Python.
  private func play(
    _ street: ConnectStreet, _ network: TestNetwork, _ script: String
  ) throws -> BackgroundProgram {
    try Data(script.utf8).write(to: URL(filePath: street.folder.path + "/peer.py"))
    return try network.start(
      "cd \(street.folder.path) && exec python3 peer.py >peer.out 2>&1")
  }

  private func events(_ street: ConnectStreet, _ name: String) throws -> [JSONValue] {
    let lines = try street.text(name).split(separator: "\n").map { try JSONValue($0) }
    let schema = try JSONSchema.documented()
    for line in lines { #expect(schema.problems(of: line, in: "connect") == []) }
    return lines
  }

  @Test(
    "Two sides behind the kernel's NATs find each other by a room, and both hear each other",
    .needsNetworks("nft"), arguments: [("offer", "answer"), ("offer", "offer")])
  func behindNATs(first: String, second: String) throws {
    let street = try ConnectStreet(.kernel("masquerade"), .kernel("masquerade"))
    try street.start(.serve, withSignaling: true)
    let stun = ConnectInteropTests.stun
    let sides = [
      try connect(street, street.alice, "alice", "\(first) --json \(stun)", saying: "from alice"),
      try connect(street, street.bob, "bob", "\(second) \(stun)", saying: "from bob"),
    ]
    for side in sides { #expect(side.wait() == 0, "\(street.log)") }
    #expect(street.text("bob.out") == "from alice\n", "\(street.log)")
    let lines = try events(street, "alice.out")
    let names = lines.compactMap { $0["event"] }
    for event in ["joined", "peer", "signaled", "selected", "data"] {
      #expect(names.contains(.string(event)), "\(event)\n\(street.log)")
    }
    #expect(lines.contains { $0["text"] == .string("from bob\n") }, "\(street.log)")
    // The room is over, and the server says so.
    try waitFor("the end of the room") { street.text("relay").contains("over room room") }
    #expect(street.text("relay").contains("joined room room from 198.51.100.2"), "\(street.log)")
  }

  @Test(
    "They connect while one still waits for a server that does not answer: candidates are trickled",
    .needsNetworks())
  func trickled() throws {
    let street = try ConnectStreet()
    try street.start(.serve, withSignaling: true)
    try street.street.run("ip route add blackhole 203.0.113.99")
    let alice = try street.open(
      street.alice, "alice", "offer --json --stun stun:203.0.113.99 \(Self.room)")
    let bob = try street.open(street.bob, "bob", "answer \(Self.room)")
    try waitFor("the dead server's end", seconds: 30) {
      street.text("alice.out").contains(#""event":"server""#)
    }
    let names = try events(street, "alice.out").compactMap { $0["event"] }
    let selected = names.firstIndex(of: .string("selected"))
    let failed = try #require(names.firstIndex(of: .string("server")))
    #expect(selected.map { $0 < failed } == true, "\(street.log)")
    alice.stop()
    bob.stop()
  }

  @Test("A tone gets through by the same way", .needsNetworks())
  func call() throws {
    let street = try ConnectStreet()
    try street.start(.serve, withSignaling: true)
    let sides = try [(street.alice, "alice", "offer"), (street.bob, "bob", "answer")].map {
      network, name, side in
      try network.start(
        """
        cd \(street.folder.path)
        exec \(Program.executable) call \(side) --seconds 1 \(Self.room) >\(name).out 2>\(name).err
        """)
    }
    for side in sides { #expect(side.wait() == 0, "\(street.log)") }
    #expect(street.text("alice.out").contains("heard 660"), "\(street.log)")
  }

  @Test(
    "Where the first of a name's addresses does not answer, the next is asked", .needsNetworks())
  func secondAddress() throws {
    let street = try ConnectStreet()
    try street.start(.serve, withSignaling: true)
    try street.street.run("ip route add blackhole 203.0.113.99")
    try Data("203.0.113.99 signal.example\n203.0.113.9 signal.example\n".utf8)
      .write(to: URL(filePath: street.folder.path + "/hosts"))
    // A program in a network namespace has mounts of its own.
    let alice = try street.alice.start(
      """
      cd \(street.folder.path)
      mount --bind hosts /etc/hosts
      exec \(Program.executable) connect offer --signal ws://signal.example:8080/room \
        </dev/null >alice.out 2>alice.err
      """)
    try waitFor("the room", seconds: 30) { street.text("relay").contains("joined room room") }
    alice.stop()
  }

  // MARK: Hostile peers

  @Test("A third side is refused with 69, and the two stay in their room", .needsNetworks("nft"))
  func third() throws {
    let street = try ConnectStreet()
    try street.start(.serve, withSignaling: true)
    // Neither leaves the room before there is a way, and there is none.
    try street.drop("meta l4proto udp ip saddr 198.51.100.2")
    let alice = try street.open(street.alice, "alice", "offer \(Self.room)")
    let bob = try street.open(street.bob, "bob", "answer \(Self.room)")
    try waitFor("both sides", seconds: 20) {
      ["alice.err", "bob.err"].allSatisfy { street.text($0).contains("looking for a way") }
    }
    let mallory = try connect(street, street.bob, "mallory", "offer", saying: "let me in")
    #expect(mallory.wait() == 69, "\(street.log)")
    #expect(
      street.text("mallory.err").contains("signaling: the room has two members already"),
      "\(street.text("mallory.err"))")
    #expect(!street.text("relay").contains("over room"), "\(street.log)")
    for side in [alice, bob] { side.stop() }
  }

  @Test(
    "Where nobody serves, or something else does, it says so and ends with 69", .needsNetworks())
  func noServer() throws {
    let street = try ConnectStreet()
    let refused = try connect(street, street.alice, "alice", "offer", saying: "hello")
    #expect(refused.wait() == 69, "\(street.log)")
    #expect(street.text("alice.err").contains("signaling: cannot connect to 203.0.113.9:8080"))
    let server = try play(
      street, street.street,
      """
      import socket
      with socket.create_server(("203.0.113.9", 8080)) as server:
          print("ready", flush=True)
          connection, _ = server.accept()
          connection.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n")
          connection.recv(1 << 16)
      """)
    try waitFor("the other server") { street.text("peer.out").contains("ready") }
    let other = try connect(street, street.alice, "alice", "offer", saying: "hello")
    #expect(other.wait() == 69, "\(street.log)")
    #expect(street.text("alice.err").contains("signaling: refused: 200 OK"), "\(street.log)")
    server.stop()
  }

  @Test("A server that takes the connection and says nothing is given up with 69", .needsNetworks())
  func silentServer() throws {
    let street = try ConnectStreet()
    let server = try play(
      street, street.street,
      """
      import socket, time
      with socket.create_server(("203.0.113.9", 8080)) as server:
          print("ready", flush=True)
          time.sleep(60)
      """)
    try waitFor("the silent server") { street.text("peer.out").contains("ready") }
    let side = try connect(street, street.alice, "alice", "offer", saying: "hello")
    #expect(side.wait() == 69, "\(street.log)")
    #expect(street.text("alice.err").contains("signaling: the server does not answer"))
    server.stop()
  }

  /// What a hostile member sends, as Python's bytes, and how `connect` ends then.
  static let rudeness: [(name: String, bytes: String, exitCode: Int32)] = [
    ("words that are no description", "frame(0x81, b'rubbish')", 65),
    ("a description that is cut off", "frame(0x81, b'a=ice-ufrag:abcd\\r\\n')", 65),
    ("a frame that is too long", "b'\\x81\\xff' + (1 << 40).to_bytes(8, 'big')", 69),
    ("bytes that are no frame", "bytes(range(255, 0, -1))", 69),
    ("the end", "b''", 69),
  ]

  @Test(
    "Whatever the other member sends, it ends with one line and the right code",
    .needsNetworks(), arguments: rudeness)
  func rudeMember(name: String, bytes: String, exitCode: Int32) throws {
    let street = try ConnectStreet()
    try street.start(.serve, withSignaling: true)
    let side = try street.open(street.alice, "alice", "answer \(Self.room)")
    try waitFor("the first member", seconds: 20) {
      street.text("alice.err").contains("in the room")
    }
    let rude = try play(
      street, street.bob,
      """
      import socket, time
      def frame(first, payload):
          mask = b"\\x01\\x02\\x03\\x04"
          masked = bytes(byte ^ mask[i & 3] for i, byte in enumerate(payload))
          return bytes([first, 0x80 | len(payload)]) + mask + masked
      connection = socket.create_connection(("203.0.113.9", 8080))
      connection.sendall(
          b"GET /room HTTP/1.1\\r\\nHost: x\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\n"
          b"Sec-WebSocket-Version: 13\\r\\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\\r\\n\\r\\n")
      connection.recv(1 << 16)
      connection.sendall(\(bytes))
      time.sleep(0.2)
      """)
    #expect(side.wait() == exitCode, "\(name)\n\(street.log)")
    let said = street.text("alice.err").split(separator: "\n").filter { $0.contains("workbook") }
    #expect(said.count <= 1, "\(name)\n\(street.log)")
    rude.stop()
    // The server has survived it, and the room's name is free.
    try waitFor("the end of the room") { street.text("relay").contains("over room room") }
  }

  @Test(
    "A member that reads late gets all that was said to it before the other left",
    .needsNetworks("python3"))
  func lateReader() throws {
    let laboratory = try RelayLaboratory(nil)
    // The server's kernel takes next to nothing: what is said waits in the server itself.
    try laboratory.network.run("sysctl -qw net.ipv4.tcp_wmem='4096 4096 4096'")
    try laboratory.start(
      "\(Program.executable) serve --listen 198.51.100.1 --user alice:pass --signal",
      streamPorts: [3478, 8080])
    let script = """
      import socket, struct
      def member(buffer):
          connection = socket.socket()
          connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
          connection.settimeout(20)
          connection.connect(("198.51.100.1", 8080))
          connection.sendall(
              b"GET /room HTTP/1.1\\r\\nHost: x\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\n"
              b"Sec-WebSocket-Version: 13\\r\\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\\r\\n\\r\\n")
          head = b""
          while not head.endswith(b"\\r\\n\\r\\n"): head += exactly(connection, 1)
          return connection
      def exactly(connection, count):
          found = b""
          while len(found) < count:
              more = connection.recv(count - len(found))
              if not more: raise SystemExit(f"ended after {heard} bytes")
              found += more
          return found
      heard = 0
      bob, alice = member(4096), member(1 << 16)
      for number in range(12):
          text = bytes([97 + number]) * 16000
          alice.sendall(b"\\x81\\xfe" + struct.pack(">H", len(text)) + bytes(4) + text)
      alice.sendall(b"\\x88\\x80" + bytes(4))
      while alice.recv(4096): pass
      while True:
          first, length = exactly(bob, 2)
          if length == 126: length, = struct.unpack(">H", exactly(bob, 2))
          text = exactly(bob, length)
          if first == 0x88: break
          heard += length
      print(f"heard {heard} bytes and Close {text.hex()}, then {bob.recv(1)}")
      """
    try Data(script.utf8).write(to: URL(filePath: laboratory.folder.path + "/members.py"))
    let output = try laboratory.network.run("python3 \(laboratory.folder.path)/members.py 2>&1")
    #expect(output == "heard 192000 bytes and Close 03e9, then b''\n")
  }

  @Test(
    "A URL that names no room, and files beside it, are refused with 64",
    arguments: [
      ["--signal", "http://signal.example/room"], ["--signal", "ws://signal.example"],
      ["--signal", "ws://127.0.0.1:8080/two/rooms"], ["--signal", "ws://127.0.0.1:8080/"],
      ["--signal", "ws://127.0.0.1:8080/room", "--folder", "."],
      ["--signal", "ws://127.0.0.1:8080/room", "--browser"],
    ])
  func usage(arguments: [String]) throws {
    let result = try Program.run(["connect", "offer"] + arguments)
    #expect(result.exitCode == 64, "\(result)")
  }
}
