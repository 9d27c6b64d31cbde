import ICE

func candidatePriority(
  _ type: CandidateType, localPreference: UInt16, component: ComponentID
) -> UInt32 {
  UInt32(type.preference) << 24
    + UInt32(localPreference) << 8
    + (256 - UInt32(component.rawValue))
}
