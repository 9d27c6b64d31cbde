// Fails: A packet that would leave with 0 is dropped
// You look at the TTL before one is taken off. What counts is what is left: a packet that would leave
// with 0 is dropped here, not at the next router.
func passOn(timeToLive: UInt8) -> UInt8? {
  timeToLive == 0 ? nil : timeToLive - 1
}
