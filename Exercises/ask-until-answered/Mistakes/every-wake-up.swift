// Fails: Woken too early it waits on, for the same moment
// You send whenever you are woken. Look at the time of the last send first: the wait may not be over,
// and a client that sends with every packet that comes in makes a storm.
func act(
  now: Int, sends: [Int], isAnswered: Bool
) -> (sends: Bool, wakesAt: Int?) {
  if isAnswered { return (false, nil) }
  guard !sends.isEmpty else { return (true, now + 500) }
  if sends.count == 7 { return (false, nil) }
  let count = sends.count + 1
  return (true, now + (count == 7 ? 8000 : 500 << (count - 1)))
}
