import CommandOptions
import Glibc
import ProgramSupport
import TUN
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
  let neighbors: [IPv4Address]

  /// - Throws: `WorkbookError.missing` where the kernel refuses.
  init(_ plan: TUNPlan) throws(WorkbookError) {
    do throws(NetworkError) {
      let home =
        if let device = plan.inside {
          try NetworkNamespace(named: device.namespace)
        } else {
          try NetworkNamespace()
        }
      let inside = try TUNDevice(
        plan.inside?.device ?? "nat0", in: home.another(), offload: plan.hasOffload)
      if !inside.existed {
        // This machine's own packets have a way already.
        let isThisMachine = plan.inside.map { $0.namespace == nil } ?? false
        try inside.configure(
          addresses: [plan.gateway.neighbor],
          prefixLength: plan.gateway.prefixLength, isDefaultRoute: !isThisMachine)
      }
      if !plan.command.isEmpty { try home.bringUpLoopback() }

      let street = try NetworkNamespace(named: plan.outside?.namespace)
      let taken = try street.device(
        in: plan.external, prefixLength: TUNPlan.outsidePrefixLength)
      let outside = try TUNDevice(
        plan.outside?.device ?? "pathfinder%d", in: street, offload: plan.hasOffload)
      if !outside.existed {
        if let taken {
          throw NetworkError(
            "use the network of \(plan.external), which is at \(taken) already",
            code: EADDRINUSE)
        }
        try outside.configure(
          addresses: plan.neighbors, prefixLength: TUNPlan.outsidePrefixLength)
      }
      self.neighbors = outside.existed ? [] : plan.neighbors
      self.inside = inside
      self.outside = outside
      self.home = home
    } catch {
      throw .missing(error.description, remedy: error.remedy)
    }
  }
}
