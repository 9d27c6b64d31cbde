// Fails: From a renewal on it lives as long again
// You count each life from the end of the one before it. It begins with the renewal: what is renewed
// in second 540 is over in second 1140, and you come in that very second.
func refreshTimes(lifetimes: [Int], margin: Int, until end: Int) -> [Int] {
  var times: Set<Int> = []
  for lifetime in lifetimes {
    for time in stride(from: lifetime - margin, to: end, by: lifetime) { times.insert(time) }
  }
  return times.sorted()
}
