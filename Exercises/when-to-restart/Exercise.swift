import TransportAddress

/// Decides, in the middle of a call, whether Alice goes on sending over the
/// selected pair, and whether she restarts ICE.
///
/// She may send as long as her host still has the address that the pair sends
/// from, and a consent check was answered less than 30 seconds ago.
///
/// A restart is due when she must not send any more, or when her host has got
/// an address that it did not have when she gathered: the way from there may be
/// a better one. Without any address she has to wait: no offer can be sent.
///
/// You will need:
///
///     now.contains(base)
///     now.isSubset(of: gathered)    // whether every one was gathered
///     now.isEmpty
///
/// - Parameters:
///   - base: the address that the selected pair sends from.
///   - gathered: the addresses of the host when candidates were gathered.
///   - now: those that it has now.
///   - silence: the seconds since a consent check was last answered.
func decide(
  base: IPAddress, gathered: Set<IPAddress>, now: Set<IPAddress>, silence: Int
) -> (sends: Bool, restarts: Bool) {
  // Your code here.
  return (false, false)
}
