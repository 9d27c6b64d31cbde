// Fails: A gap is left for what is lost
// You leave out what is lost. Then all behind it is played 20 ms too early, and the next packet is
// not there yet when it is wanted.
func playOrder(_ arrived: [UInt16]) -> [UInt16?] {
  guard let first = arrived.first else { return [] }
  return Set(arrived).sorted { left, right in
    Int16(bitPattern: left &- first) < Int16(bitPattern: right &- first)
  }
}
