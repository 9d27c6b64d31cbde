import Glibc
public import SansIO
public import TransportAddress

/// Names one of a ``SocketLoop``'s sockets; never used again for another.
public struct SocketID: Hashable, Sendable {
  /// The number of sockets opened before it.
  public let number: Int
}

/// Several UDP sockets, one clock and one wait: what a driver of sans-IO machines needs.
///
///     while let action = machine.nextAction() { … loop.send(…) }
///     switch try loop.next(before: machine.nextDeadline) {
///     case .received(let arrival, on: let socket): machine.received(loop.bytes, …)
///     case .deadline: machine.timerFired(at: loop.now)
///     case .stopped: …
///     }
///
/// One datagram is handed out at a time, and a datagram that is sent may leave as late as the next
/// wait: so receiving and sending many by one system call, or segments of one buffer, can come without
/// a change for its users.
public struct SocketLoop: ~Copyable {
  /// What happened.
  public enum Event: Hashable, Sendable {
    /// A datagram came in on a socket; its bytes are ``SocketLoop/bytes`` until the next wait.
    case received(UDPSocket.Arrival, on: SocketID)
    /// Something that a socket has sent did not arrive; only sockets that keep errors tell.
    case failed(DeliveryFailure, on: SocketID)
    /// The deadline has come.
    case deadline
    /// The descriptor that says when to stop is readable.
    case stopped
  }

  private var sockets: [SocketID: UDPSocket] = [:]
  private var waiting: [pollfd] = []
  /// The socket of each entry of `waiting`, but for the last if that is the stop descriptor. Those
  /// that are not in `sockets` are watched for their owner.
  private var order: [SocketID] = []
  private var opened = 0
  /// Where the search for the next readable socket begins, so that none starves the others.
  private var turn = 0
  /// Whether `waiting` holds answers of `poll` that have not been used.
  private var hasReady = false
  private let stop: Int32?
  private let start: ContinuousClock.Instant = .now
  private let buffer: UnsafeMutableRawBufferPointer
  private let headroom: Int
  private let capacity: Int
  private var received = 0

  /// A loop without sockets; its clock starts at zero.
  ///
  /// - Parameters:
  ///   - stop: a descriptor that is readable once it is enough, which stays the caller's.
  ///   - capacity: the longest datagram that is received whole, in bytes.
  ///   - headroom: the bytes of the buffer that stay free before a datagram, for a header.
  ///   - tailroom: the bytes of the buffer that stay free after it, for padding.
  public init(
    stop: Int32? = nil, capacity: Int = 65536, headroom: Int = 0, tailroom: Int = 0
  ) {
    self.stop = stop
    self.headroom = headroom
    self.capacity = max(1, capacity)
    buffer = .allocate(byteCount: headroom + self.capacity + tailroom, alignment: 16)
    buffer.initializeMemory(as: UInt8.self, repeating: 0)
    if let stop { waiting = [pollfd(fd: stop, events: Int16(POLLIN), revents: 0)] }
  }

  deinit { buffer.deallocate() }

  /// The time on the loop's own clock.
  public var now: Instant { .zero.advanced(by: start.duration(to: .now)) }

  /// The bytes of the last datagram received.
  public var bytes: Span<UInt8> {
    @_lifetime(borrow self)
    get {
      // The buffer lives as long as this value, which the span borrows.
      let span = Span<UInt8>(
        _unsafeBytes: UnsafeRawBufferPointer(rebasing: buffer[payload]))
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }

  /// Where the last datagram stands in the whole buffer.
  public var payload: Range<Int> { headroom..<headroom + received }

  /// The whole buffer: the last datagram with the room before and after it.
  public var packet: Span<UInt8> {
    @_lifetime(borrow self)
    get {
      // As above.
      let span = Span<UInt8>(_unsafeBytes: UnsafeRawBufferPointer(buffer))
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }

  /// The whole buffer, to write a header around the last datagram.
  public var mutablePacket: MutableSpan<UInt8> {
    @_lifetime(&self)
    mutating get {
      // As above, and nobody else has access meanwhile.
      let span = MutableSpan<UInt8>(_unsafeBytes: buffer)
      return unsafe _overrideLifetime(span, mutating: &self)
    }
  }

  // MARK: - Sockets

  /// Opens a socket.
  ///
  /// - Throws: as ``UDPSocket/init(boundTo:keepsErrors:)``.
  public mutating func open(
    _ address: TransportAddress, keepsErrors: Bool = false
  ) throws(SocketError) -> SocketID {
    let socket = try UDPSocket(boundTo: address, keepsErrors: keepsErrors)
    let id = watch(descriptor: socket.descriptor, for: .readable)
    sockets[id] = socket
    return id
  }

  /// Watches a descriptor of the caller's, such as standard input, which must stay open until
  /// ``close(_:)``. Waits by ``wait(before:)`` tell of it.
  public mutating func watch(descriptor: Int32, for readiness: Readiness) -> SocketID {
    let id = SocketID(number: opened)
    opened += 1
    order.append(id)
    waiting.insert(
      pollfd(fd: descriptor, events: readiness.events, revents: 0), at: order.count - 1)
    return id
  }

  /// Changes what something that is watched is watched for.
  ///
  /// - Complexity: O(*n*) in what the loop waits for.
  public mutating func change(_ id: SocketID, to readiness: Readiness) {
    guard let index = order.firstIndex(of: id), sockets[id] == nil else { return }
    waiting[index].events = readiness.events
  }

  /// The socket of that name; nil once it is closed.
  public subscript(id: SocketID) -> UDPSocket? { sockets[id] }

  /// Closes a socket, or ends watching something; what waits there is lost. Nothing happens if it is
  /// closed already.
  public mutating func close(_ id: SocketID) {
    sockets[id] = nil
    guard let index = order.firstIndex(of: id) else { return }
    order.remove(at: index)
    waiting.remove(at: index)
    turn = 0
  }

  // MARK: - Waiting

  /// Waits for a datagram, for a deadline or for the end.
  ///
  /// A deadline that has passed comes before datagrams that wait, however many there are.
  ///
  /// - Parameter deadline: on the loop's clock; nil waits for as long as it takes.
  /// - Throws: ``SocketError`` where the kernel refuses to wait or to receive.
  public mutating func next(before deadline: Instant?) throws(SocketError) -> Event {
    while true {
      // Whoever watches something besides waits by `wait`.
      if case .event(let event) = try wait(before: deadline) { return event }
    }
  }

  /// Waits like ``next(before:)``, and for what is watched.
  public mutating func wait(before deadline: Instant?) throws(SocketError) -> Wake {
    while true {
      if let deadline, now >= deadline { return .event(.deadline) }
      if hasReady {
        if stop != nil, waiting[order.count].revents != 0 {
          waiting[order.count].revents = 0
          return .event(.stopped)
        }
        if let wake = try takeReady() { return wake }
        hasReady = false
      }
      let count = poll(&waiting, nfds_t(waiting.count), timeout(deadline))
      if count > 0 { hasReady = true }
      if count < 0 {
        // After a signal the entries say nothing.
        for index in waiting.indices { waiting[index].revents = 0 }
        if errno != EINTR { throw SocketError("wait for datagrams") }
      }
    }
  }

  private mutating func takeReady() throws(SocketError) -> Wake? {
    for _ in order.indices {
      if turn >= order.count { turn = 0 }
      let index = turn
      turn += 1
      guard waiting[index].revents != 0 else { continue }
      guard let socket = sockets[order[index]] else {
        defer { waiting[index].revents = 0 }
        return .ready(order[index], Readiness(events: waiting[index].revents))
      }
      if socket.keepsErrors, Int32(waiting[index].revents) & Int32(POLLERR) != 0,
        let failure = try socket.takeFailure()
      {
        return .event(.failed(failure, on: order[index]))
      }
      let room = UnsafeMutableRawBufferPointer(rebasing: buffer[headroom..<headroom + capacity])
      if let arrival = try socket.receive(into: room) {
        received = arrival.count
        return .event(.received(arrival, on: order[index]))
      }
      waiting[index].revents = 0
    }
    return nil
  }

  /// Milliseconds until the deadline, rounded up so as not to wake before it.
  private func timeout(_ deadline: Instant?) -> Int32 {
    guard let deadline else { return -1 }
    let left = now.duration(to: deadline).wholeNanoseconds
    return Int32(clamping: max(0, (left + 999_999) / 1_000_000))
  }
}
