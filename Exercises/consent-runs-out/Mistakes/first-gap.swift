// Fails: A few lost ones do no harm
// You end the call at the first check that gets no response. Packets are lost every day: it takes 30
// seconds without one.
func endOfConsent(responses: [Int], callEnd: Int) -> Int? {
  var last = 0
  for response in responses {
    if response > last + 6 { break }
    last = response
  }
  return last + 30 < callEnd ? last + 30 : nil
}
