internal import Sockets
internal import TLS
internal import TURN
internal import TransportAddress

/// What a server has in common with those of other threads; nothing, unless said otherwise.
struct ThreadPart {
  /// When the clocks of all of them were at zero: a nonce of one is as old for another.
  var start = ContinuousClock.now
  /// What they know together.
  var allocations: SharedAllocations?
  /// Whether others join this one at its UDP sockets' endpoints.
  var isJoined = false
  /// The endpoints of the first one's UDP sockets, for one that joins it. It listens at no others.
  var joins: [TransportAddress] = []
  /// Takes a client's connection to the thread that serves its address; false where that is this one.
  var passOn: (StreamSocket, TLSContext?) -> Bool = { _, _ in false }
}
