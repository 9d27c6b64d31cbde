func act(
  now: Int, sends: [Int], isAnswered: Bool
) -> (sends: Bool, wakesAt: Int?) {
  if isAnswered { return (false, nil) }
  guard let last = sends.last else { return (true, now + 500) }
  let due = last + wait(after: sends.count)
  if now < due { return (false, due) }
  if sends.count == 7 { return (false, nil) }
  return (true, now + wait(after: sends.count + 1))
}

private func wait(after count: Int) -> Int {
  count == 7 ? 8000 : 500 << (count - 1)
}
