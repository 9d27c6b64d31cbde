public import IPPacket
import SansIO
import TransportAddress

/// A SYN from the outside that no mapping is for.
struct UnsolicitedSYN: ExpiringEntry {
  var deadline: Instant
  var link = Slot.none
  var packet: Packet
}

struct UnsolicitedKey: TableKey {
  var source: TransportAddress
  var destination: TransportAddress

  init(source: TransportAddress, destination: TransportAddress) {
    self.source = source
    self.destination = destination
  }

  init(of packet: Packet) {
    self.init(source: packet.source, destination: packet.destination)
  }

  func mix(into hash: inout KeyHash) {
    hash.mix(source)
    hash.mix(destination)
  }
}

/// The patience that simultaneous open needs (RFC 5382 §4.3, REQ-4).
///
/// When two hosts behind NATs open a connection towards each other, one SYN arrives before its
/// receiver's own has made the mapping. An error at once would end that host's attempt, so the NAT
/// waits: if a SYN goes out in time, the early one is forgotten, else its sender is told.
extension NATTable {
  /// At most this many wait, so that a flood of SYNs costs no memory; others are never answered.
  private static var waitingLimit: Int { 1024 }

  /// The reason to drop a packet that no mapping admits; a SYN waits first.
  mutating func unsolicited(_ packet: Packet, otherwise reason: DropReason) -> DropReason {
    if configuration.acceptsUnsolicited, acceptsForRouter(packet) { return .acceptedByRouter }
    guard case .segment(.syn) = packet.content, let patience = configuration.timeouts.unsolicitedSYN
    else { return reason }
    let key = UnsolicitedKey(of: packet)
    guard find(key) == nil else { return .awaitingOpen }
    guard unsolicited.count + answerCount < Self.waitingLimit else { return reason }
    let deadline = time.advanced(by: max(.zero, patience))
    _ = unsolicited.insert(
      UnsolicitedSYN(deadline: deadline, packet: packet), key.hash(seed: seed))
    return .awaitingOpen
  }

  private func find(_ key: UnsolicitedKey) -> Slot? {
    unsolicited.find(key.hash(seed: seed)) {
      $0.packet.source == key.source && $0.packet.destination == key.destination
    }
  }

  /// Forgets the SYN of a connection that the inside opens too.
  mutating func forgetUnsolicited(from remote: TransportAddress, to outside: TransportAddress) {
    if unsolicited.count == 0 { return }
    let key = UnsolicitedKey(source: remote, destination: outside)
    if let slot = find(key) { unsolicited.remove(slot, key.hash(seed: seed)) }
  }

  mutating func answerUnsolicited(_ slot: Slot) {
    let packet = unsolicited[slot].packet
    unsolicited.remove(slot, UnsolicitedKey(of: packet).hash(seed: seed))
    let reporter = packet.destination.address
    answerCount += 1
    actions.append(
      .send(.error(.portUnreachable(for: reporter), from: reporter, about: packet)))
  }

  /// The ICMP error that the sender of a dropped packet should be told with; nil for silence.
  ///
  /// It comes from the NAT's address on the sender's side, which the table does not know inside.
  public static func answer(to reason: DropReason) -> ICMPError.Kind? {
    switch reason {
    // RFC 5508 REQ-8, RFC 6888 REQ-11: a host that gets no mapping should be told.
    case .portsExhausted, .hostLimit: .administrativelyProhibited
    default: nil
    }
  }
}

extension ICMPErrorMessage {
  /// What the sender of a packet that the NAT dropped should be told; nil for silence.
  ///
  /// RFC 5508 REQ-8, RFC 6888 REQ-11: a host that gets no mapping should know.
  public init?(_ reason: NATTable.DropReason, isV6: Bool) {
    guard let kind = NATTable.answer(to: reason) else { return nil }
    self.init(isV6 ? kind.inIPv6 ?? kind : kind)
  }
}
