// Fails: One box is refreshed before it forgets
// The keepalive comes in the very second in which the box forgets. It must come before.
func keepaliveInterval(timeouts: [Int], losses: Int) -> Int {
  let shortest = timeouts.min() ?? 0
  return shortest / (losses + 1)
}
