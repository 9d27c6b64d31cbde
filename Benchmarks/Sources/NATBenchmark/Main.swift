import NATTable
import SansIO
import TransportAddress

/// Keeps a result, so that the work that made it is not left out.
nonisolated(unsafe) var sink: UInt64 = 0

/// Prints lines `ours` or `probe`, work, nanoseconds, allocations, divided by tabs; for memory
/// and for the slowest packet the figure is not nanoseconds.
///
/// With an argument, what is measured for one size; without, for all three.
@main
enum Main {
  static func main() {
    let sizes = CommandLine.arguments.dropFirst().compactMap { Int($0) }
    for size in sizes.isEmpty ? [1000, 64_000, 1_000_000] : sizes {
      let traffic = Traffic(size)
      LookUpWork(traffic).measure()
      PacketWork(traffic).measure()
      if size == 1000 { IPv6Work(traffic).measure() }
      if size == 1_000_000 { SlowestPacket.measure(traffic) }
    }
    if sink == 0 { print("nothing was done") }
  }
}
