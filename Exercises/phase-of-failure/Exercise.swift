import ICE

/// Says in which phase a call has failed, from what Alice's program knows.
///
/// What has worked proves all that stands before it. So ask from the end:
///
///     media > 0                 the call works: nil
///     isSelected                "consent" if no check was answered for 30
///                               seconds or more, otherwise "media"
///     succeeded > 0             "nomination"
///
/// If no pair has worked, ask from the beginning: `"gathering"` if she has
/// found host candidates alone, `"signaling"` if she has heard of no candidate
/// of Bob's, and otherwise `"checks"`. You will need:
///
///     types == [.host]
///
/// - Parameters:
///   - types: the types of the candidates that she has found.
///   - heard: how many candidates of Bob's she has heard of.
///   - succeeded: how many pairs have succeeded.
///   - isSelected: whether a pair has been selected.
///   - silence: the seconds since a consent check was last answered.
///   - media: how many packets of voice have come in the last second.
func phaseOfFailure(
  types: Set<CandidateType>, heard: Int, succeeded: Int, isSelected: Bool,
  silence: Int, media: Int
) -> String? {
  // Your code here.
  return nil
}
