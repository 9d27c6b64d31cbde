// Fails: A packet that would leave with 0 is dropped
// You take one off and never drop. Below 0 the count begins again at 255, and a packet in a circle
// goes around for ever.
func passOn(timeToLive: UInt8) -> UInt8? {
  timeToLive &- 1
}
