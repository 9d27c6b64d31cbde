/// What a client does about its request at a moment, in milliseconds.
///
/// It sends its request up to seven times, until a response has come. After
/// the first send it waits 500 ms, and after each further one twice as long,
/// but after the seventh 8000 ms. If that is over, it gives up.
///
/// It may be woken before its wait is over, by other packets or another timer.
/// Then it does nothing, and waits for the same moment as before. You will
/// need:
///
///     guard let last = sends.last else { … }   // nothing was sent yet
///     500 << 2                                 // 500, doubled twice
///
/// - Parameters:
///   - now: the time.
///   - sends: when the request was sent so far, the earliest first.
///   - isAnswered: whether the response has come.
/// - Returns: whether it sends the request now, and when it must be woken next;
///   nil if it is done, or has given up.
func act(
  now: Int, sends: [Int], isAnswered: Bool
) -> (sends: Bool, wakesAt: Int?) {
  // Your code here.
  return (false, nil)
}
