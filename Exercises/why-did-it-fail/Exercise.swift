import TransportAddress

/// Says why a box drops a packet from outside, as you read it off a ladder.
///
/// The box looks at addresses and ports. Its table has, for each outside
/// endpoint, all that was sent to through it. You will need:
///
///     // The endpoints, if there is a mapping.
///     guard let known = table[destination] else { return "…" }
///     known.contains(source)
///     known.contains { $0.address == source.address }
///
/// - Parameters:
///   - source: where the packet comes from when it reaches the box.
///   - destination: the outside endpoint that it goes to.
///   - table: the box's mappings.
/// - Returns: `"no mapping"`; `"another port"` if only the port is one that was
///   not sent to; `"never called"` if nothing was sent to that address; nil if
///   the packet gets in.
func whyDidItFail(
  source: TransportAddress, destination: TransportAddress,
  table: [TransportAddress: [TransportAddress]]
) -> String? {
  // Your code here.
  return nil
}
