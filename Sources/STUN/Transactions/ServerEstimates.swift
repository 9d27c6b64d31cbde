import SansIO
import TransportAddress

/// The round-trip estimates of the servers asked lately, the latest first.
///
/// An agent asks few servers, and mostly the one that it has just asked: a list whose hits move to the
/// front finds it at once, and its end is what to forget.
struct ServerEstimates: Sendable {
  /// The largest number of servers whose estimates are kept.
  static var capacity: Int { 256 }

  private var list: [(server: TransportAddress, estimate: RoundTripEstimate)] = []

  /// The estimate of this server; one of which nothing is known where it was never measured.
  ///
  /// - Complexity: O(*n*) in the servers asked since.
  subscript(server: TransportAddress) -> RoundTripEstimate {
    guard let index = list.firstIndex(where: { $0.server == server }) else {
      return RoundTripEstimate()
    }
    return list[index].estimate
  }

  /// Takes a round-trip time to this server.
  ///
  /// - Complexity: O(*n*) in the servers asked since.
  mutating func measured(_ time: Duration, to server: TransportAddress, at now: Instant) {
    if list.first?.server != server { moveToFront(server) }
    list[0].estimate.measured(time, at: now)
  }

  private mutating func moveToFront(_ server: TransportAddress) {
    if let index = list.firstIndex(where: { $0.server == server }) {
      list.insert(list.remove(at: index), at: 0)
    } else {
      if list.count == Self.capacity { list.removeLast() }
      list.insert((server, RoundTripEstimate()), at: 0)
    }
  }
}
