import Glibc
import Lessons
import LiveNetwork
import NATTable
import TransportAddress

/// The two networks that a NAT stands between, made or found.
///
///     COMMAND ─ 10.0.0.2 ── 10.0.0.1 NAT 203.0.113.7 ── 203.0.113.254 ─ this machine
///              └ its own namespace ┘                   └ a TUN device ┘
///
/// Whatever was made here belongs to this process: the kernel removes it when the process ends,
/// however that happens.
struct TUNLayout: ~Copyable {
  let inside: TUNDevice
  let outside: TUNDevice
  /// Where a command is to run.
  let home: NetworkNamespace
  /// This machine's addresses outside, if the device was made.
  let neighbours: [IPv4Address]

  /// The outside network's prefix: that of an ordinary small network.
  static var outsidePrefixLength: Int { 24 }

  /// - Throws: `WorkbookError.missing` where the kernel refuses, `WorkbookError.usage` where the
  ///   options do not fit each other.
  init(
    _ options: TUNOptions, external: IPv4Address, hasCommand: Bool
  ) throws(WorkbookError) {
    let (gateway, prefixLength) = try options.gatewayAddress()
    let neighbours = try Self.neighbours(of: external)
    let insidePlace = try DevicePlace(options.inside, "--inside")
    let outsidePlace = try DevicePlace(options.outside, "--outside")
    do throws(NetworkError) {
      let home = try insidePlace.network(orElse: .new)
      let inside = try TUNDevice(
        insidePlace.device ?? "nat0", in: home.another(), offload: !options.noOffload)
      if !inside.existed {
        // This machine's own packets have a way already.
        let isThisMachine = insidePlace.device != nil && insidePlace.namespace == nil
        try inside.configure(
          addresses: [IPv4Address(rawValue: gateway.rawValue + 1)], prefixLength: prefixLength,
          isDefaultRoute: !isThisMachine)
      }
      if hasCommand { try home.bringUpLoopback() }

      let street = try outsidePlace.network(orElse: .ofThisProcess)
      let taken = try street.device(in: external, prefixLength: Self.outsidePrefixLength)
      let outside = try TUNDevice(
        outsidePlace.device ?? "pathfinder%d", in: street, offload: !options.noOffload)
      if !outside.existed {
        if let taken {
          throw NetworkError(
            "use the network of \(external), which is at \(taken) already", code: EADDRINUSE)
        }
        try outside.configure(addresses: neighbours, prefixLength: Self.outsidePrefixLength)
      }
      self.neighbours = outside.existed ? [] : neighbours
      self.inside = inside
      self.outside = outside
      self.home = home
    } catch {
      throw .missing(error.description, remedy: nil)
    }
  }

  /// The last two host addresses of the outside network: two, so that a STUN server there can be one
  /// that finds out behaviour (RFC 5780 §3).
  private static func neighbours(of external: IPv4Address) throws(WorkbookError) -> [IPv4Address] {
    let network = external.rawValue & 0xFFFF_FF00
    let neighbours = [254, 253].map { IPv4Address(rawValue: network | $0) }
    if neighbours.contains(external) || external.rawValue & 0xFF == 0
      || external.rawValue & 0xFF == 0xFF
    {
      throw .usage("--external: the outside needs \(external) for itself; choose another address")
    }
    return neighbours
  }
}
