// Fails: The box that forgets first decides
// You look at the first box alone. Each box on the way must remember, so the least patient decides.
func keepaliveInterval(timeouts: [Int], losses: Int) -> Int {
  let own = timeouts.first ?? 0
  return (own - 1) / (losses + 1)
}
