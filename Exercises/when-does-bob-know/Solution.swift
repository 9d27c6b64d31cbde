func arrivalTimes(found: [Int], latency: Int, trickles: Bool) -> [Int] {
  let last = found.max() ?? 0
  return found.map { (trickles ? $0 : last) + latency }
}
