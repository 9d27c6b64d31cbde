// Fails: Each packet from the inside starts the clock anew
// You count from the first packet alone. Each packet from the inside that finds the mapping there
// starts the clock anew: that is what keepalives are for.
func mappingEnds(sent: [Int], received: [Int], timeout: Int) -> Int {
  sent[0] + timeout
}
