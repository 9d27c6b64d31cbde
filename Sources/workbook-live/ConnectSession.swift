import Connections
import Glibc
import ICE
import ProgramSupport
import SansIO
import Sockets

/// The life of `connect` and of `call`, from gathering to the last block or packet.
///
/// ```
///   describing ──both descriptions──▶ checking ──selected──▶ open ──both have ended──▶ lingering
///        └── Ctrl-C, time is up ───────────┴─ failed ─────────┴── bye, consent lost ──────┴▶ leaving
/// ```
struct ConnectSession: ~Copyable {
  /// How it ended.
  enum Ending {
    /// Both sides have nothing more to send, or the other has left.
    case finished
    /// There is no way, or not any more.
    case failed
    /// No description has come.
    case timedOut
    /// A signal has come.
    case interrupted
  }

  private enum Phase {
    case describing
    case checking
    case open
    /// All is said, and the other may still ask whether it was heard.
    case lingering(until: Instant)
    /// Relayed addresses are being given back.
    case leaving(until: Instant, Ending)
  }

  var live: LiveConnection
  private var exchange: DescriptionExchange
  let page: ConnectPage
  /// The connection to a signaling server; nil where the descriptions go another way.
  var signaling: SignalingChannel?
  var told = Told()
  private var phase = Phase.describing
  private var pasted = PastedDescription()
  private var pipe = BlockPipe()
  /// The tone of `call`; nil in `connect`, and when it is over.
  private var call: CallTalk?
  private var isGathered = false
  private(set) var other: ICEDescription?
  private var hasTold = false
  private let isCall: Bool
  private var hasInputEnded = false
  /// When to look for the other's file, to read on, to say the end again, to give up waiting.
  private var nextLook: Instant?
  private var nextRead: Instant?
  private var nextEnd: Instant?
  private var patienceEnd: Instant?
  private var nextExplanation: Instant?

  private static var lookInterval: Duration { .milliseconds(100) }

  init(
    _ live: consuming LiveConnection, _ exchange: DescriptionExchange, _ page: ConnectPage,
    signaling: SignalingChannel?, wait: Int?, call: CallTalk? = nil
  ) {
    self.live = live
    self.signaling = signaling
    self.call = call
    isCall = call != nil
    self.exchange = exchange
    self.page = page
    patienceEnd = wait.map { self.live.now.advanced(by: .seconds($0)) }
  }

  mutating func run() throws -> Ending {
    defer { exchange.remove() }
    live.start()
    if page.isExplaining { nextExplanation = live.now }
    if signaling != nil {
      signaling?.start(&live)
    } else if exchange.other != nil {
      nextLook = live.now
    } else {
      live.watch(STDIN_FILENO)
      if exchange.isAnswer { page.askForOffer() }
    }
    while true {
      switch try live.next(before: deadline) {
      case .connection(.released):
        if case .leaving(_, let ending) = phase { return ending }
      case .connection(let event): try handle(event)
      case .readable: try read()
      case .ready(let id, let readiness):
        if signaling?.has(id) == true { signaling?.ready(readiness, &live) }
      case .deadline: if let ending = try timerFired() { return ending }
      case .stopped: try stopped()
      }
      try takeSignals()
      if page.isClosed { sayBye(.finished) }
    }
  }

  // MARK: - Time

  private var deadline: Instant? {
    var times = [
      nextLook, nextRead, nextEnd, patienceEnd, nextExplanation, call?.nextDeadline,
      signaling?.deadline,
    ]
    switch phase {
    case .lingering(let end), .leaving(let end, _): times.append(end)
    case .describing, .checking, .open: break
    }
    return times.compactMap(\.self).min()
  }

  private mutating func timerFired() throws -> Ending? {
    let now = live.now
    if let due = nextExplanation, due <= now { explain() }
    if let due = signaling?.deadline, due <= now { signaling?.timerFired(&live) }
    if let due = nextLook, due <= now { try look() }
    if let due = nextRead, due <= now {
      nextRead = nil
      live.watch(STDIN_FILENO)
    }
    if let due = nextEnd, due <= now { sayEnd() }
    if let due = call?.nextDeadline, due <= now { try talk { $0.timerFired(at: now) } }
    if let due = patienceEnd, due <= now {
      patienceEnd = nil
      page.noDescription()
      leave(.timedOut)
    }
    switch phase {
    case .lingering(let end) where end <= now: leave(.finished)
    case .leaving(let end, let ending) where end <= now: return ending
    default: break
    }
    return nil
  }

  private mutating func explain() {
    page.explain(live.connection.agent, at: live.now)
    switch phase {
    case .describing, .checking: nextExplanation = live.now.advanced(by: Self.lookInterval)
    case .open, .lingering, .leaving: nextExplanation = nil
    }
  }

  // MARK: - Descriptions

  /// Looks whether the other's file is there.
  private mutating func look() throws {
    guard let description = try exchange.read() else {
      nextLook = live.now.advanced(by: Self.lookInterval)
      return
    }
    nextLook = nil
    try otherCame(description)
    try tell()
  }

  mutating func otherCame(_ description: ICEDescription) throws(ConnectionError) {
    other = description
    patienceEnd = nil
    phase = .checking
    try live.receive(description)
    page.otherCame(
      description, namesLeftOut: live.connection.nameCount,
      namesAsked: live.connection.waitingNameCount,
      leftOut: live.connection.agent.leftOutCandidates)
    if page.isExplaining { explain() }
  }

  /// Tells the other of this side, once that is complete: who answers by a file has read the offer
  /// first, so that the answer is to that one.
  private mutating func tell() throws {
    guard signaling == nil, isGathered, !hasTold, other != nil || !exchange.isAnswer else { return }
    hasTold = true
    let text = try exchange.text(of: live.localDescription, to: other)
    try exchange.write(text)
    page.describe(text, file: exchange.own, isAnswer: exchange.isAnswer)
  }

  // MARK: - The connection

  private mutating func handle(_ event: Connection.Event) throws {
    page.show(event, at: live.now)
    switch event {
    case .gatheringFinished:
      isGathered = true
      guard !live.connection.agent.localCandidates.isEmpty else {
        page.noCandidates()
        return leave(.failed)
      }
      try tell()
      tellNews()
      leaveRoomIfDone()
    case .gathered: tellNews()
    case .selected:
      try opened()
      told.isSelected = true
      leaveRoomIfDone()
    case .state(.failed): leave(.failed)
    case .ended(_, let reason):
      guard case .open = phase, live.connection.agent.pair() == nil else { return }
      page.lost(reason)
      let now = live.now
      try talk { $0.lost(at: now) }
      leave(.failed)
    case .data(let datagram): try received(datagram)
    case .serverFailed, .state, .role, .discovered, .resolved, .unresolved, .released: break
    }
  }

  private mutating func opened() throws {
    guard case .checking = phase else { return }
    phase = .open
    if page.isExplaining { explain() }
    page.endTable()
    let now = live.now
    if isCall { return try talk { $0.started(at: now) } }
    // A browser is told nothing beyond what ICE says.
    guard !exchange.isBrowser else { return }
    let rest = pasted.takeRest()
    if !rest.isEmpty { send(rest[...]) }
    if hasInputEnded {
      sayEnd()
    } else {
      live.watch(STDIN_FILENO)
    }
  }

  // MARK: - The tone

  /// Lets something happen to the tone, sends what it wants sent, and leaves when it is over.
  private mutating func talk(_ event: (inout CallTalk) -> Void) throws {
    guard var talk = call else { return }
    event(&talk)
    var packet: [UInt8] = []
    // Lost, as any packet may be, while there is no pair.
    while talk.nextPacket(into: &packet) { _ = live.send(packet) }
    talk.show(on: page, at: live.now)
    guard talk.isOver else {
      call = talk
      return
    }
    call = nil
    let hasHeard = try talk.finish(on: page)
    leave(talk.isStopped ? .interrupted : hasHeard ? .finished : .failed)
  }

  // MARK: - Blocks

  private mutating func received(_ datagram: [UInt8]) throws {
    let now = live.now
    if isCall { return try talk { $0.received(datagram, at: now) } }
    if exchange.isBrowser { return page.browserSent(datagram, at: live.now) }
    switch BlockPipe.Block(datagram) {
    case .data(let bytes): page.data(Array(bytes), at: live.now)
    // Another program's data, as it is.
    case nil: page.data(datagram, at: live.now)
    case .end:
      if !pipe.hasOtherEnded { page.otherEnded() }
      pipe.hasOtherEnded = true
      _ = live.send(BlockPipe.Block.endHeard.datagram)
    case .endHeard:
      pipe.isEndHeard = pipe.endCount != nil
      if pipe.isEndHeard { nextEnd = nil }
    case .bye:
      page.otherLeft()
      leave(.finished)
    }
    lingerIfOver()
  }

  private mutating func read() throws {
    var buffer = [UInt8](repeating: 0, count: BlockPipe.blockLimit)
    let count = Glibc.read(STDIN_FILENO, &buffer, buffer.count)
    if count < 0, errno == EINTR || errno == EAGAIN { return }
    let bytes = buffer[..<max(0, count)]
    if bytes.isEmpty {
      hasInputEnded = true
      live.unwatch(STDIN_FILENO)
    }
    guard other != nil else { return try paste(bytes) }
    if bytes.isEmpty {
      sayEnd()
    } else {
      send(bytes)
      // One block at a time, so that the network is not flooded.
      live.unwatch(STDIN_FILENO)
      nextRead = live.now.advanced(by: BlockPipe.pause)
    }
  }

  /// Takes a part of the other's description.
  private mutating func paste(_ bytes: ArraySlice<UInt8>) throws {
    // Its end ends the last line.
    let isComplete = pasted.take(bytes.isEmpty ? [UInt8(ascii: "\n")] : bytes)
    guard isComplete || hasInputEnded else { return }
    guard !pasted.text.isEmpty else {
      throw WorkbookError.missing(
        "standard input ended before the other's description", remedy: nil)
    }
    // What follows is data, and waits until there is a way.
    live.unwatch(STDIN_FILENO)
    try otherCame(try DescriptionExchange.parse(pasted.text, from: "standard input"))
    try tell()
  }

  private mutating func send(_ bytes: ArraySlice<UInt8>) {
    var rest = bytes
    while !rest.isEmpty {
      // Lost, as any block may be, while there is no pair.
      _ = live.send(BlockPipe.Block.data(rest.prefix(BlockPipe.blockLimit)).datagram)
      rest = rest.dropFirst(BlockPipe.blockLimit)
    }
  }

  /// Says that this side has nothing more to send, and again until that is heard.
  private mutating func sayEnd() {
    nextEnd = nil
    let count = pipe.endCount ?? 0
    guard !pipe.isEndHeard, count < BlockPipe.endLimit else { return lingerIfOver() }
    pipe.endCount = count + 1
    _ = live.send(BlockPipe.Block.end.datagram)
    nextEnd = live.now.advanced(by: BlockPipe.endInterval)
  }

  private mutating func lingerIfOver() {
    guard case .open = phase, pipe.isOver else { return }
    nextEnd = nil
    phase = .lingering(until: live.now.advanced(by: BlockPipe.endInterval * 2))
  }

  // MARK: - The end

  private mutating func stopped() throws {
    if case .leaving(_, let ending) = phase {
      // A second signal does not wait for relays.
      phase = .leaving(until: live.now, ending)
      return
    }
    if case .open = phase, call != nil {
      let now = live.now
      return try talk { $0.stopped(at: now) }
    }
    sayBye(.interrupted)
  }

  /// Leaves, and says so to the other side; twice, as one of them may get lost.
  private mutating func sayBye(_ ending: Ending) {
    if case .leaving = phase { return }
    if !exchange.isBrowser, !isCall {
      for _ in 0..<2 { _ = live.send(BlockPipe.Block.bye.datagram) }
    }
    leave(ending)
  }

  /// Gives back what relays have allocated; they get a second to hear of it.
  private mutating func leave(_ ending: Ending) {
    if case .leaving = phase { return }
    phase = .leaving(until: live.now.advanced(by: .seconds(1)), ending)
    live.unwatch(STDIN_FILENO)
    (nextLook, nextRead, nextEnd, patienceEnd) = (nil, nil, nil, nil)
    if page.isExplaining { explain() }
    signaling?.leave(&live)
    live.release()
  }
}
