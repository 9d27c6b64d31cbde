import IPPacket
import SansIO
import TransportAddress

/// The TCP of one host: its connections, and the ports at which its programs listen.
struct StreamStack: Sendable {
  /// The largest data of a segment, which follows from the MTU of the host's links (RFC 9293 §3.7.1).
  private(set) var segmentSize: Int
  /// The programs that listen, by port.
  var listeners: [UInt16: Int] = [:]
  /// Looked up and never iterated: its order differs from one process to the next.
  private var entries: [FiveTuple: Entry] = [:]
  private var deadlines = DeadlineQueue<FiveTuple>()
  private var outputs = ActionQueue<Output>()
  /// How many connections wait for something that the other side has to do.
  private(set) var waitingCount = 0
  /// The time of the earliest timer in the network's queue; nil if it has none there.
  var timer: Instant?

  private struct Entry {
    var connection: StreamConnection
    let program: Int
    var isWaiting = false
  }

  /// One thing for the host to do.
  struct Output: Sendable {
    let flow: FiveTuple
    let kind: Kind

    enum Kind: Sendable {
      case send(TCPSegment)
      /// Tell the program with this number.
      case tell(Int, StreamEvent)
    }
  }

  init(mtu: Int) {
    segmentSize = max(mtu - TCPSegment.headersLength, 1)
  }

  /// How many connections there are, those that have just been closed among them.
  var connectionCount: Int { entries.count }

  /// When ``timerFired(at:)`` is to be called; nil for never.
  var nextDeadline: Instant? { deadlines.nextDeadline }

  /// Whether ``nextOutput()`` has something.
  var hasOutput: Bool { !outputs.isEmpty }

  /// The next thing to do; nil if there is nothing.
  mutating func nextOutput() -> Output? { outputs.next() }

  /// The state of a connection; nil if there is none.
  func state(of flow: FiveTuple) -> StreamConnection.State? { entries[flow]?.connection.state }

  /// Does what a program asks for; on a connection that is no more only `open` does something.
  ///
  /// - Precondition: a connection that is to be opened is not there.
  mutating func perform(
    _ action: StreamAction, on flow: FiveTuple, by program: Int, at now: Instant,
    using generator: inout SeededGenerator
  ) {
    switch action {
    case .open:
      precondition(
        entries[flow].map(\.connection.isLingering) ?? true, "\(flow) has been opened already")
      if entries[flow] != nil { remove(flow) }
      let first = SequenceNumber(UInt32(truncatingIfNeeded: generator.next()))
      entries[flow] = Entry(
        connection: StreamConnection(openingWith: first, segmentSize: segmentSize, at: now),
        program: program)
    case .send(let bytes): entries[flow]?.connection.send(bytes, at: now)
    case .close: entries[flow]?.connection.close(at: now)
    case .abort: entries[flow]?.connection.abort()
    }
    settle(flow)
  }

  /// Takes in a segment for a connection, or for a port at which a program listens.
  ///
  /// - Returns: whether there is either; if not, the reset that is due is among the outputs.
  mutating func received(
    _ segment: TCPSegment, on flow: FiveTuple, at now: Instant,
    using generator: inout SeededGenerator
  ) -> Bool {
    if entries[flow] != nil {
      entries[flow]?.connection.received(segment, at: now)
    } else if segment.flags == .syn, let program = listeners[flow.local.port] {
      let first = SequenceNumber(UInt32(truncatingIfNeeded: generator.next()))
      entries[flow] = Entry(
        connection: StreamConnection(
          accepting: segment, with: first, segmentSize: segmentSize, at: now),
        program: program)
    } else {
      if let reset = segment.reset { outputs.append(Output(flow: flow, kind: .send(reset))) }
      return false
    }
    settle(flow)
    return true
  }

  /// Notes that a packet of a connection was too large for its path.
  ///
  /// - Returns: whether there is such a connection.
  mutating func limitPackets(of flow: FiveTuple, to mtu: Int, at now: Instant) -> Bool {
    guard entries[flow] != nil else { return false }
    entries[flow]?.connection.limitSegments(to: mtu - TCPSegment.headersLength, at: now)
    settle(flow)
    return true
  }

  /// Notes the MTU of a new link.
  mutating func limitSegments(mtu: Int) {
    segmentSize = max(mtu - TCPSegment.headersLength, 1)
  }

  /// Ends the connections whose local address is gone; nothing is sent.
  mutating func end(at addresses: HostAddresses) {
    // The dictionary's order is not the same in every process.
    let flows = entries.keys.filter { addresses.contains($0.local.address) }
      .sorted { ($0.local, $0.remote) < ($1.local, $1.remote) }
    for flow in flows {
      entries[flow]?.connection.end(.addressGone)
      settle(flow)
    }
  }

  /// Does what is due.
  ///
  /// - Complexity: O(log *n*) for each connection whose time has come, of *n*.
  mutating func timerFired(at now: Instant) {
    while let (flow, _) = deadlines.popDue(at: now) {
      entries[flow]?.connection.timerFired(at: now)
      settle(flow)
    }
  }

  /// Takes over what a connection wants done, its deadline, and its end.
  private mutating func settle(_ flow: FiveTuple) {
    guard let program = entries[flow]?.program else { return }
    while let output = entries[flow]?.connection.nextOutput() {
      switch output {
      case .send(let segment): outputs.append(Output(flow: flow, kind: .send(segment)))
      case .tell(let event): outputs.append(Output(flow: flow, kind: .tell(program, event)))
      }
    }
    if entries[flow]?.connection.state == .closed { return remove(flow) }
    let deadline = entries[flow]?.connection.deadline
    if let deadline {
      if deadlines.deadline(of: flow) != deadline { deadlines.set(flow, at: deadline) }
    } else {
      deadlines.cancel(flow)
    }
    wait(deadline != nil && entries[flow]?.connection.isLingering == false, flow)
  }

  private mutating func remove(_ flow: FiveTuple) {
    wait(false, flow)
    deadlines.cancel(flow)
    entries[flow] = nil
  }

  private mutating func wait(_ isWaiting: Bool, _ flow: FiveTuple) {
    guard entries[flow]?.isWaiting != isWaiting else { return }
    entries[flow]?.isWaiting = isWaiting
    waitingCount += isWaiting ? 1 : -1
  }
}
