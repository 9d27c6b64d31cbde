import CAllocationCounter
import ProcessorTime

/// Prints what a packet took since then; any allocation at all is at least one. What warms up is not
/// worth a line.
func report(_ work: String, _ count: Int, _ time: Int64, _ allocations: UInt) {
  guard !work.hasPrefix("warm") else { return }
  let each = (Int(allocation_count() - allocations) + count - 1) / count
  print("ours\t\(work)\t\(Double(processorTime() - time) / Double(count))\t\(each)")
}
