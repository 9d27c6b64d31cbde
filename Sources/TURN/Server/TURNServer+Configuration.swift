internal import STUNCodec
public import TransportAddress

extension TURNServer {
  /// A relayed address with its ports.
  public struct RelayedAddress: Hashable, Sendable {
    /// The address that peers see.
    public let address: IPAddress
    /// The ports to draw from.
    public let ports: ClosedRange<UInt16>

    /// A relayed address with these ports, the dynamic range unless others are given.
    ///
    /// - Throws: for a range that begins at 0.
    public init(
      _ address: IPAddress, ports: ClosedRange<UInt16> = TURNConstants.relayedPorts
    ) throws(TURNConfigurationError) {
      guard ports.lowerBound > 0 else { throw .portZero }
      self.address = address
      self.ports = ports
    }

    private init(address: IPAddress, ports: ClosedRange<UInt16>) {
      (self.address, self.ports) = (address, ports)
    }

    /// The same address with one of so many parts of the ports: no two have a port in common, and each
    /// pair of an even one and the next stays together (EVEN-PORT).
    ///
    /// - Precondition: there are two ports for each part, where there are several.
    func part(_ index: Int, of count: Int) -> RelayedAddress {
      precondition(count == 1 || ports.count >= 2 * count, "two ports for each part")
      func first(_ index: Int) -> Int {
        let port = Int(ports.lowerBound) + ports.count * index / count
        return index == 0 || index == count ? port : port & ~1
      }
      // Inside the range, so they fit.
      return RelayedAddress(
        address: address, ports: UInt16(first(index))...UInt16(first(index + 1) - 1))
    }
  }

  /// What one user, one allocation and one source may have.
  public struct Limits: Hashable, Sendable {
    /// Allocations and reserved ports of one user; one more is refused with 486.
    ///
    /// Where the server asks for no credentials, all clients are one user.
    public var allocationsPerUser: Int
    /// Allocations of all clients at one address, of IPv6 in one /64; one more is refused with 486.
    ///
    /// Many people can be behind one address.
    public var allocationsPerAddress: Int
    /// Permissions of one allocation; one more is refused with 508.
    public var permissionsPerAllocation: Int
    /// Channels of one allocation; one more is refused with 508.
    public var channelsPerAllocation: Int
    /// TCP connections with peers of one allocation, with those that are being opened; one more is
    /// refused with 508, and one from a peer closed.
    public var connectionsPerAllocation: Int
    /// Responses a second to one source that has not proven its address, over datagrams.
    public var unprovenResponsesPerSecond: Int
    /// The same at once.
    public var unprovenResponsesAtOnce: Int

    /// Limits that a browser with many candidates does not meet.
    public init(
      allocationsPerUser: Int = 16, allocationsPerAddress: Int = 256,
      permissionsPerAllocation: Int = 128, channelsPerAllocation: Int = 64,
      connectionsPerAllocation: Int = 64,
      unprovenResponsesPerSecond: Int = 20, unprovenResponsesAtOnce: Int = 40
    ) {
      self.allocationsPerUser = allocationsPerUser
      self.allocationsPerAddress = allocationsPerAddress
      self.permissionsPerAllocation = permissionsPerAllocation
      self.channelsPerAllocation = channelsPerAllocation
      self.connectionsPerAllocation = connectionsPerAllocation
      self.unprovenResponsesPerSecond = unprovenResponsesPerSecond
      self.unprovenResponsesAtOnce = unprovenResponsesAtOnce
    }
  }

  /// Where a server relays from, and what it grants.
  public struct Configuration: Hashable, Sendable {
    /// The relayed address of IPv4; nil for a server that relays none.
    public private(set) var ipv4: RelayedAddress?
    /// The relayed address of IPv6; nil for a server that relays none.
    public private(set) var ipv6: RelayedAddress?
    /// Further addresses of the server's own host; no peer has one of them.
    public var ownAddresses: Set<IPAddress>
    /// The peers that may be reached.
    public var policy: PeerPolicy
    /// What one user, one allocation and one source may have.
    public var limits: Limits
    /// Whether the driver can send with the DF bit set; otherwise DONT-FRAGMENT is unknown
    /// (RFC 8656 §7.2).
    public var canSetDontFragment: Bool
    /// Whether the driver can open and splice TCP connections; otherwise allocations of TCP are refused
    /// with 442 (RFC 6062).
    public var relaysTCP = false
    /// The channels that may be bound; old clients also bind ``STUNCodec/ChannelNumber/formerValues``.
    public var channelNumbers = ChannelNumber.validValues
    /// Whether clients that ask for it may take their allocation to another 5-tuple (RFC 8016); else
    /// they get 405.
    public var allowsMobility = false
    /// The lifetime of an allocation that asks for none, or for less.
    public let defaultLifetime: Duration
    /// The longest lifetime of an allocation.
    public let maximumLifetime: Duration

    /// A configuration with the RFC's lifetimes and safe limits, unless others are given.
    ///
    /// - Throws: unless there is a relayed address of the right family, every limit is 1 or more, and
    ///   1 s ≤ default ≤ maximum.
    public init(
      ipv4: RelayedAddress? = nil, ipv6: RelayedAddress? = nil,
      ownAddresses: Set<IPAddress> = [], policy: PeerPolicy = .init(), limits: Limits = .init(),
      canSetDontFragment: Bool = false,
      defaultLifetime: Duration = TURNConstants.defaultLifetime,
      maximumLifetime: Duration = TURNConstants.maximumLifetime
    ) throws(TURNConfigurationError) {
      guard ipv4 != nil || ipv6 != nil else { throw .noRelayedAddress }
      guard ipv4?.address.family != .ipv6, ipv6?.address.family != .ipv4 else {
        throw .wrongFamily
      }
      for limit in [
        limits.allocationsPerUser, limits.allocationsPerAddress, limits.permissionsPerAllocation,
        limits.channelsPerAllocation, limits.connectionsPerAllocation,
        limits.unprovenResponsesPerSecond,
        limits.unprovenResponsesAtOnce,
      ] where limit < 1 {
        throw .limitOutOfRange(limit)
      }
      guard defaultLifetime >= .seconds(1), defaultLifetime <= maximumLifetime else {
        throw .lifetimeOutOfRange(defaultLifetime)
      }
      guard maximumLifetime <= .seconds(Int64(UInt32.max)) else {
        throw .lifetimeOutOfRange(maximumLifetime)
      }
      self.ipv4 = ipv4
      self.ipv6 = ipv6
      self.ownAddresses = ownAddresses
      self.policy = policy
      self.limits = limits
      self.canSetDontFragment = canSetDontFragment
      self.defaultLifetime = defaultLifetime
      self.maximumLifetime = maximumLifetime
    }

    /// The configuration of one of so many servers, each of which has its part of the relayed ports.
    ///
    /// - Precondition: each range has two ports for each server, where there are several.
    public func part(_ index: Int, of count: Int) -> Configuration {
      var part = self
      part.ipv4 = ipv4?.part(index, of: count)
      part.ipv6 = ipv6?.part(index, of: count)
      return part
    }
  }
}
