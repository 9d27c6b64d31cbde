import ICE

/// Tells the type of a candidate by its priority, as one reads it in
/// Chromium's log.
///
/// You will need:
///
///     let byte = priority >> 24     // the first of the four bytes
///     switch byte { case 126: … }   // a case may also be a range: 0...2
///     return .serverReflexive       // or .host, .peerReflexive, .relayed
///
/// - Parameter priority: the candidate's priority.
/// - Returns: the type that the first byte stands for; nil if it stands for
///   none.
func candidateType(ofPriority priority: UInt32) -> CandidateType? {
  // Your code here.
  return nil
}
