import ICE

func candidateType(ofPriority priority: UInt32) -> CandidateType? {
  switch priority >> 24 {
  case 126: .host
  case 110: .peerReflexive
  case 100: .serverReflexive
  case 0...2: .relayed
  default: nil
  }
}
