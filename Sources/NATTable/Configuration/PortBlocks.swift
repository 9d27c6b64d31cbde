public import TransportAddress

/// Which of an address's ports one host may use.
public enum PortBlocks: Hashable, Sendable {
  /// Any.
  case none
  /// Those of up to `perHost` blocks of `size`, given to the host when it needs them (RFC 6888 §5).
  ///
  /// A log needs one line for a block where it would need one for each mapping.
  case dynamic(size: Int, perHost: Int)
  /// Those of one block that follows from the host's address (RFC 7422): nothing need be logged.
  case deterministic(DeterministicPorts)
}

/// The rule by which hosts have their ports without anything being written down (RFC 7422 §2).
///
/// The hosts of an inside prefix are shared out in order among the outside addresses, and each
/// address's ports in order among its hosts.
public struct DeterministicPorts: Hashable, Sendable {
  /// The first address of the inside prefix.
  public let inside: IPv4Address

  /// How many addresses the inside prefix has.
  public let hosts: Int

  /// The outside addresses, each shared by `hosts / outside.count` hosts, rounded up.
  public let outside: [IPv4Address]

  /// The ports that are shared out; what does not divide evenly is left over.
  public let ports: ClosedRange<UInt16>

  /// - Parameter prefixLength: of the inside prefix; kept within 8 to 32.
  public init(
    inside: IPv4Address, prefixLength: Int, outside: [IPv4Address],
    ports: ClosedRange<UInt16> = 1024...65535
  ) {
    let hostBits = 32 - min(32, max(8, prefixLength))
    self.inside = IPv4Address(rawValue: (inside.rawValue >> UInt32(hostBits)) << UInt32(hostBits))
    hosts = 1 << hostBits
    self.outside = outside
    self.ports = ports
  }

  /// How many hosts share an outside address.
  public var hostsPerAddress: Int {
    outside.isEmpty ? 0 : (hosts + outside.count - 1) / outside.count
  }

  /// How many ports each host has; 0 if there are more hosts than ports.
  public var portsPerHost: Int {
    hostsPerAddress == 0 ? 0 : ports.count / hostsPerAddress
  }

  /// The outside address and the ports of an inside host; nil if it is not in the prefix.
  ///
  /// - Complexity: O(1).
  public func ports(of host: IPv4Address) -> (address: IPv4Address, ports: ClosedRange<UInt16>)? {
    guard host.rawValue >= inside.rawValue, portsPerHost > 0 else { return nil }
    let number = Int(host.rawValue - inside.rawValue)
    guard number < hosts else { return nil }
    // At most the range's upper bound, as the blocks of one address fit into the range.
    let first = Int(ports.lowerBound) + number % hostsPerAddress * portsPerHost
    return (
      outside[number / hostsPerAddress], UInt16(first)...UInt16(first + portsPerHost - 1)
    )
  }

  /// The inside host that an outside endpoint belongs to: what an abuse report asks for.
  ///
  /// - Complexity: O(outside addresses).
  public func host(at endpoint: TransportAddress) -> IPv4Address? {
    guard case .v4(let address) = endpoint.address, ports.contains(endpoint.port),
      portsPerHost > 0, let addressIndex = outside.firstIndex(of: address)
    else { return nil }
    let block = Int(endpoint.port - ports.lowerBound) / portsPerHost
    let number = addressIndex * hostsPerAddress + block
    guard block < hostsPerAddress, number < hosts else { return nil }
    return IPv4Address(rawValue: inside.rawValue + UInt32(number))
  }
}
