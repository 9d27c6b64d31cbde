// Fails: Between them stand the two bytes of the local preference
// You shift the local preference by sixteen bits, into the byte of the type. Multiplying by 2^8 is a
// shift by eight.
import ICE

func candidatePriority(
  _ type: CandidateType, localPreference: UInt16, component: ComponentID
) -> UInt32 {
  UInt32(type.preference) << 24
    | UInt32(localPreference) << 16
    | (256 - UInt32(component.rawValue))
}
