import CAllocationCounter
import STUNWorks

@main enum Main {
  /// Prints a line for each work, or for the one that is named: its name, nanoseconds and allocations each time, the
  /// latter rounded up. With a work and a count it only does the work so often, for a tool that counts instructions.
  static func main() throws {
    if CommandLine.arguments.count == 3, let count = Int(CommandLine.arguments[2]),
      let work = Work.all.first(where: { $0.name == CommandLine.arguments[1] })
    {
      return try work.run(count)
    }
    let clock = ContinuousClock()
    let named = CommandLine.arguments.dropFirst().first
    for work in Work.all where named == nil || work.name == named {
      // What is made on first use is not the packet's doing.
      try work.run(1000)
      let before = allocation_count()
      let start = clock.now
      try work.run(work.count)
      let time = start.duration(to: clock.now)
      // Rounded up: a single one in all of them is seen.
      let allocations = (Int(allocation_count() - before) + work.count - 1) / work.count
      print("\(work.name)\t\(time / .nanoseconds(1) / Double(work.count))\t\(allocations)")
    }
    if sink == 0 { print("nothing was done") }
  }
}
