/// Computes the jitter of packets that have come (RFC 3550 §6.4.1).
///
/// A packet's transit is its arrival less its timestamp. The two clocks do not
/// begin at the same time, so the transit by itself says nothing. But it would
/// not change if all packets took equally long. Jitter begins at 0, and with
/// each packet behind the first it moves by a sixteenth of the way to the
/// change of the transit from the packet before to this one, without its sign.
///
/// You will need:
///
///     packet.arrival &- packet.timestamp    // also if a clock begins anew
///     Int32(bitPattern: b &- a)             // by how much b is more than a
///     Double(change.magnitude)              // without the sign
///
/// - Parameter packets: a timestamp and a time of arrival for each packet, both
///   in units of 1/8000 s, in the order in which they came.
/// - Returns: the jitter after the last one, in the same units.
func jitter(
  of packets: [(timestamp: UInt32, arrival: UInt32)]
) -> Double {
  // Your code here.
  return -1
}
