func mappingEnds(sent: [Int], received: [Int], timeout: Int) -> Int {
  var end = sent[0] + timeout
  for time in sent {
    if time >= end { return end }
    end = time + timeout
  }
  return end
}
