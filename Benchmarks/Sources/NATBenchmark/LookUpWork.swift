import FlatMap
@_spi(Measurement) import NATTable
import SansIO
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
    compare("find-out-\(traffic.name)", traffic.order) { inside in
      guard let found = map.find(17, from: inside, to: Traffic.server) else { return 0 }
      return UInt64(found.port) &+ UInt64(bitPattern: found.expires)
    } ours: { inside in
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
    compare("find-in-\(traffic.name)", outsides) { outside in
      guard let found = map.find(17, from: Traffic.server, to: outside) else { return 0 }
      return UInt64(found.port) &+ UInt64(bitPattern: found.expires)
    } ours: { outside in
      guard let found = table.lookUpInbound(.udp, from: Traffic.server, to: outside) else {
        return 0
      }
      return UInt64(found.port) &+ UInt64(bitPattern: found.expires.nanoseconds)
    }
  }

  /// Visits all ends with both sides in turn, nine times: a single visit of some milliseconds says
  /// more of who else uses the processor's caches. The middle one of the times counts.
  @inline(__always)
  private func compare(
    _ name: String, _ ends: [TransportAddress], probe: (TransportAddress) -> UInt64,
    ours: (TransportAddress) -> UInt64
  ) {
    var clocks: (probe: [Stopwatch], ours: [Stopwatch]) = ([], [])
    for _ in 0..<9 {
      clocks.probe.append(visit(ends, probe))
      clocks.ours.append(visit(ends, ours))
    }
    for (side, clocks) in [("probe", clocks.probe), ("ours", clocks.ours)] {
      clocks.sorted { $0.average < $1.average }[clocks.count / 2].report(side, name)
    }
  }

  @inline(__always)
  private func visit(
    _ ends: [TransportAddress], _ body: (TransportAddress) -> UInt64
  ) -> Stopwatch {
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
    sink &+= sum
    return clock
  }
}
