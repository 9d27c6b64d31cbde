import IPPacket
internal import NATTable
internal import SansIO

/// A table that is given packets, and perhaps a second one that is given the same packets as bytes:
/// they must agree on everything, from the first packet to the last.
struct TwinTables {
  /// The one that is given packets.
  private(set) var table: NATTable
  private var other: NATTable?

  init(_ table: consuming NATTable) {
    self.table = table
  }

  /// From now on what is translated is also translated as bytes.
  mutating func addTwin() {
    other = table
  }

  /// - Returns: the packet as it goes on, if it does.
  mutating func translate(_ packet: Packet, fromInside: Bool, at now: Instant) -> Packet? {
    guard other != nil else { return verdict(on: packet, fromInside, now).packet }
    var bytes = packet.bytes(payload: [1, 2, 3])
    guard let parsed = try? Packet(parsing: bytes.span) else { return nil }
    // Else its bytes would be renumbered, which the other table knows nothing of.
    if parsed.fragment == nil { forbidFragments(&bytes) }
    let verdict = verdict(on: parsed, fromInside, now)
    let byteVerdict = verdictOfOther(on: &bytes, fromInside, now)
    demand(
      byteVerdict == verdict.ofBytes,
      "\(verdict) is said of a packet, \(byteVerdict as Any) of its bytes")
    guard let translated = verdict.packet else { return nil }
    let right = ChecksumOracle(bytes)
    demand(right.header && right.transport != false, "a checksum is wrong")
    guard let read = try? Packet(parsing: bytes.span) else { fatalError("no packet any more") }
    demand(read == translated, "the bytes say \(read), the packet \(translated)")
    return translated
  }

  private mutating func verdict(
    on packet: Packet, _ fromInside: Bool, _ now: Instant
  ) -> NATTable.Verdict {
    fromInside ? table.outbound(packet, at: now) : table.inbound(packet, at: now)
  }

  private mutating func verdictOfOther(
    on bytes: inout [UInt8], _ fromInside: Bool, _ now: Instant
  ) -> NATTable.ByteVerdict? {
    var span = bytes.mutableSpan
    return fromInside ? other?.outbound(&span, at: now) : other?.inbound(&span, at: now)
  }

  /// - Returns: how many mappings were removed.
  @discardableResult
  mutating func expire(at now: Instant) -> Int {
    let removed = table.expire(at: now)
    if other != nil { demand(other?.expire(at: now) == removed, "bytes live longer") }
    return removed
  }

  /// Takes what the table has to say between packets.
  mutating func takeOutcomes() {
    while true {
      let action = table.nextAction()
      if other != nil { demand(other?.nextAction() == action, "another action after bytes") }
      guard let action else { break }
      if case .send(let answer) = action { _ = answer.bytes() }
    }
  }

  /// Ends the program if something is wrong in a table.
  func check() {
    if let wrong = table.inconsistency() { fatalError(wrong) }
    if let wrong = other?.inconsistency() { fatalError("of bytes: \(wrong)") }
  }

  /// Ends the program if the tables are not in the same state.
  func compare() {
    guard let other else { return }
    demand(other.mappings == table.mappings, "packets and bytes make other mappings")
    demand(other.nextDeadline == table.nextDeadline, "packets and bytes have other deadlines")
  }
}

extension NATTable.Verdict {
  /// What is to become of the packet's bytes.
  fileprivate var ofBytes: NATTable.ByteVerdict {
    switch self {
    case .forward: .forward
    case .drop(let reason): .drop(reason)
    case .hold(let token): .hold(token)
    }
  }
}

/// Sets "don't fragment" in a packet with a plain IPv4 header (RFC 791 §3.1).
private func forbidFragments(_ bytes: inout [UInt8]) {
  guard bytes[0] == 0x45 else { return }
  bytes[6] |= 0x40
  setHeaderChecksum(&bytes)
}
