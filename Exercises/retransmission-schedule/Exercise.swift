/// When a request over UDP is sent, in milliseconds after its first send.
///
/// The request is sent `sendCount` times (Rc) as long as no answer comes. The
/// first wait is `rto` long, and each further wait is twice the one before it
/// (RFC 8489 §6.2.1). You will need:
///
///     for _ in 0..<sendCount { … }    // no round at all if it is zero
///     times.append(time)
///     times.last ?? 0                 // zero if there is none
func sendTimes(rto: Int, sendCount: Int) -> [Int] {
  // Your code here.
  return []
}

/// When the request has failed, in milliseconds after its first send.
///
/// After the last send the client waits once more: `lastWaitFactor` (Rm) times
/// `rto`.
func failureTime(rto: Int, sendCount: Int, lastWaitFactor: Int) -> Int {
  // Your code here.
  return 0
}
