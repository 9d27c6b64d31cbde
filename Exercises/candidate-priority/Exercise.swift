import ICE

/// Computes the priority of a candidate (RFC 8445 §5.1.2.1).
///
///     priority = 2^24 * type preference + 2^8 * local preference
///       + (256 - component)
///
/// You will need:
///
///     type.preference               // 126, 110, 100 or 0, as a UInt8
///     component.rawValue            // 1, 2, …, as a UInt16
///     UInt32(localPreference) << 8  // 2^8 times as much, in 32 bits
///
/// - Parameters:
///   - type: how the candidate was found.
///   - localPreference: its rank among those of its type, the higher the
///     better.
///   - component: the number of the port within its stream.
func candidatePriority(
  _ type: CandidateType, localPreference: UInt16, component: ComponentID
) -> UInt32 {
  // Your code here.
  return 0
}
