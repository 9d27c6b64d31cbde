internal import Relay
internal import STUN
internal import STUNCodec
internal import SansIO
internal import Sockets
internal import TLS
internal import TransportAddress

/// Reaches a server by TCP or TLS, step by step, and asks it for the own address.
///
///     connect ─▶ tls, if it is TLS ─▶ binding
struct StreamProbe: ~Copyable {
  private let server: TransportAddress
  /// The name that the server's certificate must have; nil without TLS.
  private let name: String?
  private var loop: SocketLoop
  private let connection: StreamConnection
  private let id: SocketID
  private var frames = StreamReassembler()

  /// How long each step may take.
  private static var patience: Duration { .seconds(5) }

  /// Begins the connection.
  ///
  /// - Throws: `SocketError` where this machine has no way to the server.
  init(
    _ server: TransportAddress, over transport: RelayedSocket.Transport,
    from local: TransportAddress, stop: Int32?
  ) throws {
    var session: TLSSession?
    var name: String?
    if case .tls(let context, let certified) = transport {
      session = try TLSSession(context, name: certified)
      name = certified
    }
    let socket = try StreamSocket(connectingTo: server, from: local)
    self.server = server
    self.name = name
    connection = StreamConnection(
      socket, isAccepted: false, session: session, memory: StreamMemory())
    loop = SocketLoop(stop: stop)
    id = loop.watch(connection.socket, for: connection.interest)
  }

  /// Takes the steps.
  ///
  /// - Throws: `SocketError` where the kernel refuses to wait.
  consuming func run(_ report: (ProbeStep) -> Void) throws(SocketError) -> ServerVerdict {
    guard try connect(report) else { return .silent }
    if let name {
      guard try secure(name, report) else { return .fails }
    }
    return try bind(report)
  }

  // MARK: - Steps

  private mutating func connect(_ report: (ProbeStep) -> Void) throws(SocketError) -> Bool {
    let start = loop.now
    try wait(until: start.advanced(by: Self.patience)) { state, _ in state != .connecting }
    let trouble: Trouble
    let finding: String
    switch connection.state {
    case .connecting: (finding, trouble) = ("no answer", .connectSilence(server: server))
    case .ended(.socket(let error)):
      (finding, trouble) = ("\(error)", .connect(error, server: server))
    default:
      note(.connect, since: start, "by TCP from \(connection.socket.localAddress)", nil, report)
      return true
    }
    note(.connect, since: start, finding, trouble, report)
    return false
  }

  private mutating func secure(
    _ name: String, _ report: (ProbeStep) -> Void
  ) throws(SocketError) -> Bool {
    let start = loop.now
    try wait(until: start.advanced(by: Self.patience)) { state, _ in state != .handshaking }
    switch connection.state {
    case .open:
      let version = connection.tlsVersion ?? "TLS"
      note(.tls, since: start, "\(version), the certificate is that of \(name)", nil, report)
      return true
    case .ended(.tls(let failure)):
      note(
        .tls, since: start, "\(failure)",
        .tls(failure, name: name, port: server.port), report)
    case .ended(let end): note(.tls, since: start, "\(end)", .tlsClosed(port: server.port), report)
    default: note(.tls, since: start, "no answer", .tlsSilence(port: server.port), report)
    }
    return false
  }

  private mutating func bind(_ report: (ProbeStep) -> Void) throws(SocketError) -> ServerVerdict {
    let start = loop.now
    var generator = SystemRandomNumberGenerator()
    var client = STUNClient(server: server, over: .stream(timeout: Self.patience))
    // It is the only request, and has no attributes.
    _ = try? client.request(at: start, using: &generator)
    while case .send(let bytes, _)? = client.nextAction() {
      _ = connection.send(bytes.span.bytes, limit: .max)
    }
    loop.change(id, to: connection.interest)
    var answer: [UInt8]?
    try wait(until: start.advanced(by: Self.patience)) { state, frames in
      do throws(STUNDecodingError) {
        answer = try frames.next()
      } catch {
        return true
      }
      if case .ended = state { return true }
      return answer != nil
    }
    if let answer {
      client.received(answer.span, from: server, at: loop.now, using: &generator)
      switch client.nextAction() {
      case .finished(_, .success(let message))?:
        if let mapped = try? message.xorMappedAddress ?? message.mappedAddress {
          let nat =
            mapped.address == connection.socket.localAddress.address
            ? "no NAT in between" : "behind a NAT"
          note(.binding, since: start, "this machine is \(mapped), \(nat)", nil, report)
          return .works
        }
      case .finished(_, .error(let code, _))?:
        // It answers, which is what counts.
        note(.binding, since: start, "an answer, though no address: \(code)", nil, report)
        return .works
      default: break
      }
      note(.binding, since: start, "a response that cannot be used", .malformed, report)
      return .fails
    }
    do throws(STUNDecodingError) {
      _ = try frames.next()
    } catch {
      note(
        .binding, since: start, "\(error)",
        .foreign(firstByte: frames.bytes[0], port: server.port), report)
      return .fails
    }
    // An alert of TLS, which is too short to be told from half a message.
    if frames.pendingByteCount > 0, frames.bytes[0] == 0x15 {
      note(
        .binding, since: start, "a TLS alert", .foreign(firstByte: 0x15, port: server.port), report)
      return .fails
    }
    if case .ended(let end) = connection.state {
      note(.binding, since: start, "\(end)", .closedUnanswered(port: server.port), report)
      return .fails
    }
    note(.binding, since: start, "no answer", .streamSilence(port: server.port), report)
    return .silent
  }

  // MARK: - Parts

  /// Waits until it is so, or the time is up.
  private mutating func wait(
    until end: Instant,
    _ isOver: (StreamConnection.State, inout StreamReassembler) -> Bool
  ) throws(SocketError) {
    while !isOver(connection.state, &frames) {
      switch try loop.wait(before: end) {
      case .event(.deadline), .event(.stopped): return
      case .event: break
      case .ready(_, let readiness):
        var arrived = frames
        connection.ready(readiness) { arrived.received($0) }
        frames = arrived
        loop.change(id, to: connection.interest)
        if case .ended = connection.state {
          // Its descriptor would be ready for ever.
          loop.close(id)
          _ = isOver(connection.state, &frames)
          return
        }
      }
    }
  }

  private func note(
    _ name: ProbeStep.Name, since start: Instant, _ finding: String, _ trouble: Trouble?,
    _ report: (ProbeStep) -> Void
  ) {
    report(
      ProbeStep(
        name, trouble == nil ? .passed : .failed, start.duration(to: loop.now), finding,
        causes: trouble?.causes ?? []))
  }
}
