import Glibc
import Lessons
import NATTable
import ProgramSupport
import Router
import TUN
import TransportAddress

/// What is to be made or found, as the options have it; nothing has been touched yet.
struct TUNPlan {
  var inside: DevicePlace
  var outside: DevicePlace
  var gateway: IPv4Address
  var prefixLength: Int
  var external: IPv4Address
  /// This machine's addresses outside, if the device is to be made.
  var neighbours: [IPv4Address]
  var hasOffload: Bool
  var hasCommand: Bool

  /// The outside network's prefix: that of an ordinary small network.
  static var outsidePrefixLength: Int { 24 }

  /// - Throws: `WorkbookError.usage` where options make no sense or do not fit each other.
  init(_ options: TUNOptions, external: IPv4Address, command: [String]) throws(WorkbookError) {
    if command.isEmpty == (options.inside == nil) {
      throw .usage("--tun takes either a command after '--' or --inside DEVICE")
    }
    hasCommand = !command.isEmpty
    hasOffload = !options.noOffload
    inside = try DevicePlace(options.inside, "--inside")
    outside = try DevicePlace(options.outside, "--outside")
    (gateway, prefixLength) = try options.gatewayAddress()
    self.external = external
    neighbours = Self.neighbours(of: external)
    if outside.device == nil, neighbours.contains(external) {
      throw .usage("--external: the outside needs \(external) for itself; choose another address")
    }
  }

  /// The address of the host inside: beside the gateway's, and not everybody's.
  var host: IPv4Address {
    let hosts = UInt32(1) << UInt32(32 - prefixLength) - 1
    let isLast = gateway.rawValue & hosts >= hosts - 1
    return IPv4Address(rawValue: isLast ? gateway.rawValue - 1 : gateway.rawValue + 1)
  }

  /// The last two host addresses of the outside network: two, so that a STUN server there can be one
  /// that finds out behaviour (RFC 5780 §7.4).
  private static func neighbours(of external: IPv4Address) -> [IPv4Address] {
    [254, 253].map { IPv4Address(rawValue: external.rawValue & 0xFFFF_FF00 | $0) }
  }
}

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

  /// - Throws: `WorkbookError.missing` where the kernel refuses.
  init(_ plan: TUNPlan) throws(WorkbookError) {
    do throws(NetworkError) {
      let home = try plan.inside.network(orElse: .new)
      let inside = try TUNDevice(
        plan.inside.device ?? "nat0", in: home.another(), offload: plan.hasOffload)
      if !inside.existed {
        // This machine's own packets have a way already.
        let isThisMachine = plan.inside.device != nil && plan.inside.namespace == nil
        try inside.configure(
          addresses: [plan.host],
          prefixLength: plan.prefixLength, isDefaultRoute: !isThisMachine)
      }
      if plan.hasCommand { try home.bringUpLoopback() }

      let street = try plan.outside.network(orElse: .ofThisProcess)
      let taken = try street.device(
        in: plan.external, prefixLength: TUNPlan.outsidePrefixLength)
      let outside = try TUNDevice(
        plan.outside.device ?? "pathfinder%d", in: street, offload: plan.hasOffload)
      if !outside.existed {
        if let taken {
          throw NetworkError(
            "use the network of \(plan.external), which is at \(taken) already",
            code: EADDRINUSE)
        }
        try outside.configure(
          addresses: plan.neighbours, prefixLength: TUNPlan.outsidePrefixLength)
      }
      self.neighbours = outside.existed ? [] : plan.neighbours
      self.inside = inside
      self.outside = outside
      self.home = home
    } catch {
      throw .missing(error.description, remedy: nil)
    }
  }
}
