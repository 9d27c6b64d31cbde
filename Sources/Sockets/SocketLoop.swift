import Glibc
public import SansIO
public import TransportAddress

/// Names one of a ``SocketLoop``'s sockets; never used again for another.
public struct SocketID: Hashable, Sendable {
  /// The number of sockets opened before it.
  public let number: Int

  /// The name with this number.
  package init(number: Int) {
    self.number = number
  }

  /// Feeds the number to a hasher.
  public func hash(into hasher: inout Hasher) { hasher.combine(number) }

  // A requirement of `Hashable` that is not documented; without it everything works, and a look-up takes
  // three times as long. Nobody outside chooses the numbers, so that they need no secret.
  /// The hash value of a dictionary that has this seed.
  public func _rawHashValue(seed: Int) -> Int {
    let product = UInt64(truncatingIfNeeded: number &+ seed).multipliedFullWidth(
      by: 0x9E37_79B9_7F4A_7C15)
    return Int(truncatingIfNeeded: product.high ^ product.low)
  }
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
/// One datagram is handed out at a time. A loop may be told to receive many by one system call, also
/// those of a flow that the kernel has put together; and what is sent by the loop instead of a socket
/// leaves by few system calls, when there is nothing left to hand out.
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

  /// Datagrams that the loop should have sent and the kernel did not take.
  public struct Unsent {
    /// The socket that they should have left by.
    public var socket: UDPSocket
    /// How many datagrams.
    public var count: Int
    /// Their bytes.
    public var byteCount: Int
  }

  private var sockets: [SocketID: UDPSocket] = [:]
  /// What is watched for its owner.
  private var watched: [SocketID: (descriptor: Int32, readiness: Readiness)] = [:]
  private var opened: UInt64 = 0
  private var readiness = ReadinessList()
  private var arrivals: ArrivalBatch
  private var departures = DepartureQueue()
  /// The socket whose datagrams are handed out.
  private var current: SocketID?
  private let stop: Int32?
  private let start: ContinuousClock.Instant
  private let isBatching: Bool
  /// The time of the last datagram: read after the kernel has given it, so that whatever it answers was
  /// sent no later, by another thread's loop with the same clock either.
  public private(set) var arrivalTime = Instant.zero

  /// A loop without sockets; its clock starts at zero.
  ///
  /// Loops with the same `start` have the same time.
  ///
  /// - Parameters:
  ///   - stop: a descriptor that is readable once it is enough, which stays the caller's.
  ///   - capacity: the longest datagram that is received whole, in bytes.
  ///   - headroom: the bytes of the buffer that stay free before a datagram, for a header.
  ///   - tailroom: the bytes of the buffer that stay free after it, for padding; 8 at most.
  ///   - batch: how many datagrams one system call receives at most; with more than one, deadlines are
  ///     looked at between them alone.
  ///   - start: when its clock was at zero.
  public init(
    stop: Int32? = nil, capacity: Int = 65536, headroom: Int = 0, tailroom: Int = 0, batch: Int = 1,
    start: ContinuousClock.Instant = .now
  ) {
    self.start = start
    self.stop = stop
    isBatching = batch > 1
    arrivals = ArrivalBatch(
      slots: max(1, batch), capacity: max(1, capacity), headroom: headroom, tailroom: tailroom)
    if let stop { readiness.watch(stop, for: Int16(POLLIN), as: Self.stopName) }
  }

  /// The stop descriptor's, which is no socket's.
  private static var stopName: ReadinessList.Name { .max }

  /// The time on the loop's own clock.
  public var now: Instant { .zero.advanced(by: start.duration(to: .now)) }

  /// The bytes of the last datagram received.
  public var bytes: Span<UInt8> {
    @_lifetime(borrow self)
    get {
      // The buffer lives as long as this value, which the span borrows.
      let span = Span<UInt8>(
        _unsafeBytes: UnsafeRawBufferPointer(rebasing: arrivals.packet[arrivals.payload]))
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }

  /// Where the last datagram stands in the whole buffer.
  public var payload: Range<Int> { arrivals.payload }

  /// The whole buffer: the last datagram with the room before and after it.
  public var packet: Span<UInt8> {
    @_lifetime(borrow self)
    get {
      // As above.
      let span = Span<UInt8>(_unsafeBytes: UnsafeRawBufferPointer(arrivals.packet))
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }

  /// The whole buffer, to write a header around the last datagram.
  public var mutablePacket: MutableSpan<UInt8> {
    @_lifetime(&self)
    mutating get {
      // As above, and nobody else has access meanwhile.
      let span = MutableSpan<UInt8>(_unsafeBytes: arrivals.packet)
      return unsafe _overrideLifetime(span, mutating: &self)
    }
  }

  // MARK: - Sockets

  /// Opens a socket.
  ///
  /// - Throws: as ``UDPSocket/init(boundTo:keepsErrors:joins:)``.
  public mutating func open(
    _ address: TransportAddress, keepsErrors: Bool = false, joins: Bool = false
  ) throws(SocketError) -> SocketID {
    add(try UDPSocket(boundTo: address, keepsErrors: keepsErrors, joins: joins))
  }

  /// Opens a socket that receives what comes to a multicast group.
  ///
  /// - Throws: as ``UDPSocket/init(receivingAt:interface:)``.
  public mutating func open(
    group: TransportAddress, interface: UInt32
  ) throws(SocketError) -> SocketID {
    add(try UDPSocket(receivingAt: group, interface: interface))
  }

  private mutating func add(_ socket: UDPSocket) -> SocketID {
    if isBatching { socket.prepareForBatches() }
    let id = nextID()
    sockets[id] = socket
    readiness.watch(socket.descriptor, for: Int16(POLLIN), as: id.name)
    return id
  }

  /// Watches a descriptor of the caller's, such as standard input, which must stay open until
  /// ``close(_:)``. Waits by ``wait(before:)`` tell of it.
  public mutating func watch(descriptor: Int32, for readiness: Readiness) -> SocketID {
    let id = nextID()
    watched[id] = (descriptor, readiness)
    self.readiness.watch(descriptor, for: readiness.events, as: id.name)
    return id
  }

  private mutating func nextID() -> SocketID {
    defer { opened += 1 }
    return SocketID(name: opened)
  }

  /// Changes what something that is watched is watched for; costs no system call where that stays.
  ///
  /// - Complexity: O(1) on average.
  public mutating func change(_ id: SocketID, to readiness: Readiness) {
    guard let (descriptor, former) = watched[id], former != readiness else { return }
    watched[id] = (descriptor, readiness)
    self.readiness.watch(descriptor, for: readiness.events, as: id.name)
  }

  /// The socket of that name; nil once it is closed.
  public subscript(id: SocketID) -> UDPSocket? { sockets[id] }

  /// Closes a socket, or ends watching something; what waits there is lost. Nothing happens if it is
  /// closed already.
  ///
  /// - Complexity: O(1) on average.
  public mutating func close(_ id: SocketID) {
    if let (descriptor, _) = watched.removeValue(forKey: id) {
      readiness.forget(descriptor, as: id.name)
    }
    guard let socket = sockets.removeValue(forKey: id) else { return }
    // What is to be sent by it keeps it open.
    departures.flush()
    if current == id { current = nil }
    readiness.forget(socket.descriptor, as: id.name)
  }

  // MARK: - Sending

  /// Has a datagram leave by a socket, at the next wait at the latest and after what was sent so before.
  ///
  /// - Parameter source: as in ``UDPSocket/send(_:to:from:interface:)``.
  public mutating func send(
    _ bytes: Span<UInt8>, on socket: UDPSocket, to destination: TransportAddress,
    from source: IPAddress? = nil
  ) {
    bytes.withUnsafeBytes { departures.add($0, on: socket, to: destination, from: source) }
  }

  /// Has a part of ``packet`` leave by a socket, as ``send(_:on:to:from:)`` does.
  public mutating func forward(
    _ range: Range<Int>, on socket: UDPSocket, to destination: TransportAddress,
    from source: IPAddress? = nil
  ) {
    departures.add(
      UnsafeRawBufferPointer(rebasing: arrivals.packet[range]), on: socket, to: destination,
      from: source)
  }

  /// Has all that waits leave now.
  public mutating func flush() { departures.flush() }

  /// Tells of datagrams that the loop should have sent and the kernel did not take, as there is no route,
  /// or its queue is full; nil when there are none.
  public mutating func takeUnsent() -> Unsent? { departures.takeUnsent() }

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
    if let event = takeArrival() { return .event(event) }
    while true {
      // With many datagrams at a time, the time of the last wait does until all are handed out.
      if let deadline, (isBatching && !readiness.isEmpty ? arrivalTime : now) >= deadline {
        return .event(.deadline)
      }
      if let wake = try takeReady() { return wake }
      departures.flush()
      try readiness.wait(milliseconds: timeout(deadline))
      arrivalTime = now
      if stop != nil, readiness.takeFirst(Self.stopName) { return .event(.stopped) }
    }
  }

  /// The next of the datagrams that have been received at once.
  private mutating func takeArrival() -> Event? {
    guard let current, let arrival = arrivals.next() else { return nil }
    return .received(arrival, on: current)
  }

  private mutating func takeReady() throws(SocketError) -> Wake? {
    while let ready = readiness.take() {
      let id = SocketID(name: ready.name)
      guard let socket = sockets[id] else {
        guard watched[id] != nil else { continue }
        return .ready(id, Readiness(events: ready.events))
      }
      if socket.keepsErrors, Int32(ready.events) & Int32(POLLERR) != 0,
        let failure = try socket.takeFailure()
      {
        return .event(.failed(failure, on: id))
      }
      current = nil
      guard try arrivals.receive(from: socket) else { continue }
      arrivalTime = now
      current = id
      if let event = takeArrival() { return .event(event) }
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

extension SocketID {
  fileprivate init(name: ReadinessList.Name) { number = Int(name) }

  fileprivate var name: ReadinessList.Name { UInt64(number) }
}
