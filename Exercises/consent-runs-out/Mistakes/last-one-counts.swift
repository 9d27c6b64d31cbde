// Fails: A response that comes too late does not bring it back
// You look at the last response alone. If the silence before it was too long, the agent had stopped
// sending already, and only a restart begins again.
func endOfConsent(responses: [Int], callEnd: Int) -> Int? {
  let end = (responses.last ?? 0) + 30
  return end < callEnd ? end : nil
}
