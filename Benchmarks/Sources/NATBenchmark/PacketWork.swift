import CAllocationCounter
import IPPacket
import NATTable
import SansIO
import TransportAddress

/// A packet's whole way, from its bytes to its bytes: read, looked up, tracked, its timer refreshed,
/// addresses, ports and checksums rewritten. The clock moves on by a microsecond a packet.
struct PacketWork {
  let traffic: Traffic

  init(_ traffic: Traffic) {
    self.traffic = traffic
  }

  func measure() {
    let before = Int(allocated_bytes())
    var (table, outsides) = traffic.table()
    let held =
      Int(allocated_bytes()) - before - outsides.capacity * MemoryLayout<TransportAddress>.stride
    let memory = Double(held) / Double(traffic.count)
    if traffic.count > 1000 { print("ours\tmemory-\(traffic.name)\t\(memory)\t0") }

    var now = Instant.zero
    let out = traffic.order.map { Packet(from: $0, to: Traffic.server) }
    send("hit-out", out, through: &table, &now, fromInside: true, expecting: .forward)
    let answers = outsides.map { Packet(from: Traffic.server, to: $0) }
    send("hit-in", answers, through: &table, &now, fromInside: false, expecting: .forward)
    let strangers = outsides.map { Packet(from: Traffic.stranger, to: $0) }
    send("miss", strangers, through: &table, &now, fromInside: false, expecting: .drop(.filtered))
    outsides = []

    let later = now.advanced(by: .seconds(1000))
    var clock = Stopwatch()
    clock.start()
    sink &+= UInt64(table.expire(at: later))
    clock.stop(after: traffic.count)
    clock.report("ours", "expiry-\(traffic.name)")
    precondition(table.count == 0)
    // In a table that has held as many before: it needs no more memory.
    now = later
    let new = (0..<traffic.count).map { Packet(from: Traffic.inside($0), to: Traffic.server) }
    send("new", new, through: &table, &now, fromInside: true, expecting: .forward, rounds: 1)
    precondition(table.count == traffic.count)
  }

  private func send(
    _ work: String, _ packets: [Packet], through table: inout NATTable, _ now: inout Instant,
    fromInside: Bool, expecting: NATTable.ByteVerdict, rounds: Int? = nil
  ) {
    // 32 bytes each, 28 of them the packet: they are found as they would be in a ring of frames.
    var templates: [UInt8] = []
    for packet in packets { templates += packet.bytes() + [0, 0, 0, 0] }
    var frames = templates
    var clock = Stopwatch()
    for _ in 0..<(rounds ?? traffic.rounds) {
      frames.replaceSubrange(0..<frames.count, with: templates)
      clock.start()
      frames.withUnsafeMutableBufferPointer { frames in
        var place = 0
        while place < frames.count {
          let frame = UnsafeMutableBufferPointer(rebasing: frames[place..<place + 28])
          var bytes = frame.mutableSpan
          now.nanoseconds += 1000
          let verdict =
            fromInside ? table.outbound(&bytes, at: now) : table.inbound(&bytes, at: now)
          precondition(verdict == expecting, "a packet has another fate")
          place += 32
        }
      }
      clock.stop(after: packets.count)
    }
    clock.report("ours", "\(work)-\(traffic.name)")
  }
}
