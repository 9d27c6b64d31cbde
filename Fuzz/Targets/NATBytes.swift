import IPPacket
internal import NATTable
internal import SansIO
internal import TransportAddress

/// Packets as bytes through a NAT, in both directions: sound ones, damaged ones and noise.
func translateBytes(_ input: [UInt8]) {
  var reader = FuzzReader(input)
  var table = reader.table()
  var now = Instant.zero
  var count = 0
  while !reader.isAtEnd, count < 32 {
    count += 1
    now = now.advanced(by: reader.pause())
    let fromInside = reader.bool()
    translate(reader.packetBytes(fromInside: fromInside), &table, fromInside: fromInside, now)
    while let action = table.nextAction() {
      if case .send(let answer) = action { _ = answer.bytes() }
    }
  }
  if let wrong = table.inconsistency() { fatalError(wrong) }
}

private func translate(_ before: [UInt8], _ table: inout NATTable, fromInside: Bool, _ now: Instant)
{
  var after = before
  var span = after.mutableSpan
  let verdict = fromInside ? table.outbound(&span, at: now) : table.inbound(&span, at: now)
  demand(after.count == before.count, "a packet has another length")
  guard verdict == .forward else {
    demand(after == before, "a packet was changed that does not go on")
    return
  }
  guard (try? Packet(parsing: after.span)) != nil else {
    fatalError("the translation is no packet")
  }
  let (old, new) = (ChecksumOracle(before), ChecksumOracle(after))
  demand(new.header, "the header's checksum is wrong")
  // One that was wrong is the receiver's to find: translation leaves it as wrong as it was.
  demand(old.transport == new.transport, "the transport's checksum went from right to wrong")
}

extension FuzzReader {
  /// Noise, or a sound packet of which some bytes are others, with a right header or not.
  fileprivate mutating func packetBytes(fromInside: Bool) -> [UInt8] {
    let kind = byte()
    if kind & 7 == 0 { return bytes(Int(byte()) % 96) }
    var packet = packet(fromInside: fromInside).bytes(payload: bytes(Int(kind >> 6)))
    for _ in 0..<Int(kind >> 3 & 3) { packet[Int(byte()) % packet.count] = byte() }
    if kind & 7 == 1 { packet.removeLast(Int(byte()) % packet.count) }
    if kind & 7 == 2 { packet += bytes(Int(byte()) % 8) }
    if kind & 4 != 0 { setHeaderChecksum(&packet) }
    return packet
  }
}
