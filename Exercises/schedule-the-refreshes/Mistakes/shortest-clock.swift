// Fails: A permission and an allocation have a clock each
// You have one clock for all, the shortest. That keeps everything alive, but renews the allocation
// more often than it needs: each thing has a clock of its own.
func refreshTimes(lifetimes: [Int], margin: Int, until end: Int) -> [Int] {
  let interval = (lifetimes.min() ?? 600) - margin
  return Array(stride(from: interval, to: end, by: interval))
}
