// Fails: Every other byte is nil
// The byte is taken for the next type below it. A byte of its own is a type of its own: one that you
// do not know is nil.
import ICE

func candidateType(ofPriority priority: UInt32) -> CandidateType? {
  switch priority >> 24 {
  case 126...: .host
  case 110...: .peerReflexive
  case 100...: .serverReflexive
  default: .relayed
  }
}
