/// Chooses how often Alice sends a keepalive when she has nothing else to send.
///
/// Her packets go through several boxes, such as her own and her provider's.
/// Each forgets a mapping when nothing has come from her for its time: after
/// exactly 30 s of 30 it is gone.
///
/// You will need:
///
///     timeouts.min() ?? 0    // the smallest number of a list
///     (a - 1) / b            // the largest n with n * b < a
///
/// - Parameters:
///   - timeouts: after how many seconds each box on her way forgets.
///   - losses: how many keepalives in a row may be lost without harm.
/// - Returns: the seconds from one keepalive to the next, as many as are safe.
func keepaliveInterval(timeouts: [Int], losses: Int) -> Int {
  // Your code here.
  return 0
}
