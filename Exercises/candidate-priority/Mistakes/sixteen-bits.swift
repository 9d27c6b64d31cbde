// Fails: Between them stand the two bytes of the local preference
// You shift the local preference while it has sixteen bits, and its upper byte falls off. Make a
// UInt32 of it before you shift.
import ICE

func candidatePriority(
  _ type: CandidateType, localPreference: UInt16, component: ComponentID
) -> UInt32 {
  UInt32(type.preference) << 24
    + UInt32(localPreference << 8)
    + (256 - UInt32(component.rawValue))
}
