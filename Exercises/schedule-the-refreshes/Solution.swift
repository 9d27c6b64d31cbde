func refreshTimes(lifetimes: [Int], margin: Int, until end: Int) -> [Int] {
  var times: Set<Int> = []
  for lifetime in lifetimes {
    let interval = lifetime - margin
    for time in stride(from: interval, to: end, by: interval) { times.insert(time) }
  }
  return times.sorted()
}
