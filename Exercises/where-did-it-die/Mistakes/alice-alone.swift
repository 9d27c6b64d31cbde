// Fails: Requests that Bob gets and does not answer end at Bob
// You look at Alice's capture alone. There all three faults look the same: requests, and no response.
// Bob's capture tells them apart.
func whereItEnds(
  sent: Int, arrived: Int, answered: Int, returned: Int
) -> String? {
  if sent == 0 { return "not sent" }
  return returned == 0 ? "on the way there" : nil
}
