// Fails: A router takes one off
// You drop a packet of TTL 2. It leaves with 1, and the next router, or the host behind it, gets it.
func passOn(timeToLive: UInt8) -> UInt8? {
  timeToLive > 2 ? timeToLive - 1 : nil
}
