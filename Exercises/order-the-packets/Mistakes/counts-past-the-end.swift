// Fails: Behind 65535 comes 0
// You count from the earliest to the latest with ordinary numbers. At 50 packets a second the numbers
// begin anew every 22 minutes, and then the latest is the smaller one.
func playOrder(_ arrived: [UInt16]) -> [UInt16?] {
  guard var earliest = arrived.first, var latest = arrived.first else { return [] }
  for number in arrived {
    if Int16(bitPattern: number &- earliest) < 0 { earliest = number }
    if Int16(bitPattern: number &- latest) > 0 { latest = number }
  }
  let known = Set(arrived)
  return (earliest...latest).map { known.contains($0) ? $0 : nil }
}
