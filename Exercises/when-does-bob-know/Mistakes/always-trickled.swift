// Fails: Without trickle all arrive together, after the last one was found
// You send each candidate at once even where they go in one message. That message waits for the last.
func arrivalTimes(found: [Int], latency: Int, trickles: Bool) -> [Int] {
  found.map { $0 + latency }
}
