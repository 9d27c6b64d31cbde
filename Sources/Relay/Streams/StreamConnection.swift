public import STUNCodec
public import Sockets
public import TLS

/// A TCP connection, with TLS if it has a session: bytes in, bytes out, and never waiting.
///
///                  connected             handshake done
///     connecting ────────────▶ handshaking ──────────▶ open
///         │    └────────── without TLS ──────────────▶  │
///         └───────────┬─────────────┴───────────────────┘
///                     ▼ refused, reset, closed, TLS failed
///                   ended
///
/// Its owner watches the socket for what ``interest`` says, and hands over what it is ready for. What is
/// sent before the connection is open waits in it; what the kernel does not take waits, too, up to a
/// limit.
public final class StreamConnection {
  /// How far it is.
  public enum State: Hashable, Sendable {
    /// The other end has not answered yet. Can transition to all others.
    case connecting
    /// The TLS handshake is under way. Can transition to `open` and `ended`.
    case handshaking
    /// Data go both ways. Can transition to `ended`.
    case open
    /// It is over. Final.
    case ended(StreamEnd)
  }

  /// The connection's own socket.
  public let socket: StreamSocket
  /// How far it is.
  public private(set) var state: State
  /// How many bytes wait to be taken by the kernel.
  public var waitingByteCount: Int { queue.count + early.count }
  /// How many bytes the kernel has taken.
  public private(set) var sentByteCount = 0

  /// Whether what comes is read; where it is not, the kernel makes the other end wait.
  public var isReading = true
  /// Whether the connection stays open for what is still to be sent when the other end has said that
  /// nothing follows from there.
  public var outlivesEnd = false
  /// Whether the other end has said that nothing follows; only of one that outlives that.
  public private(set) var hasEnded = false
  /// Whether the other end has been told that nothing follows, after all that was to be sent.
  public private(set) var hasFinished = false

  private var isFinishing = false
  private let session: TLSSession?
  private let memory: StreamMemory
  private var queue = OutputQueue()
  /// What is to be sent once the connection is open.
  private var early: [UInt8] = []

  /// A connection that has been accepted, or is being made.
  ///
  /// - Parameters:
  ///   - session: the end of TLS that it has; nil for TCP alone.
  ///   - memory: where bytes pass through; connections of one thread may share it.
  public init(_ socket: StreamSocket, isAccepted: Bool, session: TLSSession?, memory: StreamMemory)
  {
    self.socket = socket
    self.session = session
    self.memory = memory
    state = isAccepted ? (session == nil ? .open : .handshaking) : .connecting
  }

  /// What the socket is to be watched for.
  public var interest: Readiness {
    switch state {
    case .connecting: return .writable
    case .handshaking, .open:
      let reading: Readiness = isReading && !hasEnded ? .readable : []
      return queue.isEmpty ? reading : reading.union(.writable)
    case .ended: return []
    }
  }

  /// The version of TLS; nil without TLS.
  public var tlsVersion: String? { session?.version }

  // MARK: - Sending

  /// Sends bytes, all of them or none.
  ///
  /// - Parameter limit: how many bytes may wait.
  /// - Returns: whether they were taken; false where too much waits already, and when it is over.
  public func send(_ bytes: RawSpan, limit: Int) -> Bool {
    switch state {
    case .ended: return false
    case .connecting, .handshaking:
      guard early.count + bytes.byteCount <= limit else { return false }
      bytes.withUnsafeBytes { early.append(contentsOf: $0) }
      return true
    case .open:
      guard queue.isEmpty || queue.count + bytes.byteCount <= limit else { return false }
      transmit(bytes)
      return true
    }
  }

  /// Says that nothing follows, where TLS has a word for it.
  public func close() {
    guard case .open = state, let session else { return }
    session.close()
    takeOutput()
  }

  /// Says that nothing follows, once all that waits has been sent; bytes can still come.
  public func finish() {
    guard case .open = state, !isFinishing else { return }
    session?.close()
    takeOutput()
    isFinishing = true
    finishIfEmpty()
  }

  private func finishIfEmpty() {
    guard case .open = state, isFinishing, !hasFinished, queue.isEmpty else { return }
    hasFinished = true
    socket.finish()
  }

  private func transmit(_ bytes: RawSpan) {
    guard let session else { return put(bytes) }
    if !session.write(bytes) { return end(.closed) }
    takeOutput()
  }

  /// Sends what TLS has for the network.
  private func takeOutput() {
    guard let session else { return }
    while true {
      let count = session.takeOutput(into: memory.encrypted)
      guard count > 0 else { return }
      put(RawSpan(_unsafeBytes: UnsafeRawBufferPointer(rebasing: memory.encrypted[..<count])))
    }
  }

  /// Writes to the socket what it takes, and keeps the rest.
  private func put(_ bytes: RawSpan) {
    var sent = 0
    do throws(SocketError) {
      if queue.isEmpty { sent = try socket.write(bytes) }
      sentByteCount += sent
    } catch {
      return end(.socket(error))
    }
    if sent < bytes.byteCount { queue.append(bytes.extracting(droppingFirst: sent)) }
  }

  private func flush() {
    do throws(SocketError) {
      while !queue.isEmpty {
        let sent = try socket.write(queue.waiting)
        guard sent > 0 else { return }
        sentByteCount += sent
        queue.removeFirst(sent)
      }
      finishIfEmpty()
    } catch {
      end(.socket(error))
    }
  }

  // MARK: - Readiness

  /// Does what the socket is ready for.
  ///
  /// - Parameter received: is called with data that have come, in their order.
  public func ready(_ readiness: Readiness, _ received: (RawSpan) -> Void) {
    if case .connecting = state {
      if let error = socket.takeError() { return end(.socket(error)) }
      state = session == nil ? .open : .handshaking
      if session == nil { sendEarly() } else { shakeHands() }
      return
    }
    if readiness.contains(.writable) { flush() }
    if readiness.contains(.readable) { read(received) }
  }

  /// One read, so that no connection keeps the others waiting.
  private func read(_ received: (RawSpan) -> Void) {
    if case .ended = state { return }
    let reading: StreamSocket.Reading
    do throws(SocketError) {
      reading = try socket.read(into: session == nil ? memory.plain : memory.encrypted)
    } catch {
      return end(.socket(error))
    }
    switch reading {
    case .waiting: return
    case .end: return ended()
    case .bytes(let count):
      guard let session else {
        return received(
          RawSpan(_unsafeBytes: UnsafeRawBufferPointer(rebasing: memory.plain[..<count])))
      }
      session.received(
        RawSpan(_unsafeBytes: UnsafeRawBufferPointer(rebasing: memory.encrypted[..<count])))
      if case .handshaking = state { shakeHands() }
      if case .open = state { decrypt(session, received) }
    }
  }

  private func decrypt(_ session: TLSSession, _ received: (RawSpan) -> Void) {
    while true {
      switch session.read(into: memory.plain) {
      case .data(let count):
        received(RawSpan(_unsafeBytes: UnsafeRawBufferPointer(rebasing: memory.plain[..<count])))
      case .waiting: return takeOutput()
      case .closed: return ended()
      case .failed(let failure):
        takeOutput()
        return end(.tls(failure))
      }
    }
  }

  private func shakeHands() {
    guard let session else { return }
    let progress = session.handshake()
    takeOutput()
    switch progress {
    case .waiting: return
    case .failed(let failure): end(.tls(failure))
    case .done:
      if case .ended = state { return }
      state = .open
      sendEarly()
    }
  }

  private func sendEarly() {
    let bytes = early
    early = []
    if !bytes.isEmpty { transmit(bytes.span.bytes) }
  }

  /// Ends it because what has come cannot be read.
  public func failed(_ error: STUNDecodingError) { end(.framing(error)) }

  /// The other end has said that nothing follows.
  private func ended() {
    guard outlivesEnd, case .open = state else { return end(.closed) }
    hasEnded = true
  }

  /// The first reason counts.
  private func end(_ reason: StreamEnd) {
    if case .ended = state { return }
    state = .ended(reason)
    (queue, early) = (OutputQueue(), [])
  }
}

/// Why a connection is over.
public enum StreamEnd: Error, Hashable, Sendable {
  /// The other end has closed it.
  case closed
  /// The kernel says why: refused, reset, no answer.
  case socket(SocketError)
  /// TLS has failed.
  case tls(TLSFailure)
  /// What came is neither STUN nor ChannelData: nothing after it can be told apart any more.
  case framing(STUNDecodingError)
}

extension StreamEnd: CustomStringConvertible {
  /// The reason in words.
  public var description: String {
    switch self {
    case .closed: "the other end has closed the connection"
    case .socket(let error): "\(error)"
    case .tls(let failure): "\(failure)"
    case .framing(let error): "neither STUN nor ChannelData: \(error)"
    }
  }
}

/// Memory that bytes of connections pass through; none of them stay.
public final class StreamMemory {
  let plain: UnsafeMutableRawBufferPointer
  let encrypted: UnsafeMutableRawBufferPointer

  /// Memory for one read, and for one record of TLS.
  public init() {
    plain = .allocate(byteCount: 16_384, alignment: 16)
    encrypted = .allocate(byteCount: 16_384 + 1024, alignment: 16)
  }

  deinit {
    plain.deallocate()
    encrypted.deallocate()
  }
}
