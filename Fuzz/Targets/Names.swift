internal import MulticastDNS
internal import SansIO
internal import TransportAddress

/// Any bytes as a response of DNS, read or refused; then as datagrams to a resolver of names.
func resolveNames(_ bytes: [UInt8]) {
  if let response = try? DNSResponse(bytes.span) {
    demand(response.records.count * 11 <= bytes.count, "more records than bytes")
    for record in response.records {
      demand(record.name.bytes.count <= 255 && record.name.bytes.last == 0, "no name")
      _ = record.name.description
    }
  }
  takeNames(bytes)
}

/// A resolver that is asked for two names takes the bytes as datagrams: a byte with the length, one with the
/// time since the last in steps of 10 ms, one of which a bit says by which way.
///
/// A length of 0 stands for a sound answer to the first name, whose address has the third byte for its last.
private func takeNames(_ bytes: [UInt8]) {
  var resolver = MulticastResolver()
  var generator = SeededGenerator(seed: 1)
  var (now, index) = (Instant.zero, 0)
  var (queryCount, results) = (0, [String: Int]())
  let names = ["a.local", "b.local"]
  for name in names {
    demand(resolver.wanted(name, at: now, using: &generator), "a name is refused")
  }

  func drain() {
    while let action = resolver.nextAction() {
      switch action {
      case .send(let bytes):
        queryCount += 1
        demand(bytes.count == 25 && bytes[5] == 1, "a query is none")
      case .resolved(let name, _), .failed(let name): results[name, default: 0] += 1
      }
    }
  }

  func pass(to end: Instant) {
    while let next = resolver.nextDeadline, next <= end {
      now = max(now, next)
      resolver.timerFired(at: now)
      drain()
      demand(resolver.nextDeadline.map { $0 > now } ?? true, "a deadline stays")
    }
    now = end
  }

  drain()
  while index + 2 < bytes.count {
    let end = min(bytes.count, index + 3 + Int(bytes[index]))
    pass(to: now.advanced(by: .milliseconds(10 * Int64(bytes[index + 1]))))
    let datagram =
      bytes[index] == 0 ? answer(bytes[index + 2]) : Array(bytes[(index + 3)..<end])
    resolver.received(
      datagram.span, from: "192.0.2.1:5353", by: bytes[index + 2] & 1 == 0 ? .multicast : .unicast,
      at: now)
    drain()
    index = end
  }
  pass(to: now.advanced(by: MulticastResolver.timeLimit))
  demand(!resolver.isAsking, "a name is asked for without end")
  demand(queryCount <= 2 * names.count * MulticastResolver.queryLimit, "too many queries")
  demand(
    names.allSatisfy { results[$0] == 1 } && results.count == names.count, "not one result each")
}

/// An A record of the first name.
private func answer(_ last: UInt8) -> [UInt8] {
  [0, 0, 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, UInt8(ascii: "a"), 5] + Array("local".utf8)
    + [0, 0, 1, 0x80, 1, 0, 0, 0, 120, 0, 4, 192, 0, 2, last]
}
