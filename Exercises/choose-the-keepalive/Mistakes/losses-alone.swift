// Fails: A keepalive that is lost does no harm
// You divide by the number of losses. If one keepalive is lost, two intervals pass until the next one
// comes through: there is always one interval more than losses.
func keepaliveInterval(timeouts: [Int], losses: Int) -> Int {
  let shortest = timeouts.min() ?? 0
  return (shortest - 1) / max(losses, 1)
}
