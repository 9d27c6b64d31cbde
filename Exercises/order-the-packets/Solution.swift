func playOrder(_ arrived: [UInt16]) -> [UInt16?] {
  guard var earliest = arrived.first, var latest = arrived.first else { return [] }
  for number in arrived {
    if Int16(bitPattern: number &- earliest) < 0 { earliest = number }
    if Int16(bitPattern: number &- latest) > 0 { latest = number }
  }
  let known = Set(arrived)
  var played: [UInt16?] = [earliest]
  var number = earliest
  while number != latest {
    number = number &+ 1
    played.append(known.contains(number) ? number : nil)
  }
  return played
}
