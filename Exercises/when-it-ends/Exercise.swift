/// Says when a mapping ends.
///
/// The first packet of the inside host makes it. You will need:
///
///     for time in sent { … }          // one after the other
///     if time >= end { return end }   // gone before this one was sent
///     sent[0] + timeout               // the end, if no other packet goes out
///
/// - Parameters:
///   - sent: when the inside host sent, in seconds, the first packet first; at
///     least one.
///   - received: when packets came in from the outside.
///   - timeout: after how many seconds without use the NAT forgets: after
///     exactly that, it is gone.
/// - Returns: the second at which the mapping ends.
func mappingEnds(sent: [Int], received: [Int], timeout: Int) -> Int {
  // Your code here.
  return timeout
}
