import Glibc
import Relay
import STUN
import STUNCodec
import SansIO
import Sockets
import TLS
import TURN
import TransportAddress

/// A TCP connection to a server, byte by byte as a test wants it.
final class RawClient {
  private var loop: SocketLoop
  private let connection: StreamConnection
  private let id: SocketID
  private var arrived: [UInt8] = []

  /// Connects, and shakes hands where there is a context.
  init(
    _ server: TransportAddress, _ context: TLSContext? = nil, from local: TransportAddress? = nil
  ) throws {
    let session = try context.map { try TLSSession($0, name: "\(server.address)") }
    let socket = try StreamSocket(connectingTo: server, from: local)
    connection = StreamConnection(
      socket, isAccepted: false, session: session, memory: StreamMemory())
    loop = SocketLoop()
    id = loop.watch(connection.socket, for: connection.interest)
    try open()
  }

  /// The other end of a connection that a listener takes.
  init(acceptedBy listener: StreamListener) throws {
    var accepted: StreamSocket?
    try waitUntil {
      accepted = (try? listener.accept()) ?? nil
      return accepted != nil
    }
    guard let accepted else { throw Failure("no connection") }
    connection = StreamConnection(
      accepted, isAccepted: true, session: nil, memory: StreamMemory())
    loop = SocketLoop()
    id = loop.watch(connection.socket, for: connection.interest)
  }

  private func open() throws {
    let deadline = loop.now.advanced(by: .seconds(10))
    while connection.state == .connecting || connection.state == .handshaking {
      guard try turn(until: deadline) else { throw Failure("no connection") }
    }
  }

  var localAddress: TransportAddress { connection.socket.localAddress }
  var remoteAddress: TransportAddress { connection.socket.remoteAddress }

  /// Stays open when the other end has said that nothing follows.
  func outlivesEnd() { connection.outlivesEnd = true }

  /// Says that nothing follows.
  func finish() { connection.finish() }

  /// Waits until nothing follows from the other end, and gives what came before.
  func rest() throws -> [UInt8] {
    let deadline = loop.now.advanced(by: .seconds(20))
    while !connection.hasEnded {
      if case .ended = connection.state { break }
      guard try turn(until: deadline) else { throw Failure("no end after \(arrived.count) bytes") }
    }
    defer { arrived = [] }
    return arrived
  }

  /// How many bytes the kernel has taken when it takes no more for a while.
  func sentWhileUnread() throws -> Int {
    while try turn(until: loop.now.advanced(by: .milliseconds(300))) {}
    return connection.sentByteCount
  }

  /// What comes until nothing has come for that long.
  func available(before wait: Duration) throws -> [UInt8] {
    _ = try turn(until: loop.now.advanced(by: wait))
    defer { arrived = [] }
    return arrived
  }

  func send(_ bytes: [UInt8]) {
    _ = connection.send(bytes.span.bytes, limit: .max)
  }

  /// Why the connection is over, once it is.
  func end(seconds: Int64 = 10) throws -> StreamEnd {
    let deadline = loop.now.advanced(by: .seconds(seconds))
    while true {
      if case .ended(let end) = connection.state { return end }
      guard try turn(until: deadline) else { throw Failure("it goes on") }
    }
  }

  /// The next bytes, so many.
  func bytes(_ count: Int) throws -> [UInt8] {
    let deadline = loop.now.advanced(by: .seconds(10))
    while arrived.count < count {
      guard try turn(until: deadline) else { throw Failure("only \(arrived) came") }
    }
    defer { arrived.removeFirst(count) }
    return Array(arrived[..<count])
  }

  /// All that comes until the server closes the connection.
  func textToTheEnd() throws -> String {
    _ = try end()
    return String(decoding: arrived, as: UTF8.self)
  }

  /// The next STUN message.
  func message() throws -> STUNMessage {
    let header = try bytes(20)
    return try STUNMessage(header + bytes(Int(header[2]) << 8 | Int(header[3])))
  }

  /// Whether something has happened before the deadline.
  private func turn(until deadline: Instant) throws -> Bool {
    loop.change(id, to: connection.interest)
    guard case .ready(_, let readiness) = try loop.wait(before: deadline) else { return false }
    var bytes: [UInt8] = []
    connection.ready(readiness) { span in span.withUnsafeBytes { bytes += $0 } }
    arrived += bytes
    return true
  }
}

/// A Binding request.
func bindingRequest() -> [UInt8] {
  var generator = SystemRandomNumberGenerator()
  return STUNMessage.encode(.bindingRequest, transactionID: .random(using: &generator))
}

/// A client over a stream.
func streamClient(
  of server: TransportAddress, over transport: RelayedSocket.Transport = .tcp,
  options: TURNClient.Options = .init()
) throws -> RelayedSocket {
  try RelayedSocket(
    TURNClient(
      server: server, username: "alice", password: "pass", options: options,
      over: .stream(timeout: .seconds(10))),
    boundTo: "127.0.0.1:0", over: transport)
}
