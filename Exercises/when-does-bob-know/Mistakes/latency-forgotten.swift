// Fails: With trickle each candidate arrives a latency after it was found
// You say when each is sent. Bob knows it a latency later.
func arrivalTimes(found: [Int], latency: Int, trickles: Bool) -> [Int] {
  let last = found.max() ?? 0
  return found.map { trickles ? $0 : last }
}
