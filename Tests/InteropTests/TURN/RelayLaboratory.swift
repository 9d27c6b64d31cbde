import FoundationEssentials
import Glibc
import Relay
import STUN
import STUNCodec
import SansIO
import Sockets
import TLS
import TURN
import TestSupport
import TransportAddress

/// A network with a relay in it, and peers beside the relay: 198.51.100.1 is the relay's, 198.51.100.2
/// and 198.51.100.3 are others'.
final class RelayLaboratory {
  static let relay: TransportAddress = "198.51.100.1:3478"
  static let peer: TransportAddress = "198.51.100.2:0"
  static let secret = "a secret of some length"

  let network: TestNetwork
  let folder: Folder
  private var server: BackgroundProgram?

  /// - Parameters:
  ///   - command: what starts the relay; nil for none.
  ///   - identity: a certificate and its key, as `cert.pem` and `key.pem` in the relay's folder.
  ///   - streamPorts: the ports of TCP that it will listen at.
  init(_ command: String?, identity: TLSIdentity? = nil, streamPorts: [Int] = []) throws {
    network = try TestNetwork("relay")
    folder = try Folder()
    try network.run("for last in 1 2 3; do ip address add 198.51.100.$last/32 dev lo; done")
    try Data(Self.secret.utf8).write(to: URL(filePath: folder.path + "/secret"))
    if let identity { try folder.write(identity) }
    if let command { try start(command, streamPorts: streamPorts) }
  }

  /// Starts the relay, which listens at 198.51.100.1:3478.
  func start(_ command: String, streamPorts: [Int] = []) throws {
    server = try network.start("cd \(folder.path) && exec \(command)", output: log)
    try waitFor("the relay") {
      let datagrams = try network.run("ss -Hlun")
      let streams = streamPorts.isEmpty ? "" : try network.run("ss -Hltn")
      return datagrams.contains("198.51.100.1:3478")
        && streamPorts.allSatisfy { streams.contains("198.51.100.1:\($0) ") }
    }
  }

  /// Starts another relay in the same network, and waits until it listens there.
  func startBeside(_ command: String, at endpoint: String) throws -> BackgroundProgram {
    let other = try network.start(
      "cd \(folder.path) && exec \(command)", output: folder.path + "/other-log")
    try waitFor("the other relay") { try network.run("ss -Hlun").contains(endpoint) }
    return other
  }

  /// coturn with these options.
  static func coturn(_ options: String) throws -> RelayLaboratory {
    try RelayLaboratory(
      """
      turnserver -n -L 198.51.100.1 -r example.org --no-tls --no-dtls --no-tcp --no-cli \\
        --log-file stdout --pidfile turn.pid --userdb turn.db \(options)
      """)
  }

  /// coturn that also takes TCP and TLS, with this certificate.
  static func coturn(
    _ options: String, identity: TLSIdentity
  ) throws -> RelayLaboratory {
    try RelayLaboratory(
      """
      turnserver -n -L 198.51.100.1 -r example.org --no-dtls --no-cli --cert cert.pem \\
        --pkey key.pem --log-file stdout --pidfile turn.pid --userdb turn.db \(options)
      """, identity: identity, streamPorts: [3478, 5349])
  }

  /// The users that coturn and `serve` know in tests.
  static let users = "--lt-cred-mech -u alice:pass"

  /// `workbook serve` with these options.
  static func serve(_ options: String, streamPorts: [Int] = []) throws -> RelayLaboratory {
    try RelayLaboratory(
      "\(Program.executable) serve --listen 198.51.100.1 \(options)", streamPorts: streamPorts)
  }

  deinit {
    stop()
    folder.remove()
  }

  var log: String { folder.path + "/log" }

  /// What the relay has printed.
  var output: String {
    get throws { try String(contentsOfFile: log, encoding: .utf8) }
  }

  /// Ends the relay at once; its exit code.
  @discardableResult
  func stop(_ signal: Int32 = SIGINT) -> Int32? {
    defer { server = nil }
    return server?.stop(signal)
  }

  /// Sends the relay a signal.
  func signal(_ signal: Int32) {
    if let server { kill(server.process, signal) }
  }

  /// Waits until the relay has ended; its exit code.
  func wait() -> Int32? {
    defer { server = nil }
    return server?.wait()
  }
}

/// A client of ours, and a peer beside it.
struct RelayUser: ~Copyable {
  var socket: RelayedSocket
  let peer: UDPPeer
  /// The messages to and from the server, as types and error codes.
  let messages = MessageLog()
  /// Whether a channel is bound.
  private var isBound = false

  /// Opens the sockets, in the network that this thread is in.
  init(
    username: String = "alice", password: String = "pass", options: TURNClient.Options = .init(),
    from local: TransportAddress = "198.51.100.3:0",
    server: TransportAddress = RelayLaboratory.relay,
    over transport: RelayedSocket.Transport = .udp
  ) throws {
    let isDatagrams = if case .udp = transport { true } else { false }
    var socket = try RelayedSocket(
      TURNClient(
        server: server, username: username, password: password, options: options,
        over: isDatagrams ? .datagrams() : .stream()),
      boundTo: local, over: transport)
    let id = try socket.open(
      TransportAddress(local.address == "198.51.100.3" ? "198.51.100.2" : local.address, port: 0))
    guard let opened = socket[id] else { throw TestNetwork.Failure(description: "no peer") }
    peer = UDPPeer(id: id, socket: opened)
    let log = messages
    socket.observer = { direction, bytes, _ in log.add(direction, bytes) }
    self.socket = socket
  }

  /// Waits for the event that `choose` finds something in.
  mutating func wait<Value>(
    _ what: String, seconds: Int64 = 10, _ choose: (RelayedSocket.Event) -> Value?
  ) throws -> Value {
    let end = socket.now.advanced(by: .seconds(seconds))
    var seen: [RelayedSocket.Event] = []
    while true {
      let event = try socket.next(before: end)
      if case .turn(.bound) = event { isBound = true }
      if let value = choose(event) { return value }
      seen.append(event)
      if case .deadline = event {
        throw TestNetwork.Failure(
          description: "waited in vain for \(what): \(seen), \(messages.entries)")
      }
    }
  }

  /// Waits until a channel is bound, which may have been noted while something else was waited for.
  mutating func bound() throws {
    if !isBound { _ = try wait("the channel") { if case .turn(.bound) = $0 { true } else { nil } } }
  }

  /// How it ends.
  mutating func end() throws -> TURNClient.End {
    try wait("the end") { if case .turn(.ended(let end)) = $0 { end } else { nil } }
  }

  /// The relayed transport address.
  mutating func allocate() throws -> TransportAddress {
    socket.allocate()
    return try wait("the allocation") {
      if case .turn(.allocated(let addresses)) = $0 { addresses.relayed[0] } else { nil }
    }
  }

  /// Data to the peer, and what it gets.
  mutating func toPeer(_ data: [UInt8]) throws -> (data: [UInt8], source: TransportAddress) {
    try socket.send(data, to: peer.socket.localAddress)
    let id = peer.id
    return try wait("the data at the peer") {
      if case .datagram(let bytes, let source, id) = $0 { (bytes, source) } else { nil }
    }
  }

  /// Data through the relay to the relayed address itself, and what comes back: a relay refuses other
  /// peers on its own host.
  mutating func around(_ data: [UInt8], _ relayed: TransportAddress) throws -> [UInt8] {
    try socket.send(data, to: relayed)
    return try wait("the data from the relayed address") {
      if case .data(let bytes, relayed) = $0 { bytes } else { nil }
    }
  }

  /// Data from the peer to the relayed address, and what the client gets.
  mutating func fromPeer(
    _ data: [UInt8], to relayed: TransportAddress
  ) throws -> (data: [UInt8], source: TransportAddress) {
    try peer.socket.send(data.span, to: relayed)
    return try wait("the data from the peer") {
      if case .data(let bytes, let source) = $0 { (bytes, source) } else { nil }
    }
  }
}

/// What went to and came from the server.
final class MessageLog {
  private(set) var entries: [String] = []

  func add(_ direction: RelayedSocket.Direction, _ bytes: [UInt8]) {
    let mark = direction == .sent ? ">" : "<"
    guard let message = try? STUNMessage(bytes) else {
      return entries.append("\(mark) ChannelData")
    }
    let code = (try? message.errorCode).flatMap(\.self).map { " \($0.rawValue)" } ?? ""
    entries.append("\(mark) \(message.type.method) \(message.type.class)\(code)")
  }
}
/// A socket of a peer, by its name in the loop that it is in.
struct UDPPeer {
  let id: SocketID
  let socket: UDPSocket
}

extension Folder {
  /// Writes certificate and key as `cert.pem` and `key.pem`.
  func write(_ identity: TLSIdentity) throws {
    try Data(identity.chain.utf8).write(to: URL(filePath: path + "/cert.pem"))
    try Data(identity.key.utf8).write(to: URL(filePath: path + "/key.pem"))
  }
}
