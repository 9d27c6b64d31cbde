// Fails: Packets from the outside prolong nothing
// You let packets from the outside start the clock anew. Then a stranger could keep a mapping open for
// ever: only the inside host's own packets count.
func mappingEnds(sent: [Int], received: [Int], timeout: Int) -> Int {
  var end = sent[0] + timeout
  for time in (sent + received).sorted() {
    if time >= end { return end }
    end = time + timeout
  }
  return end
}
