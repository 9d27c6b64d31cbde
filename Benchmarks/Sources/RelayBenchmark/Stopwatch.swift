import CAllocationCounter
import Glibc

/// What this thread has had of the processor, in nanoseconds.
func processorTime() -> Int64 {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

/// Prints what a packet took since then; any allocation at all is at least one. What warms up is not
/// worth a line.
func report(_ work: String, _ count: Int, _ time: Int64, _ allocations: UInt) {
  guard !work.hasPrefix("warm") else { return }
  let each = (Int(allocation_count() - allocations) + count - 1) / count
  print("ours\t\(work)\t\(Double(processorTime() - time) / Double(count))\t\(each)")
}
