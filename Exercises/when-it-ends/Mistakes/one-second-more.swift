// Fails: At the very second of its end it is gone
// A packet in the very second of the end still refreshes in your answer. By then the mapping is gone.
func mappingEnds(sent: [Int], received: [Int], timeout: Int) -> Int {
  var end = sent[0] + timeout
  for time in sent {
    if time > end { return end }
    end = time + timeout
  }
  return end
}
