/// Says where Alice's checks of a pair end, from a capture at either end.
///
/// Single packets get lost every day, and the checks are sent again. So it does
/// not matter how many have come, but whether any has. Ask in the order of the
/// way: her request leaves, it arrives, Bob's response leaves, it arrives.
///
/// - Parameters:
///   - sent: how many requests stand in Alice's capture, as sent.
///   - arrived: how many of them stand in Bob's, as received.
///   - answered: how many responses stand in Bob's, as sent.
///   - returned: how many of them stand in Alice's, as received.
/// - Returns: the first of the four that is missing: `"not sent"`,
///   `"on the way there"`, `"at Bob"` or `"on the way back"`; nil if none is.
func whereItEnds(
  sent: Int, arrived: Int, answered: Int, returned: Int
) -> String? {
  // Your code here.
  return nil
}
