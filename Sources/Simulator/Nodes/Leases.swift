import SansIO
import TransportAddress

/// The addresses that a router has leased to hosts, as a DHCP server does (RFC 2131).
///
/// The exchange itself is not simulated: it would put packets on the ladder that have nothing to do with
/// NATs. What matters of it is which host has an address, and until when. A host that is there renews
/// its lease when half of it is over (§4.4.5). The lease of a host that has gone therefore ends some time
/// later, and no other host gets the address before; a host that comes back in time gets its old address
/// (§4.3.1).
struct Leases: Sendable {
  /// How long a lease lasts.
  let duration: Duration
  /// The leases of hosts that have gone. For those that are there nothing is kept: the time when they
  /// came says all.
  private var leases: [IPv4Address: (host: NodeID, end: Instant)] = [:]
  private var addresses: [NodeID: IPv4Address] = [:]

  init(duration: Duration) {
    self.duration = duration
  }

  /// A host has gone that had an address since a time.
  mutating func leave(_ address: IPv4Address, _ host: NodeID, since start: Instant, at now: Instant)
  {
    leases[address] = (host, end(since: start, at: now))
    addresses[host] = address
  }

  /// A host has come, and has an address.
  mutating func come(_ address: IPv4Address, _ host: NodeID) {
    if leases.isEmpty { return }
    leases[address] = nil
    addresses[host] = nil
  }

  /// The address that a host had that comes back; nil if its lease is over, or it never was there.
  func address(of host: NodeID, at now: Instant) -> IPv4Address? {
    guard let address = addresses[host], leases[address]?.host == host,
      end(of: address, at: now) != nil
    else { return nil }
    return address
  }

  /// When the lease of an address ends whose host has gone; nil if it is over, or never was.
  func end(of address: IPv4Address, at now: Instant) -> Instant? {
    guard let end = leases[address]?.end, end > now else { return nil }
    return end
  }

  /// When the lease of a host that came at a time ends, if it does not renew it once more: it has done
  /// so at each half of its length.
  func end(since start: Instant, at now: Instant) -> Instant {
    let half = duration.wholeNanoseconds / 2
    let renewals = (now.nanoseconds - start.nanoseconds) / half
    return Instant(nanoseconds: start.nanoseconds + renewals * half).advanced(by: duration)
  }
}
