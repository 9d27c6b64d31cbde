/// When an agent must stop sending, since its consent has run out
/// (RFC 7675 §5.1).
///
/// Consent is first given in second 0. Each valid response renews it: for 30
/// seconds from then on.
///
/// You will need:
///
///     var last = 0
///     for response in responses { … }
///     if response >= last + 30 { break }   // leaves the loop
///
/// - Parameters:
///   - responses: the seconds in which a valid response to a consent check
///     came, the earliest first.
///   - callEnd: the second in which Alice hangs up.
/// - Returns: the second in which consent runs out; nil if Alice hangs up
///   before.
func endOfConsent(responses: [Int], callEnd: Int) -> Int? {
  // Your code here.
  return 0
}
