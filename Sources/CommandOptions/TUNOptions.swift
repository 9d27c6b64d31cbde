public import ArgumentParser
public import TransportAddress

/// What `nat --tun` can be told.
public struct TUNOptions: ParsableArguments {
  /// Whether packets of real hosts are routed.
  @Flag(help: "Route between real hosts instead of reading lines; needs root.")
  public var tun = false

  /// The mapping behavior, whatever the preset says.
  @Option(help: mappingHelp)
  public var mapping: EndpointDependence?

  /// The filtering behavior, whatever the preset says.
  @Option(help: filteringHelp)
  public var filtering: EndpointDependence?

  /// The device that the inside is at; nil where a command makes one.
  @Option(help: insideHelp)
  public var inside: TUNDeviceName?

  /// The device that the outside is at; nil where one is made.
  @Option(help: outsideHelp)
  public var outside: TUNDeviceName?

  /// The NAT's address on the inside.
  @Option(help: "The NAT's address on the inside, and the length of that network's prefix.")
  public var gateway = GatewayAddress.usual

  /// Static mappings, each in the words of the console's `map`.
  @Option(help: "A static mapping, as in the console: 'tcp 10.0.0.2:80 = 203.0.113.7:80'.")
  public var map: [String] = []

  /// How long things are remembered, each in the words of the console's `timer`.
  @Option(help: "How long something is remembered, as in the console: 'udp 30s'.")
  public var timer: [String] = []

  /// Whether the kernel finishes checksums and segments before it hands packets over.
  @Flag(help: "Leave nothing undone in packets, so that a capture shows them as on a cable.")
  public var noOffload = false

  /// The programs on the hosts of a world.
  @Option(help: runHelp)
  public var run: [HostCommand] = []

  /// Whether all packets of a world are drawn at the end.
  @Flag(help: "Draw the packets of a world as a ladder at the end.")
  public var ladder = false

  /// Whether nothing is printed but errors.
  @Flag(help: "Print neither events nor tables; what programs print is printed.")
  public var quiet = false

  /// The options' defaults.
  public init() {}

  /// Whether any of them was given, besides `--tun`.
  public var isUsed: Bool { describesNAT || quiet || ladder || !run.isEmpty }

  /// Whether one was given that says how a single NAT is, and where.
  var describesNAT: Bool {
    mapping != nil || filtering != nil || inside != nil || outside != nil || noOffload
      || gateway != .usual || !map.isEmpty || !timer.isEmpty
  }
}

/// A router's address in a network: `10.0.0.1/24`.
public struct GatewayAddress: Hashable, Sendable, CustomStringConvertible {
  /// The router's address.
  public var address: IPv4Address
  /// The length of the network's prefix: 8 to 30.
  public var prefixLength: Int

  /// What `--gateway` is unless told otherwise.
  static let usual = GatewayAddress(address: IPv4Address(10, 0, 0, 1), prefixLength: 24)

  /// As it is typed.
  public var description: String { "\(address)/\(prefixLength)" }

  /// The bits of an address that name a host in the network.
  private var hostMask: UInt32 { (1 << UInt32(32 - prefixLength)) - 1 }

  /// Whether the address is one that a host can have: neither the network's own nor the broadcast's.
  var isHost: Bool {
    let host = address.rawValue & hostMask
    return host != 0 && host != hostMask
  }

  /// The address of a host beside the router.
  public var neighbor: IPv4Address {
    let isLast = address.rawValue & hostMask >= hostMask - 1
    return IPv4Address(rawValue: isLast ? address.rawValue - 1 : address.rawValue + 1)
  }

  /// Whether an address is in the network.
  public func contains(_ other: IPAddress) -> Bool {
    guard case .v4(let other) = other else { return false }
    return (other.rawValue ^ address.rawValue) & ~hostMask == 0
  }
}

extension GatewayAddress: ExpressibleByArgument {
  /// Reads `ADDRESS/LENGTH`; nil for other text.
  public init?(argument: String) {
    let parts = argument.split(separator: "/", maxSplits: 1)
    guard parts.count == 2, let address = try? IPv4Address(parsing: parts[0]),
      let length = Int(parts[1]), (8...30).contains(length)
    else { return nil }
    self.address = address
    prefixLength = length
  }
}

private var mappingHelp: ArgumentHelp {
  ArgumentHelp(
    "What the mapping depends on, whatever the preset says.", valueName: "behaviour")
}

private var filteringHelp: ArgumentHelp {
  ArgumentHelp(
    "What the filter looks at, whatever the preset says.", valueName: "behaviour")
}

private var insideHelp: ArgumentHelp {
  ArgumentHelp(
    """
    The TUN device that the inside is at, without a command: DEVICE or NAMESPACE/DEVICE. \
    One that is not there is made and given an address.
    """, valueName: "device")
}

private var runHelp: ArgumentHelp {
  ArgumentHelp(
    """
    A program on a host of the world that the file draws; a shell reads the command. The option may \
    be repeated.
    """, valueName: "host=command")
}

private var outsideHelp: ArgumentHelp {
  ArgumentHelp(
    "The TUN device that the outside is at; without one it is made on this machine.",
    valueName: "device")
}
