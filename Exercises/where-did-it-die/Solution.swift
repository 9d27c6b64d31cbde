func whereItEnds(
  sent: Int, arrived: Int, answered: Int, returned: Int
) -> String? {
  if sent == 0 { return "not sent" }
  if arrived == 0 { return "on the way there" }
  if answered == 0 { return "at Bob" }
  return returned == 0 ? "on the way back" : nil
}
