// Fails: The last one found need not stand last
// You take the last of the list for the last one found. The list has no order: take the highest time.
func arrivalTimes(found: [Int], latency: Int, trickles: Bool) -> [Int] {
  let last = found.last ?? 0
  return found.map { (trickles ? $0 : last) + latency }
}
