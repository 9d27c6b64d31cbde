// Fails: What comes twice is played once
// You play what comes twice two times. The copy has the same number: it is the same 20 ms.
func playOrder(_ arrived: [UInt16]) -> [UInt16?] {
  guard let first = arrived.first else { return [] }
  let sorted = arrived.sorted { left, right in
    Int16(bitPattern: left &- first) < Int16(bitPattern: right &- first)
  }
  var played: [UInt16?] = []
  var wanted = sorted[0]
  for number in sorted {
    while Int16(bitPattern: number &- wanted) > 0 {
      played.append(nil)
      wanted = wanted &+ 1
    }
    played.append(number)
    wanted = number &+ 1
  }
  return played
}
