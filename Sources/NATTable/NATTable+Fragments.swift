import IPPacket
import SansIO
import TransportAddress

/// Names the fragments of a datagram that the caller keeps until its first fragment has come.
public struct HoldToken: RawRepresentable, Hashable, Sendable {
  /// A number that is never given twice.
  public var rawValue: UInt64

  /// The token with a number.
  public init(rawValue: UInt64) {
    self.rawValue = rawValue
  }
}

/// Fragments in any order (RFC 4787 §11, REQ-14).
///
/// The first fragment has the ports, so that the others go where it goes. Those that come before
/// it have to wait. The table keeps no payload: it says ``Verdict/hold(_:)``, the caller keeps the
/// packet, and offers it again when ``nextAction()`` says ``Action/offerAgain(_:)`` for its token.
extension NATTable {
  /// Translates a fragment: the first as what it is the beginning of, the others like the first.
  mutating func fragment(_ packet: inout Packet, fromInside: Bool) -> Fate {
    let key = FragmentKey(of: packet, fromInside: fromInside)
    if packet.isLaterFragment { return laterFragment(&packet, key) }
    let moreFollow = packet.fragment?.moreFollow == true
    let reason = fromInside ? translateOutbound(&packet) : translateInbound(&packet)
    let slot = moreFollow ? fragments.find(key) : nil
    if let slot, case .forwarded(_, _, let identification) = fragments.entries[slot].state {
      // A duplicate: the others of its datagram have this number already, and go on in any case.
      if reason != nil { return Fate(reason) }
      packet.fragment?.identification = identification
    } else if fromInside, reason == nil {
      renumber(&packet)
    }
    if moreFollow { remember(reason, packet, key, slot) }
    return Fate(reason)
  }

  private mutating func laterFragment(_ packet: inout Packet, _ key: FragmentKey) -> Fate {
    guard let slot = fragments.find(key) ?? fragments.add(key, .waiting, until: fragmentDeadline)
    else { return .drop(.tooManyFragments) }
    switch fragments.entries[slot].state {
    case .waiting:
      if fragments.entries[slot].held == FragmentTable.heldLimit {
        return .drop(.tooManyFragments)
      }
      fragments.entries[slot].held += 1
      return .hold(fragments.entries[slot].token)
    case .forwarded(let source, let destination, let identification):
      packet.source.address = source
      packet.destination.address = destination
      packet.fragment?.identification = identification
      return .forward
    case .dropped(let reason): return .drop(reason)
    }
  }

  /// Remembers what became of a first fragment, for the others.
  private mutating func remember(
    _ reason: DropReason?, _ translated: Packet, _ key: FragmentKey, _ slot: Slot?
  ) {
    let state: FragmentEntry.State =
      reason.map { .dropped($0) }
      ?? .forwarded(
        source: translated.source.address, destination: translated.destination.address,
        identification: translated.fragment?.identification ?? 0)
    if let slot {
      if let token = fragments.settle(slot, state) { actions.append(.offerAgain(token)) }
      return
    }
    // One that was dropped need not be remembered: its others will wait in vain, and not for long.
    if reason == nil { _ = fragments.add(key, state, until: fragmentDeadline) }
  }

  /// Gives a first fragment an Identification that no other host behind the address uses; the
  /// others of its datagram get the same.
  private mutating func renumber(_ packet: inout Packet) {
    guard configuration.rewritesIdentification, case .v4(let source) = packet.source.address,
      case .v4(let destination) = packet.destination.address
    else { return }
    packet.fragment?.identification = UInt32(
      identifications.next(from: source, to: destination, packet.protocol))
  }

  /// Forgets a datagram; fragments that wait for its first one are given up.
  mutating func abandonFragments(_ slot: Slot) {
    if let token = fragments.remove(slot) { actions.append(.discard(token)) }
  }

  private var fragmentDeadline: Instant {
    time.advanced(by: max(.zero, configuration.timeouts.fragments))
  }
}

extension FragmentKey {
  fileprivate init(of packet: Packet, fromInside: Bool) {
    source = packet.source.address
    destination = packet.destination.address
    `protocol` = packet.protocol
    identification = packet.fragment?.identification ?? 0
    self.fromInside = fromInside
  }
}
