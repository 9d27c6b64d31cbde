internal import STUNCodec
internal import SansIO
internal import TransportAddress

/// Refresh: an allocation lives on, or ends (RFC 8656 §8.2).
extension TURNServer {
  mutating func refresh(
    _ slot: Int, _ message: STUNMessageView, by requester: Requester, at now: Instant
  ) throws(Refusal) -> Verdict {
    let tuple = slots[slot].tuple
    let seconds = try lengthen(slot, message, at: now)
    return succeed(message, by: requester.protection, on: tuple) {
      (message: inout STUNMessageBuilder) throws(STUNEncodingError) in
      try message.append(lifetime: seconds)
    }
  }

  /// Lets an allocation live on, or end, as a request asks for.
  ///
  /// - Returns: for how many seconds; 0 for an end.
  mutating func lengthen(
    _ slot: Int, _ message: STUNMessageView, at now: Instant
  ) throws(Refusal) -> UInt32 {
    let allocation = slots[slot]
    let asked: UInt32?
    let family: AddressFamily?
    do throws(STUNDecodingError) {
      asked = try message.lifetime
      family = try message.requestedAddressFamily
    } catch {
      // A family that does not exist is one that the allocation does not have.
      throw Refusal(
        error.code == .unknownAddressFamily ? .peerAddressFamilyMismatch : .badRequest)
    }
    if let family, allocation[family] == nil { throw Refusal(.peerAddressFamilyMismatch) }
    // Without a family it is for all relayed transport addresses.
    let families = family.map { [$0] } ?? allocation.families
    let seconds = asked == 0 ? 0 : grantedLifetime(asked)
    for family in families {
      guard let relay = slots[slot][family] else { continue }
      if seconds == 0 {
        removeRelay(relay.address, of: slot, .released)
      } else {
        let expires = now.advanced(by: .seconds(Int64(seconds)))
        slots[slot][family]?.expires = expires
        timers.set(.relay(relay.address), at: expires)
      }
    }
    if seconds > 0 { slots[slot].peers.sweep(at: now) }
    return seconds
  }
}
