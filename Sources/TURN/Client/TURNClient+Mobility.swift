internal import STUN
internal import STUNCodec
public import SansIO
internal import TransportAddress

/// Mobility: the allocation is taken along to another 5-tuple (RFC 8016).
///
///                fiveTupleAdded                      success
///     settled ─────────────────────▶ added: data ─────────────────▶ settled, on the new one
///        │                           by the old      refused
///        │                                       ─────────────────▶ settled, on the old one
///        │       fiveTupleChanged                    success
///        └─────────────────────▶ changed: data are ───────────────▶ settled
///                                held                refused
///                                                ─────────────────▶ allocating anew
extension TURNClient {
  /// How the allocation comes to another 5-tuple.
  enum Moving: Hashable, Sendable {
    /// The old 5-tuple works, and all but the move goes by it.
    case added
    /// The old 5-tuple is gone; all but the move waits.
    case changed
  }

  /// How much data are kept while there is no 5-tuple that the server knows.
  static var heldWhileMovingLimit: Int { 64 }

  /// Whether the server has given a ticket, so that the allocation can be taken to another 5-tuple.
  public var canMove: Bool { ticket != nil && allocated != nil }

  /// There is another 5-tuple to the server besides the one in use, as when a host has come to a second
  /// network: the allocation is taken there before the first one is left (make before break).
  ///
  /// What goes on it are the bytes of ``Action/sendOnAdded(_:to:)`` until ``Action/useAdded`` says that
  /// all is to go there. Data still come by the old 5-tuple for a round trip after that. Without a
  /// ticket nothing happens.
  public mutating func fiveTupleAdded(
    at now: Instant, using generator: inout some RandomNumberGenerator
  ) {
    guard canMove, moving != .changed else { return }
    move(.added, at: now, using: &generator)
  }

  /// All goes by another 5-tuple from now on: because `changeFiveTuple` has asked for it, or because
  /// the host has another address and the old one is gone.
  ///
  /// An allocation is taken along with its ticket (RFC 8016 §3.2). Where that is refused, or there is
  /// no ticket, a new one is asked for, with permissions for the same addresses.
  public mutating func fiveTupleChanged(
    at now: Instant, using generator: inout some RandomNumberGenerator
  ) {
    switch state {
    case .allocating:
      guard attempts[.allocate] == nil else { return }
      begin(.allocate)
      work(at: now, using: &generator)
    case .allocated:
      guard ticket != nil else {
        startAnew(.refused(.mobilityForbidden))
        return work(at: now, using: &generator)
      }
      suspendRequests()
      move(.changed, at: now, using: &generator)
    case .idle, .releasing, .ended: break
    }
  }

  private mutating func move(
    _ moving: Moving, at now: Instant, using generator: inout some RandomNumberGenerator
  ) {
    // One that is under way came from a 5-tuple that is not the newest any more.
    cancelMove()
    self.moving = moving
    begin(.move)
    work(at: now, using: &generator)
  }

  private mutating func cancelMove() {
    if let moveID { transactions.cancel(moveID) }
    moveID = nil
    attempts[.move] = nil
    violated.remove(.move)
  }

  /// Notes the ticket that a success response brings.
  mutating func takeTicket(of message: STUNMessageView) {
    ticket = nil
    guard options.asksForTicket, let value = message.mobilityTicket, value.byteCount > 0 else {
      return
    }
    ticket = value.withUnsafeBytes { Array($0) }
  }

  // MARK: - Other requests meanwhile

  /// All requests on their way but the move are to begin anew, once there is a 5-tuple for them: the
  /// server does not know the new one yet, and its nonces are for the old one.
  private mutating func suspendRequests() {
    let waiting = attempts.keys.filter { $0 != .move }
    transactions.cancelAll()
    moveID = nil
    attempts = [:]
    violated = []
    due = .init()
    // In an order that does not depend on the hash.
    suspended += waiting.sorted { "\($0)" < "\($1)" }.filter { !suspended.contains($0) }
    for tag in suspended { attempts[tag] = .init() }
  }

  /// The server knows the 5-tuple: what has waited for that goes on.
  private mutating func goOn() {
    for tag in suspended { due.append(tag) }
    suspended = []
    for held in heldWhileMoving { flushed.append(held) }
    heldWhileMoving = []
    // The server goes over to the new 5-tuple when something comes by it.
    begin(.refresh)
  }

  /// Keeps data until the server knows the 5-tuple.
  mutating func holdWhileMoving(
    _ bytes: Span<UInt8>, _ payload: Range<Int>, for peer: TransportAddress
  ) -> Outgoing {
    guard heldWhileMoving.count < Self.heldWhileMovingLimit else { return .dropped(.tooManyHeld) }
    heldWhileMoving.append((bytes.extracting(payload).copied, peer))
    return .held
  }

  // MARK: - How it ends

  /// The server has taken the move; the lifetime has been noted.
  mutating func moved(_ message: STUNMessageView) {
    let wasAdded = moving == .added
    moving = nil
    moveID = nil
    takeTicket(of: message)
    if wasAdded {
      actions.append(.useAdded)
      suspendRequests()
    }
    actions.append(.report(.moved))
    goOn()
  }

  /// The server has refused the move, or has not answered.
  mutating func moveFailed(_ failure: Failure) {
    let wasAdded = moving == .added
    moving = nil
    moveID = nil
    if wasAdded {
      actions.append(.report(.notMoved(failure)))
    } else if failure == .refused(.badRequest) {
      // The server has the 5-tuple as this allocation's: the response to an earlier move was lost
      // (RFC 8016 §3.2.1).
      goOn()
    } else {
      startAnew(failure)
    }
  }

  /// The allocation could not be taken along: another one is asked for.
  private mutating func startAnew(_ failure: Failure) {
    let addresses = peers.permissions.filter {
      if case .refused = $0.value { false } else { true }
    }.keys
    forgetRequests()
    peers = .init()
    flushed = .init()
    permittedBefore = addresses.sorted { "\($0)" < "\($1)" }
    state = .allocating(mismatches: 0, earlierServers: [])
    actions.append(.report(.notMoved(failure)))
    begin(.allocate)
  }

  /// A new allocation is there: the peers of the old one are to reach it as well.
  mutating func permitAsBefore() {
    for address in permittedBefore { request(address) }
    permittedBefore = []
  }
}
