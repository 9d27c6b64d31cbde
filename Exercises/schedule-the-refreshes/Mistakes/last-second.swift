// Fails: When the call is over nothing is renewed
// You renew something in the very second in which the call is over. Nobody needs it any more.
func refreshTimes(lifetimes: [Int], margin: Int, until end: Int) -> [Int] {
  var times: Set<Int> = []
  for lifetime in lifetimes {
    let interval = lifetime - margin
    for time in stride(from: interval, through: end, by: interval) { times.insert(time) }
  }
  return times.sorted()
}
