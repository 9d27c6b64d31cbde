import Glibc
public import ProgramSupport
public import TransportAddress

/// What `nat --tun` is to make or find, as its arguments have it; nothing has been touched yet.
public struct TUNPlan: Sendable {
  /// How the NAT behaves: a preset between IPv4 networks.
  public var preset: NATPreset
  /// Its mapping behavior, where that is another than the preset's.
  public var mapping: EndpointDependence?
  /// Its filtering behavior, where that is another than the preset's.
  public var filtering: EndpointDependence?
  /// Static mappings and times, as lines of the console.
  public var consoleLines: [String]
  /// The NAT's external addresses.
  public var externalAddresses: [IPAddress]
  /// The first of them, whose network the outside is.
  public var external: IPv4Address
  /// The device that the inside is at; nil where one is made for the command.
  public var inside: TUNDeviceName?
  /// The device that the outside is at; nil where one is made.
  public var outside: TUNDeviceName?
  /// The NAT's address on the inside.
  public var gateway: GatewayAddress
  /// This machine's addresses outside, if the device is to be made.
  public var neighbors: [IPv4Address]
  /// Whether kernels may leave checksums and segments unfinished.
  public var hasOffload: Bool
  /// The program that runs behind the NAT; empty if there is none.
  public var command: [String]

  /// The outside network's prefix: that of an ordinary small network.
  public static var outsidePrefixLength: Int { 24 }

  /// - Throws: `WorkbookError.usage` where options make no sense or do not fit each other.
  public init(_ arguments: NATArguments) throws(WorkbookError) {
    let options = arguments.tun
    guard arguments.preset.isBetweenIPv4 else {
      throw .usage("--preset: with --tun it is a NAT between IPv4 networks")
    }
    preset = arguments.preset
    (mapping, filtering) = (options.mapping, options.filtering)
    consoleLines = options.map.map { "map \($0)" } + options.timer.map { "timer \($0)" }

    externalAddresses = arguments.external
    guard case .v4(let external)? = externalAddresses.first else {
      throw .usage("--external: the first address is to be an IPv4 address")
    }
    self.external = external
    if arguments.keepGoing { throw .usage("--keep-going is for scripts, and not for --tun") }
    if arguments.pcap != nil {
      throw .usage("--pcap is for a world; the file that draws it is missing")
    }
    if options.ladder { throw .usage("--ladder is for a world; the file that draws it is missing") }
    command = arguments.command
    if command.isEmpty == (options.inside == nil) {
      throw .usage(
        "--tun takes a command after '--', --inside DEVICE, or a file that draws a world")
    }
    hasOffload = !options.noOffload
    (inside, outside) = (options.inside, options.outside)

    gateway = options.gateway
    guard gateway.isHost else {
      throw .usage(
        "--gateway: \(gateway.address) is the network's own or its broadcast address; "
          + "choose one of a host")
    }
    if let inside = externalAddresses.first(where: gateway.contains) {
      throw .usage("--external: \(inside) is in the inside network \(gateway); choose another")
    }
    neighbors = Self.neighbors(of: external)
    if outside == nil, neighbors.contains(external) {
      throw .usage("--external: the outside needs \(external) for itself; choose another address")
    }
  }

  /// - Throws: `WorkbookError.missing` where this user may not make network devices.
  public static func requireRoot() throws(WorkbookError) {
    guard geteuid() == 0 else {
      throw .missing(
        "nat --tun makes network devices, for which it must be root", remedy: "run it with sudo")
    }
  }

  /// The last two host addresses of the outside network: two, so that a STUN server there can be one
  /// that finds out behavior (RFC 5780 §7.4).
  private static func neighbors(of external: IPv4Address) -> [IPv4Address] {
    [254, 253].map { IPv4Address(rawValue: external.rawValue & 0xFFFF_FF00 | $0) }
  }
}
