internal import STUNCodec
internal import SansIO
internal import TransportAddress

/// What an allocation has so that its client can come from another 5-tuple (RFC 8016 §3).
///
///                  Refresh with a ticket             data or a request from there
///     one 5-tuple ───────────────────────▶ old, next ──────────────────────────▶ new, former
///          ▲                                   │ another move,                      │
///          │                                   ▼ the next one's connection closed   │
///          └────────────────────────────────────────────────────────────────────────┘
///                                            10 s, another move
///
/// Data for the client go to the old 5-tuple until the client uses the next one, so that nothing is
/// lost while the answer to its Refresh is on the way. After that what it has sent before from the
/// former one may still arrive.
struct Mobility: Sendable {
  /// A 5-tuple of the allocation besides the one that its data go to.
  struct Other: Sendable {
    enum Role: Sendable {
      /// The client has proven it, and not used it. Can transition to `former` of the other one.
      case next
      /// The client has left it. Ends by a timer.
      case former
    }

    let tuple: FiveTuple
    let role: Role
  }

  /// The latest move, as its success response may be asked for again.
  struct Move: Sendable {
    let transactionID: TransactionID
    let tuple: FiveTuple
    let time: Instant
    let lifetime: UInt32
  }

  /// The ticket that the client was given last.
  var ticket: MobilityTicket
  /// The ticket of the latest move, as long as the client has not used the next 5-tuple: the answer
  /// with the new ticket may be lost, and the client move once more.
  var earlierTicket: MobilityTicket?
  var move: Move?
  var other: Other?

  init(_ ticket: MobilityTicket) {
    self.ticket = ticket
  }

  /// Whether this is a ticket that moves the allocation now.
  func accepts(_ other: MobilityTicket) -> Bool {
    // Both are compared, whichever it is.
    let isEarlier = earlierTicket?.matches(other) ?? false
    return ticket.matches(other) || isEarlier
  }
}
