internal import TransportAddress

/// How many allocations there are, and how many each user and each client's address has.
struct AllocationCounts: Sendable {
  /// All of them, with those whose sockets are being opened.
  private(set) var total = 0
  /// The allocations and reserved ports of each user.
  private var byUser: [String: Int] = [:]
  /// Those of each client's address, of IPv6 of each /64.
  private var byAddress: [IPAddress: Int] = [:]

  /// Counts an allocation, unless that would be above a quota.
  ///
  /// - Parameters:
  ///   - reservations: the ports that it reserves.
  ///   - spent: the reservations that it uses up, which are still counted.
  mutating func take(
    by user: String, at address: IPAddress, reserving reservations: Int, spending spent: Int,
    _ limits: TURNServer.Limits
  ) -> Bool {
    guard
      (byUser[user] ?? 0) + 1 + reservations - spent <= limits.allocationsPerUser,
      hasRoom(at: address, limits)
    else { return false }
    total += 1
    byUser[user, default: 0] += 1 + reservations
    enter(address)
    return true
  }

  /// An allocation is over; what it has reserved is not.
  mutating func end(by user: String, at address: IPAddress) {
    total -= 1
    lower(user)
    leave(address)
  }

  /// A reserved port is used or free again.
  mutating func endReservation(of user: String) { lower(user) }

  private mutating func lower(_ user: String) {
    guard let count = byUser[user] else { return }
    byUser[user] = count > 1 ? count - 1 : nil
  }

  // MARK: - Addresses

  /// Whether one more allocation may be reached from an address.
  func hasRoom(at address: IPAddress, _ limits: TURNServer.Limits) -> Bool {
    (byAddress[address.accounted] ?? 0) < limits.allocationsPerAddress
  }

  /// An allocation is reached from this address, too.
  mutating func enter(_ address: IPAddress) { byAddress[address.accounted, default: 0] += 1 }

  /// An allocation is not reached from this address any more.
  mutating func leave(_ address: IPAddress) {
    let count = byAddress[address.accounted] ?? 1
    byAddress[address.accounted] = count > 1 ? count - 1 : nil
  }
}
