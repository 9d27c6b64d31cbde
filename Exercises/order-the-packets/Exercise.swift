/// Puts packets of voice in the order in which they were sent, and leaves a
/// gap for each that is missing.
///
/// Each packet has the number of the one before and 1. The number behind 65535
/// is 0. Some packets overtake others, some are lost, some come twice.
///
/// You will need:
///
///     Int16(bitPattern: b &- a)    // how far b is ahead of a, also across
///                                  // 65535; negative if it is behind a
///     a &+ 1                       // the number behind a
///     Set(arrived).contains(a)
///
/// - Parameter arrived: the numbers in the order in which they came, all of
///   them within a few seconds.
/// - Returns: the numbers from the earliest sent to the latest, each once; nil
///   for one in between that has not come.
func playOrder(_ arrived: [UInt16]) -> [UInt16?] {
  // Your code here.
  return []
}
