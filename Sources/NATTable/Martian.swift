public import TransportAddress

/// The IPv4 network on the inside of a NAT, as far as its router has to know it.
public struct InsideNetwork: Hashable, Sendable {
  /// Why there can be no such network.
  public enum InvalidNetwork: Error, Hashable, Sendable {
    /// The prefix length is not from 8 to 30.
    case prefixLength(Int)
    /// The gateway's address is the network's own or its broadcast address.
    case gateway(IPv4Address)
  }

  /// The router's own address in the network.
  public let gateway: IPv4Address

  /// How many leading bits the network's addresses have in common.
  public let prefixLength: Int

  /// The network of a gateway.
  ///
  /// - Parameter prefixLength: 8 to 30.
  /// - Throws: ``InvalidNetwork`` if the length is another, or the gateway's address no host's.
  public init(
    gateway: IPv4Address, prefixLength: Int = 24
  ) throws(InvalidNetwork) {
    guard (8...30).contains(prefixLength) else { throw .prefixLength(prefixLength) }
    self.gateway = gateway
    self.prefixLength = prefixLength
    if isBroadcast(gateway) { throw .gateway(gateway) }
  }

  /// The network of 10.0.0.1/24, which a router or console has unless it is told of another.
  public static let usual = InsideNetwork(usualGateway: IPv4Address(10, 0, 0, 1))

  private init(usualGateway: IPv4Address) {
    gateway = usualGateway
    prefixLength = 24
  }

  /// Whether an address belongs to the network.
  @inline(__always)
  public func contains(_ address: IPv4Address) -> Bool {
    (address.rawValue ^ gateway.rawValue) & mask == 0
  }

  /// Whether an address means all hosts of the network: its last, or the network's own (RFC 1122
  /// §3.2.1.3, §3.3.6).
  public func isBroadcast(_ address: IPv4Address) -> Bool {
    let host = address.rawValue & ~mask
    return (host == 0 || host == ~mask) && contains(address)
  }

  @inline(__always)
  private var mask: UInt32 { UInt32.max &<< UInt32(truncatingIfNeeded: 32 &- prefixLength) }
}

/// Why a router drops a packet by its addresses alone, before its NAT looks at it.
public enum Martian: String, Hashable, Sendable, CaseIterable {
  /// No packet between networks has such a source: it is no host's, or one link's alone.
  case source
  /// No router forwards to such a destination: it is no host's, or one link's alone.
  case destination
  /// The packet comes from the outside and claims a source of the inside network.
  case insideSource
  /// The source or the destination means all hosts of the inside network.
  case broadcast

  /// The reason to drop a packet; nil if its addresses are those of hosts.
  ///
  /// - Parameters:
  ///   - fromInside: which side of the NAT it comes from.
  ///   - inside: the network inside; nil if nothing is known of it.
  /// - Complexity: O(1).
  public init?(
    source: IPAddress, destination: IPAddress, fromInside: Bool, inside: InsideNetwork?
  ) {
    if !source.isRoutable {
      self = .source
    } else if !destination.isRoutable {
      self = .destination
    } else if let inside, case .v4(let source) = source, case .v4(let destination) = destination {
      if inside.isBroadcast(source) || inside.isBroadcast(destination) {
        self = .broadcast
      } else if !fromInside, inside.contains(source) {
        self = .insideSource
      } else {
        return nil
      }
    } else {
      return nil
    }
  }
}

extension IPAddress {
  /// Whether a router may forward packets from or to the address (RFC 1812 §5.3.7, RFC 4291 §2.5).
  fileprivate var isRoutable: Bool {
    switch (self, classification) {
    case (_, .unspecified), (_, .thisNetwork), (_, .loopback), (_, .linkLocal), (_, .multicast),
      (_, .broadcast):
      false
    // In IPv4 what is reserved is class E; in IPv6 it is what may be given away one day.
    case (.v4, .reserved): false
    default: true
    }
  }
}

extension Martian: CustomStringConvertible {
  /// The reason as a sentence with its section.
  public var description: String {
    switch self {
    case .source: "the source is no host that a router may hear of (RFC 1812 §5.3.7)"
    case .destination: "the destination is none that a router may forward to (RFC 1812 §5.3.7)"
    case .insideSource: "an outside packet claims a source of the inside network (RFC 2827 §3)"
    case .broadcast: "an address means all hosts of the inside network (RFC 1812 §5.3.5)"
    }
  }
}
