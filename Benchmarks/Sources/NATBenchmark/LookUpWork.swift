import FlatMap
@_spi(Measurement) import NATTable
import ProtocolTime
import TransportAddress

/// From a packet's ends to its mapping and session, beside one probe of a flat map with the same
/// ends and as large a value: both are calls into another module, in the same order, reading two
/// parts of what they find.
struct LookUpWork {
  let traffic: Traffic
  let table: NATTable
  let outsides: [TransportAddress]

  init(_ traffic: Traffic) {
    self.traffic = traffic
    (table, outsides) = traffic.table()
  }

  func measure() {
    measureOutbound()
    measureInbound()
  }

  private func measureOutbound() {
    let map = FlatMap(capacity: traffic.count)
    for number in 0..<traffic.count {
      map.insert(
        17, from: Traffic.inside(number), to: Traffic.server,
        FlatMap.Value(port: UInt16(number & 0xFFFF), expires: 300))
    }
    let name = "find-out-\(traffic.name)"
    visit("probe", name, traffic.order) { inside in
      guard let found = map.find(17, from: inside, to: Traffic.server) else { return 0 }
      return UInt64(found.port) &+ UInt64(bitPattern: found.expires)
    }
    visit("ours", name, traffic.order) { inside in
      guard let found = table.lookUpOutbound(.udp, from: inside, to: Traffic.server) else {
        return 0
      }
      return UInt64(found.port) &+ UInt64(bitPattern: found.expires.nanoseconds)
    }
  }

  private func measureInbound() {
    let map = FlatMap(capacity: traffic.count)
    for outside in Set(outsides) {
      map.insert(
        17, from: Traffic.server, to: outside, FlatMap.Value(port: outside.port, expires: 300))
    }
    let name = "find-in-\(traffic.name)"
    visit("probe", name, outsides) { outside in
      guard let found = map.find(17, from: Traffic.server, to: outside) else { return 0 }
      return UInt64(found.port) &+ UInt64(bitPattern: found.expires)
    }
    visit("ours", name, outsides) { outside in
      guard let found = table.lookUpInbound(.udp, from: Traffic.server, to: outside) else {
        return 0
      }
      return UInt64(found.port) &+ UInt64(bitPattern: found.expires.nanoseconds)
    }
  }

  @inline(__always)
  private func visit(
    _ side: String, _ name: String, _ ends: [TransportAddress],
    _ body: (TransportAddress) -> UInt64
  ) {
    var sum: UInt64 = 0
    for end in ends { sum &+= body(end) }
    var clock = Stopwatch()
    clock.start()
    for _ in 0..<traffic.rounds {
      for end in ends {
        let found = body(end)
        precondition(found != 0, "a flow was not found")
        sum &+= found
      }
    }
    clock.stop(after: traffic.count * traffic.rounds)
    clock.report(side, name)
    sink &+= sum
  }
}
