// Fails: An allocation is renewed before its life ends
// You renew it in the second in which it ends. A request may be lost and must then be sent again, so
// it is made some time before: that is what the margin is for.
func refreshTimes(lifetimes: [Int], margin: Int, until end: Int) -> [Int] {
  var times: Set<Int> = []
  for lifetime in lifetimes {
    for time in stride(from: lifetime, to: end, by: lifetime) { times.insert(time) }
  }
  return times.sorted()
}
