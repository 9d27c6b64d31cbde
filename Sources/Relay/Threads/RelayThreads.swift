public import STUN
public import Sockets
internal import Synchronization
public import TLS
public import TURN
public import TransportAddress

/// STUN and TURN servers in threads of their own, at the same addresses: one server for its clients.
///
///     clients over UDP ──────── the kernel, by 5-tuple (SO_REUSEPORT) ─┬─ thread: server, loop, ports
///     clients over TCP, TLS ─── the first thread, by client's address ─┼─ thread: server, loop, ports
///     members of rooms ──────── the first thread                       └─ …
///
/// An allocation lives where its client's 5-tuple is served, with relayed ports out of that thread's own
/// part of the range. No packet comes to another thread. What they share is ``TURN/SharedAllocations``, the
/// users, and the secret of their nonces: a nonce of one is good at another.
///
/// What only one thread knows is unknown to the others: a reservation's token that comes to another one is
/// refused with 508, as one that is over (RFC 8656 §7.2). So is a ticket, with 437, which is why mobility
/// goes with one thread alone. The connections of one client's address are at one thread, so that a data
/// connection finds its control connection (RFC 6062 §5.4).
public struct RelayThreads: ~Copyable {
  /// Where UDP is listened at, with the ports that the kernel chose.
  public let addresses: [TransportAddress]
  /// Where TCP is listened at.
  public let streamAddresses: [TransportAddress]
  /// Where TLS is listened at.
  public let secureAddresses: [TransportAddress]
  /// Where signaling is listened at, by WebSocket over TCP.
  public let signalingAddresses: [TransportAddress]

  private let threads: [RelayThread]
  private let allocations: SharedAllocations
  /// Waits for signals, and for the threads.
  private var loop: SocketLoop
  private let wakeup: Wakeup
  private var isStarted = false

  /// Opens the listening sockets; ``start(_:)`` serves.
  ///
  /// - Parameters:
  ///   - count: the number of threads, 1 or more.
  ///   - figuresInterval: how often each thread reports its figures; nil for never.
  ///   - start: when `Instant.zero` is, for those who have the same time.
  ///   - stop: a descriptor that is readable once there is something to decide.
  ///   - others: as in ``RelayServer/init(listeningAt:secure:signaling:discovery:_:authenticator:limits:stop:)``.
  /// - Throws: `SocketError` where a socket cannot be opened.
  /// - Precondition: each range of relayed ports has two ports for each thread, where there are several.
  public init(
    _ count: Int, listeningAt listening: [TransportAddress], secure: RelayServer.Secure? = nil,
    signaling: [TransportAddress] = [], discovery: BindingServer.Addresses? = nil,
    _ configuration: TURNServer.Configuration, authenticator: Authenticator,
    limits: ConnectionLimits = .init(), figuresInterval: Duration? = nil,
    start: ContinuousClock.Instant = .now, stop: Int32
  ) throws(SocketError) {
    precondition(count >= 1, "a server has a thread")
    let (pool, allocations, wakeup) = (ThreadPool(count), SharedAllocations(), try Wakeup())
    var limits = limits
    limits.total = max(1, limits.total / count)
    limits.peers = max(1, limits.peers / count)

    var threads: [RelayThread] = []
    let first = ThreadPart(
      start: start, allocations: allocations, isJoined: count > 1, passOn: pool.passOn)
    var wakeups: [Wakeup] = []
    for _ in 0..<count { wakeups.append(try Wakeup()) }
    var server = try RelayServer(
      listeningAt: listening, secure: secure, signaling: signaling, discovery: discovery,
      configuration.part(0, of: count), authenticator: authenticator, limits: limits,
      stop: wakeups[0].descriptor, first)
    server.figuresInterval = figuresInterval
    let (addresses, streams) = (server.addresses, server.streamAddresses)
    let (secured, rooms) = (server.secureAddresses, server.signalingAddresses)
    threads.append(RelayThread(server, wakeups[0], owner: wakeup))
    for index in 1..<max(1, count) {
      var server = try RelayServer(
        listeningAt: [], discovery: discovery, configuration.part(index, of: count),
        authenticator: authenticator, limits: limits, stop: wakeups[index].descriptor,
        ThreadPart(start: start, allocations: allocations, joins: addresses))
      server.figuresInterval = figuresInterval
      threads.append(RelayThread(server, wakeups[index], owner: wakeup))
    }
    pool.threads.withLock { $0 = threads }
    (self.addresses, streamAddresses) = (addresses, streams)
    (secureAddresses, signalingAddresses) = (secured, rooms)
    (self.threads, self.allocations, self.wakeup) = (threads, allocations, wakeup)
    loop = SocketLoop(stop: stop, capacity: 1)
    _ = loop.watch(descriptor: wakeup.descriptor, for: .readable)
  }

  /// Serves from now on, in the threads.
  ///
  /// - Parameter report: is called by the threads, by several at once; figures are those of all threads
  ///   together.
  /// - Throws: `SocketError` where the system has no threads.
  public mutating func start(
    _ report: @escaping @Sendable (RelayServer.Report) -> Void
  ) throws(SocketError) {
    let threads = threads
    for thread in threads {
      try thread.start {
        guard case .figures = $0 else { return report($0) }
        report(.figures(.sum(of: threads)))
      }
    }
    isStarted = true
  }

  /// Waits until there is something to decide; calling it again goes on.
  ///
  /// - Throws: `SocketError` where the kernel refuses a thread to wait or to receive.
  public mutating func wait() throws(SocketError) -> RelayServer.Pause {
    while true {
      let conditions = threads.map(\.condition)
      if let failure = conditions.compactMap(\.failure).first {
        finish()
        throw failure
      }
      if conditions.allSatisfy(\.isDrained) { return .drained }
      if case .event(.stopped) = try loop.wait(before: nil) { return .signaled }
      wakeup.clear()
    }
  }

  /// Ends the threads, and with them the connections of clients.
  public mutating func finish() {
    for thread in threads { thread.tell(.end) }
    for thread in threads { thread.join() }
  }

  // MARK: - Changes

  /// As ``RelayServer/reconfigure(_:authenticator:)``, for all threads.
  public mutating func reconfigure(
    _ configuration: TURNServer.Configuration, authenticator: Authenticator
  ) {
    tell(.reconfigure(configuration, authenticator))
  }

  /// As ``RelayServer/renew(_:)``.
  public mutating func renew(_ context: TLSContext) {
    tell(.renew(context))
  }

  /// The server that new allocations are sent to with 300; nil to make them here (RFC 8656 §7.2).
  public mutating func setAlternateServer(_ address: TransportAddress?) {
    tell(.alternateServer(address))
  }

  /// Makes no more allocations, and has ``wait()`` return once the last one has ended.
  ///
  /// - Parameter patience: how long that may take.
  public mutating func drain(for patience: Duration) {
    tell(.drain(for: patience))
  }

  /// Returns once all threads have obeyed.
  private mutating func tell(_ order: RelayThread.Order) {
    let counts = threads.map { $0.tell(order) }
    guard isStarted else { return }
    while zip(threads, counts).contains(where: { $0.condition.obeyed < $1 }) {
      wakeup.wait()
      wakeup.clear()
    }
  }

  // MARK: - What there is

  /// The number of allocations now.
  public var allocationCount: Int { allocations.allocationCount }

  /// The last figures of all threads together; after ``finish()``, what there was in the end.
  public var figures: RelayFigures { .sum(of: threads) }
}

extension RelayFigures {
  fileprivate static func sum(of threads: [RelayThread]) -> RelayFigures {
    var sum = RelayFigures()
    sum.threads = 0
    for thread in threads { sum += thread.condition.figures }
    return sum
  }
}

/// The threads among which the connections of clients are distributed.
private final class ThreadPool: Sendable {
  let threads = Mutex<[RelayThread]>([])
  private let count: Int

  init(_ count: Int) { self.count = count }

  /// Takes a connection to its thread, unless that is the first one.
  func passOn(_ socket: StreamSocket, _ context: TLSContext?) -> Bool {
    // A seed of this process's own: strangers cannot choose addresses of one thread.
    var hasher = Hasher()
    hasher.combine(socket.remoteAddress.address.accounted)
    let index = Int(UInt(bitPattern: hasher.finalize()) % UInt(count))
    guard index > 0 else { return false }
    threads.withLock { $0[index] }.tell(.serve(socket, context))
    return true
  }
}
