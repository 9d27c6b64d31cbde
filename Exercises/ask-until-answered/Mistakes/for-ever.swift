// Fails: After the seventh send it waits eight seconds, and gives up
// You never give up. If nobody is there, the waits get longer and longer, and somebody waits for a call
// that will not come.
func act(
  now: Int, sends: [Int], isAnswered: Bool
) -> (sends: Bool, wakesAt: Int?) {
  if isAnswered { return (false, nil) }
  guard let last = sends.last else { return (true, now + 500) }
  let due = last + 500 << (sends.count - 1)
  if now < due { return (false, due) }
  return (true, now + 500 << sends.count)
}
