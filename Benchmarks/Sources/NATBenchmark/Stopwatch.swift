import CAllocationCounter
import ProcessorTime

/// Adds up what pieces of work cost: of the processor's time, as others' turns are not the table's.
struct Stopwatch {
  private var time: Int64 = 0
  private var allocations: UInt = 0
  private var count = 0
  private var startTime: Int64 = 0
  private var startAllocations: UInt = 0

  mutating func start() {
    startAllocations = allocation_count()
    startTime = processorTime()
  }

  mutating func stop(after works: Int) {
    time += processorTime() - startTime
    allocations += allocation_count() - startAllocations
    count += works
  }

  /// Nanoseconds a work.
  var average: Double { Double(time) / Double(count) }

  /// Prints nanoseconds and allocations a work; any allocation at all is at least one.
  func report(_ side: String, _ work: String) {
    let each = allocations == 0 ? 0 : max(1, Int(allocations) / count)
    print("\(side)\t\(work)\t\(average)\t\(each)")
  }
}
