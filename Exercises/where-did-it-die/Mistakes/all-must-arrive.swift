// Fails: Some that are lost are no fault
// You compare the numbers. Packets are lost every day, and a check is sent again for that reason: a way
// is closed only if nothing has come through it at all.
func whereItEnds(
  sent: Int, arrived: Int, answered: Int, returned: Int
) -> String? {
  if sent == 0 { return "not sent" }
  if arrived < sent { return "on the way there" }
  if answered < arrived { return "at Bob" }
  return returned < answered ? "on the way back" : nil
}
