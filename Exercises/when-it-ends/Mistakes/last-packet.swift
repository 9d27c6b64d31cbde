// Fails: What is sent too late does not bring it back
// You count from the last packet. If there was too long a silence before it, the mapping was gone, and
// that packet made another.
func mappingEnds(sent: [Int], received: [Int], timeout: Int) -> Int {
  (sent.last ?? 0) + timeout
}
