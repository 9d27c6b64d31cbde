// Fails: Woken too early it waits on, for the same moment
// When you are woken too early, you begin the wait anew. With a packet of something else every 20 ms
// it would never end.
func act(
  now: Int, sends: [Int], isAnswered: Bool
) -> (sends: Bool, wakesAt: Int?) {
  if isAnswered { return (false, nil) }
  guard let last = sends.last else { return (true, now + 500) }
  let wait = sends.count == 7 ? 8000 : 500 << (sends.count - 1)
  if now < last + wait { return (false, now + wait) }
  if sends.count == 7 { return (false, nil) }
  return (true, now + (sends.count == 6 ? 8000 : 500 << sends.count))
}
