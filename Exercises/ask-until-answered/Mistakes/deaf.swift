// Fails: Once the response is there nothing is sent any more
// You do not look whether the response has come. The client would go on asking for what it knows.
func act(
  now: Int, sends: [Int], isAnswered: Bool
) -> (sends: Bool, wakesAt: Int?) {
  guard let last = sends.last else { return (true, now + 500) }
  let due = last + wait(after: sends.count)
  if now < due { return (false, due) }
  if sends.count == 7 { return (false, nil) }
  return (true, now + wait(after: sends.count + 1))
}

private func wait(after count: Int) -> Int {
  count == 7 ? 8000 : 500 << (count - 1)
}
