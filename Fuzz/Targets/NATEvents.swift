import IPPacket
internal import NATTable
internal import SansIO
internal import TransportAddress

/// A story of packets, answers, copies and time through a NAT of any configuration; what must hold
/// is looked at after each step, and the whole table after every fourth.
func tellStory(_ input: [UInt8]) {
  var reader = FuzzReader(input)
  var nat = TwinTables(reader.table())
  // A story takes twice the time if it is told to two tables: every eighth is. All of its bytes
  // decide, or those that are would be the ones from which libFuzzer makes others.
  if input.reduce(0, &+) & 7 == 0 { nat.addTwin() }
  var now = Instant.zero
  var (count, copies) = (0, 0)
  while !reader.isAtEnd, count < 24 {
    count += 1
    now = now.advanced(by: reader.pause())
    let choice = reader.byte()
    switch choice & 15 {
    case 0 where choice & 0x30 == 0x10 && copies < 2:
      // What a copy goes through is nothing to the original; the story goes on with either. To
      // compare all mappings takes as long as a dozen packets.
      copies += 1
      let before = nat.table.mappings
      var copy = nat
      send(reader.packet(fromInside: true), through: &copy, now)
      demand(nat.table.mappings == before, "a copy changed the original")
      demand(copy.table.inconsistency() == nil, "a copy is out of order")
      demand(nat.table.inconsistency() == nil, "what was copied is out of order")
      if choice & 0x40 != 0 { nat = copy }
    case 1: checkExpiry(&nat, now)
    case 2..<6: receive(reader.packet(fromInside: false), through: &nat, now)
    default: send(reader.packet(fromInside: true), through: &nat, now)
    }
    nat.takeOutcomes()
    if count & 3 == 0 { nat.check() }
  }
  nat.compare()
  // In the end everything is forgotten but what was configured.
  nat.expire(at: Instant(nanoseconds: .max))
  demand(nat.table.mappings.allSatisfy(\.isStatic), "a mapping lives for ever")
  nat.check()
}

private func checkExpiry(_ nat: inout TwinTables, _ now: Instant) {
  let due = nat.table.nextDeadline
  let before = nat.table.count
  let removed = nat.expire(at: now)
  demand(nat.table.count == before - removed, "what was removed was counted wrongly")
  if let due, due > nat.table.time { demand(removed == 0, "removed before its deadline") }
  if let next = nat.table.nextDeadline {
    demand(next > nat.table.time, "what is due is still there")
  }
}

private func send(_ packet: Packet, through nat: inout TwinTables, _ now: Instant) {
  guard let sent = nat.translate(packet, fromInside: true, at: now) else { return }
  demand(sent.protocol == packet.protocol, "another protocol")
  if isOutside(packet.destination.address, of: nat.table) { return }
  demand(isOutside(sent.source.address, of: nat.table), "a packet left with an inside source")
  // The answer to what has just been sent reaches its sender.
  if case .error = packet.content { return }
  guard packet.fragment == nil, !isForgotten(sent, by: nat.table) else { return }
  let answer = nat.translate(sent.reply, fromInside: false, at: now)
  demand(
    answer?.destination == packet.source,
    "\(packet) left as \(sent); its answer arrived as \(answer as Any)")
  demand(answer?.source.address == packet.destination.address, "an answer lost its source")
}

/// Whether a segment has ended its mapping at once, as Linux forgets a connection that is reset before
/// anybody has answered; nobody answers a RST (RFC 9293 §3.10.7).
private func isForgotten(_ sent: Packet, by table: NATTable) -> Bool {
  guard case .segment(let flags) = sent.content, flags.contains(.rst),
    table.configuration.timeouts.tcpStates != nil
  else { return false }
  return table.mapping(at: sent.source, .tcp, remote: sent.destination) == nil
}

private func isOutside(_ address: IPAddress, of table: NATTable) -> Bool {
  table.externalAddresses.contains(address) || address == Choices.oneToOne.outside
}

private func receive(_ packet: Packet, through nat: inout TwinTables, _ now: Instant) {
  let before = nat.table.count
  let received = nat.translate(packet, fromInside: false, at: now)
  demand(nat.table.count <= before, "a packet from the outside made a mapping")
  guard let received else { return }
  demand(received.source == packet.source, "a packet from the outside lost its source")
}
