import IPPacket
import SansIO

/// One end of a TCP connection (RFC 9293), as much of it as STUN, TURN and ICE need.
///
///      open: send SYN      ┌──────────┐       rcv SYN at a listening port:
///             ┌────────────┤  CLOSED  ├─────────────┐     send SYN+ACK
///             ▼            └──────────┘             ▼
///       ┌──────────┐  rcv SYN: send SYN+ACK   ┌──────────────┐
///       │ SYN-SENT ├─────────────────────────▶│ SYN-RECEIVED │
///       └─────┬────┘  (simultaneous open)     └──────┬───────┘
///             │ rcv SYN+ACK: send ACK                │ rcv ACK of SYN
///             └────────────▶┌─────────────┐◀─────────┘
///            close: send FIN│ ESTABLISHED │rcv FIN: send ACK
///             ┌─────────────┴─────────────┴───────────┐
///             ▼                                       ▼
///       ┌────────────┐ rcv FIN: send ACK         ┌────────────┐
///       │ FIN-WAIT-1 ├──────────┐                │ CLOSE-WAIT │
///       └─────┬──────┘          ▼                └─────┬──────┘
///             │ rcv ACK    ┌─────────┐                 │ close: send FIN
///             ▼ of FIN     │ CLOSING │                 ▼
///       ┌────────────┐     └────┬────┘            ┌──────────┐
///       │ FIN-WAIT-2 │          │ rcv ACK of FIN  │ LAST-ACK │
///       └─────┬──────┘          ▼                 └────┬─────┘
///             │ rcv FIN   ┌───────────┐                │ rcv ACK of FIN
///             └──────────▶│ TIME-WAIT ├───────────▶ CLOSED
///                send ACK └───────────┘ two MSL
///
/// Bytes arrive in order and once, however the network treats the segments. What is left out, as no
/// lesson needs it: the receiver takes all that comes at once, so that its window never closes; it
/// drops what comes out of order, and the sender goes back to the first byte that was not acknowledged;
/// the retransmission timeout is one second and doubles, whatever the round trip takes (RFC 6298 §2
/// begins with it and measures then); there is no congestion control.
struct StreamConnection: Sendable {
  enum State: Hashable, Sendable {
    /// Waits for the SYN of the other side, perhaps with an ACK → established, synReceived, closed.
    case synSent
    /// Waits for the ACK of its SYN → established, finWait1, closed.
    case synReceived
    /// Both may send → finWait1, closeWait, closed.
    case established
    /// Has closed, and waits for the ACK of its FIN → finWait2, closing, timeWait, closed.
    case finWait1
    /// Its FIN is acknowledged, the other may send → timeWait, closed.
    case finWait2
    /// The other has closed → lastAck, closed.
    case closeWait
    /// Both have closed at once, and its own FIN is not acknowledged → timeWait, closed.
    case closing
    /// Has closed after the other → closed.
    case lastAck
    /// Acknowledges the other's FIN again if that comes again → closed.
    case timeWait
    /// Is no more.
    case closed
  }

  /// How long a segment may be on its way. RFC 9293 §3.4.2 says two minutes; Linux takes half of one.
  static let maximumSegmentLifetime = Duration.seconds(30)
  /// The timeout before the first retransmission (RFC 6298 §2.1), which doubles each time (§5.5).
  static let timeout = Duration.seconds(1)
  /// After so many retransmissions without an answer the connection is given up.
  static let retransmissionLimit = 6
  /// What a sender assumes if the SYN has no option (RFC 9293 §3.7.1).
  static let defaultSegmentSize = 536

  var state: State
  /// When ``timerFired(at:)`` is to be called; nil for never.
  var deadline: Instant?
  /// Whether it was opened from here, and not accepted.
  let isActive: Bool

  // RFC 9293 §3.3.1 has these as SND.UNA, SND.NXT, SND.WND and RCV.NXT.
  var unacknowledged: SequenceNumber
  var nextToSend: SequenceNumber
  /// Behind all that was ever sent; going back does not move it.
  var highestSent: SequenceNumber
  var sendWindow = 0
  var nextExpected = SequenceNumber(0)
  static let window = 0xFFFF

  /// What was sent and is not acknowledged, from `unacknowledged` on, and what is to be sent.
  var buffer = SendBuffer()
  var hasClosed = false
  /// The largest data of a segment that this side takes, and that the other does.
  let ownSegmentSize: Int
  var segmentSize: Int
  var retransmissions = 0
  var duplicates = 0
  var outputs = ActionQueue<Output>()

  /// One thing for the driver to do.
  enum Output: Hashable, Sendable {
    case send(TCPSegment)
    case tell(StreamEvent)
  }

  /// Opens a connection: sends a SYN.
  init(
    openingWith first: SequenceNumber, segmentSize: Int, at now: Instant
  ) {
    self.init(.synSent, first, segmentSize, isActive: true)
    sendSYN(at: now)
  }

  /// Accepts a connection: answers a SYN.
  init(
    accepting segment: TCPSegment, with first: SequenceNumber, segmentSize: Int, at now: Instant
  ) {
    self.init(.synReceived, first, segmentSize, isActive: false)
    take(segment)
    sendSYN(at: now)
  }

  private init(_ state: State, _ first: SequenceNumber, _ segmentSize: Int, isActive: Bool) {
    self.state = state
    self.isActive = isActive
    unacknowledged = first
    nextToSend = first
    highestSent = first
    ownSegmentSize = segmentSize
    self.segmentSize = segmentSize
  }

  /// The next thing to do; nil if there is nothing.
  mutating func nextOutput() -> Output? { outputs.next() }

  /// Whether only lateness of segments is waited for, and nothing of the other side.
  var isLingering: Bool { state == .timeWait }

  // MARK: - The program's calls

  /// Sends bytes, as soon as the connection is open and the other's window allows it.
  ///
  /// After ``close(at:)`` there is nothing to send, and the bytes are dropped.
  mutating func send(_ bytes: [UInt8], at now: Instant) {
    guard !hasClosed, state != .closed else { return }
    buffer.append(bytes)
    transmit(at: now)
  }

  /// Sends a FIN behind all that was to be sent.
  mutating func close(at now: Instant) {
    guard !hasClosed else { return }
    hasClosed = true
    switch state {
    case .synSent: end(nil)
    case .established: state = .finWait1
    case .closeWait: state = .lastAck
    case .synReceived, .finWait1, .finWait2, .closing, .lastAck, .timeWait, .closed: break
    }
    transmit(at: now)
  }

  /// Sends a reset, and is no more.
  mutating func abort() {
    guard state != .closed else { return }
    if state != .synSent, state != .timeWait {
      outputs.append(.send(TCPSegment(.rst, sequence: highestSent)))
    }
    end(nil)
  }

  mutating func end(_ failure: StreamFailure?) {
    // A connection that came to nothing before the program heard of it.
    let isUnknown = !isActive && state == .synReceived
    state = .closed
    deadline = nil
    buffer = SendBuffer()
    if !isUnknown { outputs.append(.tell(.closed(failure))) }
  }
}
