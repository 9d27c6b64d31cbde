public import TransportAddress

/// Destinations that are not translated (RFC 6888 REQ-6): a provider's own servers, which the hosts
/// reach without the NAT, and which reach them.
public struct Exemption: Hashable, Sendable {
  /// The first address of the network.
  public let network: IPAddress

  /// How many of the first bits an address must have in common with the network's.
  public let prefixLength: Int

  /// Which ports of the destinations are exempt; ICMP is if port 0 is.
  public let ports: ClosedRange<UInt16>

  /// - Parameter prefixLength: kept within the address's length.
  public init(
    _ network: IPAddress, prefixLength: Int, ports: ClosedRange<UInt16> = 0...65535
  ) {
    self.network = network
    switch network {
    case .v4: self.prefixLength = min(32, max(0, prefixLength))
    case .v6: self.prefixLength = min(128, max(0, prefixLength))
    }
    self.ports = ports
  }

  /// Whether a remote endpoint is one of these destinations.
  public func contains(_ remote: TransportAddress) -> Bool {
    guard ports.contains(remote.port) else { return false }
    switch (network, remote.address) {
    case (.v4(let network), .v4(let address)):
      return (network.rawValue ^ address.rawValue) >> UInt32(32 - prefixLength) == 0
    case (.v6(let network), .v6(let address)):
      let high = (network.high ^ address.high) >> UInt64(max(0, 64 - prefixLength))
      let low = (network.low ^ address.low) >> UInt64(min(64, 128 - prefixLength))
      return high == 0 && low == 0
    case (.v4, .v6), (.v6, .v4): return false
    }
  }
}

extension NATTable {
  /// Whether a packet's remote end is one that is not translated for.
  func isExempt(_ remote: TransportAddress) -> Bool {
    var index = 0
    // By index, as an iterator allocates wherever the compiler does not see through it.
    while index < configuration.exemptions.count {
      if configuration.exemptions[index].contains(remote) { return true }
      index += 1
    }
    return false
  }
}
