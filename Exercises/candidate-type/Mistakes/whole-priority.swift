// Fails: 126 is a host candidate, whatever follows it
// The whole priority is compared. Its last three bytes rank candidates of one type, and each program
// fills them in its own way: look at the first byte alone.
import ICE

func candidateType(ofPriority priority: UInt32) -> CandidateType? {
  switch priority {
  case 2_130_706_431: .host
  case 1_862_270_975: .peerReflexive
  case 1_694_498_815: .serverReflexive
  case 16_777_215: .relayed
  default: nil
  }
}
