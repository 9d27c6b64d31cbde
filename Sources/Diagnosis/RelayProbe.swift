public import Relay
internal import STUN
internal import STUNCodec
internal import SansIO
public import Sockets
internal import TURN
public import TransportAddress

/// Tries a TURN server, step by step: allocates, permits, and sends data to itself through the relay.
///
///     allocate ─▶ permission ─▶ outside: from an ordinary socket to the relayed address, and back
///                            ─▶ relay: to the relayed address itself, and back
///                                                                       ─▶ release
///
/// The way from outside is what a relay is for. Data to the relayed address itself count where the
/// other way cannot be tried.
public struct RelayProbe: ~Copyable {
  private let server: TransportAddress
  private let credentials: ProbeCredentials
  private let wallClock: Int64
  private let report: (ProbeStep) -> Void
  private var socket: RelayedSocket
  private let dialog: Dialog

  /// How long data may take.
  private static var patience: Duration { .seconds(2) }
  private static var pause: Duration { .milliseconds(250) }

  /// - Parameters:
  ///   - transport: how the server is reached.
  ///   - local: the endpoint to ask from.
  ///   - wallClock: the time, in seconds since 1970.
  ///   - report: is called with each step, as soon as its outcome is known.
  /// - Throws: `SocketError` where there is no socket; `TURNConfigurationError` for credentials that
  ///   no server can have.
  public init(
    _ server: TransportAddress, over transport: RelayedSocket.Transport = .udp,
    as credentials: ProbeCredentials, from local: TransportAddress,
    wallClock: Int64, stop: Int32? = nil, report: @escaping (ProbeStep) -> Void
  ) throws {
    let isDatagrams = if case .udp = transport { true } else { false }
    let client = try TURNClient(
      server: server, username: credentials.username, password: credentials.password,
      over: isDatagrams ? .datagrams(.short) : .stream(timeout: .seconds(5)))
    var socket = try RelayedSocket(client, boundTo: local, over: transport, stop: stop)
    let dialog = Dialog()
    socket.observer = { direction, bytes, _ in dialog.heard(direction, bytes) }
    self.socket = socket
    self.dialog = dialog
    (self.server, self.credentials, self.wallClock) = (server, credentials, wallClock)
    self.report = report
  }

  /// Tries it.
  ///
  /// - Throws: `SocketError` where the kernel refuses.
  public mutating func run() throws(SocketError) -> ServerVerdict {
    guard let addresses = try allocate() else { return .fails }
    let relayed = addresses.relayed[0]
    let own = addresses.mapped?.address
    let (permitted, isDenied) = try permit([relayed.address] + (own.map { [$0] } ?? []))
    let isReached: Bool? =
      if let own, permitted.contains(own) { try outside(relayed, own) } else { nil }
    var isLooping = false
    if permitted.contains(relayed.address) {
      isLooping = try loop(relayed, isReached: isReached == true)
    }
    try release()
    return (isReached ?? isLooping) && !isDenied ? .works : .fails
  }

  // MARK: - Steps

  private mutating func allocate() throws(SocketError) -> TURNClient.AllocatedAddresses? {
    let start = socket.now
    socket.allocate()
    while true {
      switch try socket.next(before: nil) {
      case .turn(.allocated(let addresses)):
        let relayed = addresses.relayed.map(\.description).joined(separator: " and ")
        note(
          .allocate, .passed, since: start,
          "\(relayed)\(dialog.realm.map { ", realm \"\($0)\"" } ?? "")")
        return addresses
      case .turn(.ended(.failed(let failure))):
        note(.allocate, .failed, since: start, dialog.lastError ?? "no answer", trouble(failure))
        return nil
      case .failed(let failure):
        note(
          .allocate, .failed, since: start, "\(failure)",
          dialog.alternate.map(Trouble.alternateSilence)
            ?? .icmp(isPortClosed: failure.isPortClosed, port: server.port))
        return nil
      case .disconnected(let end):
        note(
          .allocate, .failed, since: start, "\(end)", .closedUnanswered(port: server.port))
        return nil
      case .stopped: return nil
      default: break
      }
    }
  }

  private func trouble(_ failure: TURNClient.Failure) -> Trouble {
    switch failure {
    case .refused(.unauthenticated):
      .unauthenticated(credentials, realm: dialog.realm, now: wallClock)
    case .refused(let code): .allocateRefused(code)
    case .timedOut: dialog.alternate.map(Trouble.alternateSilence) ?? .allocateSilence
    case .integrityViolation: .notAuthentic
    case .malformedResponse: .malformed
    case .cannotAuthenticate: .unauthenticated(credentials, realm: dialog.realm, now: wallClock)
    }
  }

  /// - Returns: the addresses that the server permits, and whether it denies one that it should not.
  private mutating func permit(
    _ addresses: [IPAddress]
  ) throws(SocketError) -> (permitted: Set<IPAddress>, isDenied: Bool) {
    let start = socket.now
    var open = Set(addresses)
    var permitted: Set<IPAddress> = []
    var isDenied = false
    socket.permit(Array(open))
    while !open.isEmpty {
      switch try socket.next(before: nil) {
      case .turn(.permitted(let address)):
        permitted.insert(address)
        open.remove(address)
      case .turn(.refused(let address, let failure)):
        open.remove(address)
        let code: ErrorCode? = if case .error(let code) = failure { code } else { nil }
        // What is inside a network may be refused: calls with the Internet are possible all the same.
        let isExpected = code == .forbidden && address.isInside
        if !isExpected { isDenied = true }
        note(
          .permission, isExpected ? .skipped : .failed, since: start,
          "for \(address): \(code.map { "\($0)" } ?? "no answer")", .peerRefused(address, code))
      case .turn(.ended), .disconnected, .stopped: return (permitted, isDenied)
      default: break
      }
    }
    if !permitted.isEmpty {
      let list = permitted.map(\.description).sorted().joined(separator: " and ")
      note(.permission, .passed, since: start, "for \(list)")
    }
    return (permitted, isDenied)
  }

  /// Sends data to the relayed address itself.
  ///
  /// - Parameter isReached: whether the relay has been found to work, so that a failure is a remark.
  private mutating func loop(
    _ relayed: TransportAddress, isReached: Bool
  ) throws(SocketError) -> Bool {
    let start = socket.now
    let data = Array("pathfinder, through the relay".utf8)
    let hasCome = try exchange(
      { socket in _ = try? socket.send(data, to: relayed) },
      until: { if case .data(data, relayed) = $0 { true } else { false } })
    if hasCome {
      note(.relay, .passed, since: start, "\(data.count) bytes went to \(relayed) and came back")
    } else {
      note(
        .relay, isReached ? .skipped : .failed, since: start, "nothing came back",
        inside(relayed) ?? .noLoop)
    }
    return hasCome
  }

  /// Sends a datagram from an ordinary socket to the relayed address, and an answer back.
  ///
  /// - Returns: whether both arrived; nil where that cannot be tried.
  private mutating func outside(
    _ relayed: TransportAddress, _ own: IPAddress
  ) throws(SocketError) -> Bool? {
    let start = socket.now
    // A relay refuses its own host as a peer, and rightly so.
    guard own != server.address, own != relayed.address else {
      note(.outside, .skipped, since: start, "this machine is the relay's own")
      return nil
    }
    let id = try socket.open(TransportAddress(socket.localAddress.address, port: 0))
    let data = Array("pathfinder, from outside".utf8)
    var source: TransportAddress?
    let hasCome = try exchange(
      { socket in _ = try? socket[id]?.send(data.span, to: relayed) },
      until: { event in
        guard case .data(data, let peer) = event else { return false }
        source = peer
        return true
      })
    guard hasCome, let source else {
      note(
        .outside, .failed, since: start, "a datagram to \(relayed) did not come in",
        inside(relayed) ?? .nothingFromOutside(relayed: relayed))
      return false
    }
    let answer = Array("pathfinder, to outside".utf8)
    let hasGone = try exchange(
      { socket in _ = try? socket.send(answer, to: source) },
      until: { if case .datagram(answer, relayed, id) = $0 { true } else { false } })
    guard hasGone else {
      note(
        .outside, .failed, since: start, "the answer to \(source) did not arrive",
        .nothingToOutside)
      return false
    }
    note(
      .outside, .passed, since: start, "a datagram from \(source) came in, and an answer went back")
    return true
  }

  private mutating func release() throws(SocketError) {
    let start = socket.now
    socket.release()
    while true {
      switch try socket.next(before: nil) {
      case .turn(.ended): return note(.release, .passed, since: start, "given back")
      case .stopped, .disconnected: return
      default: break
      }
    }
  }

  // MARK: - Parts

  /// Where an address is given out that only its own network can reach.
  private func inside(_ relayed: TransportAddress) -> Trouble? {
    guard relayed.address.isInside, relayed.address != server.address else {
      return nil
    }
    return .relayedAddressInside(relayed.address, server: server.address)
  }

  /// Sends again and again until what is waited for has come, or the time is up.
  private mutating func exchange(
    _ send: (inout RelayedSocket) -> Void, until isIt: (RelayedSocket.Event) -> Bool
  ) throws(SocketError) -> Bool {
    let end = socket.now.advanced(by: Self.patience)
    while socket.now < end {
      send(&socket)
      let next = min(end, socket.now.advanced(by: Self.pause))
      while true {
        let event = try socket.next(before: next)
        if isIt(event) { return true }
        if case .deadline = event { break }
        switch event {
        case .stopped, .disconnected, .turn(.ended): return false
        default: break
        }
      }
    }
    return false
  }

  private func note(
    _ name: ProbeStep.Name, _ outcome: ProbeStep.Outcome, since start: Instant, _ finding: String,
    _ trouble: Trouble? = nil
  ) {
    report(
      ProbeStep(
        name, outcome, start.duration(to: socket.now), finding, causes: trouble?.causes ?? []))
  }
}

/// What the server has said, as far as steps tell it.
private final class Dialog {
  private(set) var realm: String?
  private(set) var lastError: String?
  /// The server that the last one has sent on to.
  private(set) var alternate: TransportAddress?

  func heard(_ direction: RelayedSocket.Direction, _ bytes: [UInt8]) {
    guard direction == .received, let message = try? STUNMessage(bytes) else { return }
    if let realm = try? message.realm { self.realm = realm }
    guard let code = try? message.errorCode else { return }
    lastError = "\(code)"
    alternate = code == .tryAlternate ? (try? message.alternateServer) : nil
  }
}

extension DeliveryFailure {
  /// Whether the destination itself says that no program listens at the port.
  var isPortClosed: Bool {
    switch (origin, destination.address) {
    case (.icmp(3, 3), .v4), (.icmp(1, 4), .v6): true
    default: false
    }
  }
}
