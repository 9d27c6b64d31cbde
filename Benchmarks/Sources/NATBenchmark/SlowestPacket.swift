import IPPacket
import NATTable
import ProcessorTime
import SansIO
import TransportAddress

/// A million mappings without a slow packet: they come at the pace at which they expire, and each
/// packet's own time is taken while the table grows to its full size and then turns over once.
enum SlowestPacket {
  static func measure(_ traffic: Traffic) {
    var table = NATTable(.portRestrictedCone, external: traffic.external)
    // In 300 s as many as the table shall hold; then each new one meets an old one's end.
    let pause = Int64(300_000_000_000) / Int64(traffic.count)
    var times = [Int32](repeating: 0, count: 2 * traffic.count)
    var now = Instant.zero
    for number in 0..<2 * traffic.count {
      let packet = Packet(from: Traffic.inside(number % traffic.count), to: Traffic.server)
      now.nanoseconds += pause + (number == traffic.count ? pause : 0)
      let start = processorTime()
      let verdict = table.outbound(packet, at: now)
      times[number] = Int32(clamping: processorTime() - start)
      guard case .forward = verdict else { fatalError("a packet was dropped") }
    }
    times.sort()
    print("ours\tslow-9999\t\(times[times.count - times.count / 10_000])\t0")
    print("ours\tslow-max\t\(times[times.count - 1])\t0")
  }
}
