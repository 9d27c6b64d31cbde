// Fails: The last byte is the component, taken from 256
// You add the component as it is. Then the second component comes before the first: take it from 256.
import ICE

func candidatePriority(
  _ type: CandidateType, localPreference: UInt16, component: ComponentID
) -> UInt32 {
  UInt32(type.preference) << 24 + UInt32(localPreference) << 8 + UInt32(component.rawValue)
}
