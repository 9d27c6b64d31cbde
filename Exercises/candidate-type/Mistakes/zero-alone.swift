// Fails: 0, 1 and 2 are relayed
// Only 0 is taken for a relayed candidate. Browsers rank their relays by that byte, too: 2 by UDP, 1
// by TCP, 0 by TLS.
import ICE

func candidateType(ofPriority priority: UInt32) -> CandidateType? {
  switch priority >> 24 {
  case 126: .host
  case 110: .peerReflexive
  case 100: .serverReflexive
  case 0: .relayed
  default: nil
  }
}
