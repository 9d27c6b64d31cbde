// Fails: Requests that Bob's capture does not have end on the way there
// You blame Bob's agent for requests that it has never got. Ask first whether any has come to him.
func whereItEnds(
  sent: Int, arrived: Int, answered: Int, returned: Int
) -> String? {
  if sent == 0 { return "not sent" }
  if answered == 0 { return "at Bob" }
  return returned == 0 ? "on the way back" : nil
}
