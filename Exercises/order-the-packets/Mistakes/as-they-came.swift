// Fails: A packet that was overtaken is put back
// You play them in the order in which they came. Packets may overtake each other, and a word with
// its pieces in the wrong order is none.
func playOrder(_ arrived: [UInt16]) -> [UInt16?] {
  var played: [UInt16?] = []
  for number in arrived where !played.contains(number) { played.append(number) }
  return played
}
