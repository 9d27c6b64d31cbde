func keepaliveInterval(timeouts: [Int], losses: Int) -> Int {
  let shortest = timeouts.min() ?? 0
  return (shortest - 1) / (losses + 1)
}
