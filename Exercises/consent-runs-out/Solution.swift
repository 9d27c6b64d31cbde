func endOfConsent(responses: [Int], callEnd: Int) -> Int? {
  var last = 0
  for response in responses {
    if response >= last + 30 { break }
    last = response
  }
  return last + 30 < callEnd ? last + 30 : nil
}
