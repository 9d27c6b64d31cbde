internal import NATTable
internal import ProtocolTime
internal import TransportAddress

/// A story of packets, answers, copies and time through a NAT of any configuration; what must hold
/// is looked at after each step, and the whole table after every fourth.
func tellStory(_ input: [UInt8]) {
  var reader = FuzzReader(input)
  var table = reader.table()
  var now = Instant.zero
  var count = 0
  while !reader.isAtEnd, count < 24 {
    count += 1
    now = now.advanced(by: reader.pause())
    let choice = reader.byte()
    switch choice & 15 {
    case 0:
      // What a copy goes through is nothing to the original.
      let before = table.mappings
      var copy = table
      send(reader.packet(fromInside: true), through: &copy, now)
      demand(table.mappings == before, "a copy changed the original")
      demand(copy.inconsistency() == nil, "a copy is out of order")
    case 1: checkExpiry(&table, now)
    case 2..<6: receive(reader.packet(fromInside: false), through: &table, now)
    default: send(reader.packet(fromInside: true), through: &table, now)
    }
    while table.nextHoldOutcome() != nil {}
    while let answer = table.nextAnswer() { _ = answer.bytes() }
    if count & 3 == 0, let wrong = table.inconsistency() { fatalError(wrong) }
  }
  // In the end everything is forgotten but what was configured.
  table.expire(at: Instant(nanoseconds: .max))
  demand(table.mappings.allSatisfy(\.isFixed), "a mapping lives for ever")
  if let wrong = table.inconsistency() { fatalError(wrong) }
}

private func checkExpiry(_ table: inout NATTable, _ now: Instant) {
  let due = table.nextDeadline
  let before = table.count
  let removed = table.expire(at: now)
  demand(table.count == before - removed, "what was removed was counted wrongly")
  if let due, due > table.time { demand(removed == 0, "removed before its deadline") }
  if let next = table.nextDeadline {
    demand(next > table.time, "what is due is still there")
  }
}

private func send(_ packet: Packet, through table: inout NATTable, _ now: Instant) {
  guard let sent = translated(packet, &table, fromInside: true, now) else { return }
  demand(sent.protocol == packet.protocol, "another protocol")
  let own = table.externalAddresses + ["203.0.113.99"]
  if own.contains(packet.destination.address) { return }
  demand(own.contains(sent.source.address), "a packet left with an inside source")
  // The answer to what has just been sent reaches its sender.
  if case .error = packet.content { return }
  guard packet.fragment == nil else { return }
  let answer = translated(sent.reply, &table, fromInside: false, now)
  demand(
    answer?.destination == packet.source,
    "\(packet) left as \(sent); its answer arrived as \(answer as Any)")
  demand(answer?.source.address == packet.destination.address, "an answer lost its source")
}

private func receive(_ packet: Packet, through table: inout NATTable, _ now: Instant) {
  let before = table.count
  let received = translated(packet, &table, fromInside: false, now)
  demand(table.count <= before, "a packet from the outside made a mapping")
  guard let received else { return }
  demand(received.source == packet.source, "a packet from the outside lost its source")
}

/// Translates a packet parsed, and at times by a copy of the table as bytes, and expects the same.
private func translated(
  _ packet: Packet, _ table: inout NATTable, fromInside: Bool, _ now: Instant
) -> Packet? {
  var bytes = packet.bytes(payload: [1, 2, 3])
  guard let parsed = try? Packet(parsing: bytes.span) else { return nil }
  // A copy costs more than a packet: every fourth flow has one.
  var other = packet.source.port & 3 == 2 ? table : nil
  let verdict = fromInside ? table.outbound(parsed, at: now) : table.inbound(parsed, at: now)
  guard other != nil else { return verdict.packet }

  var span = bytes.mutableSpan
  let byteVerdict = fromInside ? other?.outbound(&span, at: now) : other?.inbound(&span, at: now)
  guard case .forward(let translated) = verdict else {
    demand(byteVerdict != .forward, "bytes go on where the packet does not")
    return nil
  }
  demand(byteVerdict == .forward, "a packet goes on where its bytes do not")
  let right = ChecksumOracle(bytes)
  demand(right.header && right.transport != false, "a checksum is wrong")
  guard let read = try? Packet(parsing: bytes.span) else { fatalError("no packet any more") }
  demand(read == translated, "the bytes say \(read), the packet \(translated)")
  return translated
}
