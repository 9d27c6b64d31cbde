/// Takes one off the TTL (time to live) of a packet that a router passes on.
///
/// At zero the packet is dropped, so that one that is sent in a circle does not
/// go around for ever.
///
/// You will need:
///
///     timeToLive > 1    // compares
///     timeToLive - 1    // crashes if it is 0: a UInt8 has no number below 0
///     nil               // no packet leaves
///
/// - Parameter timeToLive: the TTL with which the packet came, 0 to 255.
/// - Returns: the TTL with which it leaves; nil if the router drops it.
func passOn(timeToLive: UInt8) -> UInt8? {
  // Your code here.
  return timeToLive
}
