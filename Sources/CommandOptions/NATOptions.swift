public import ArgumentParser
public import TransportAddress

/// What the command `nat` can be told, with and without `--tun`.
///
/// Three programs read these arguments: the one that knows all commands, the one that has the console,
/// and the one that moves packets.
public struct NATArguments: ParsableArguments {
  /// The command's name and its help.
  public static let configuration = CommandConfiguration(
    commandName: "nat", abstract: "A NAT to send packets through, line by line or by a script.",
    discussion: """
      It reads lines such as 'send 10.0.0.2:5000 > 203.0.113.9:3478', 'reply', 'wait 30s' and \
      'table' from the terminal, from standard input or from a file; 'help' lists them all.

      Where the first line draws a router, a firewall, a NAT64 or a host, it is a whole world: \
      'router home symmetric', 'host alice behind home', 'host stun.example at 203.0.113.9 running \
      stun', and then 'ask alice:5000 stun.example', 'table home', 'ladder'. In a terminal you go on \
      from where a file of such lines ends.

      A host may have several interfaces, and any of them come elsewhere: 'interface cell of alice \
      behind tower', 'send alice/cell:5000 > bob:5000', 'connect alice behind cabin'. 'ipv6' gives a \
      router or a host IPv6 besides, 'nat64 mobile' draws a network of IPv6 alone.

      With --tun it is a NAT for real programs, and needs root: '--tun -- COMMAND' runs the command \
      in a network of its own, behind the NAT, whose outside is this machine. Each new mapping and \
      each dropped packet is a line; SIGUSR1 shows the table.

      With --tun and a file that draws a world, each of its hosts is a network of its own in which \
      real programs run: '--tun FILE --run alice=COMMAND --run bob=COMMAND'. What they print has the \
      host's name before it. What stands behind a 'wait' in the file changes the world meanwhile: \
      'disconnect', 'connect', 'renumber'. It ends with the last program, or at Ctrl-C.
      """)

  /// How the output looks.
  @OptionGroup public var output: OutputOptions
  /// Whether the output is JSON.
  @OptionGroup public var format: JSONOption

  /// The preset that the NAT begins with.
  @Option(help: "How the NAT behaves.")
  public var preset = usualPreset

  /// The NAT's external addresses.
  @Option(help: "An address of the NAT on the outside; may be given several times.")
  public var external = usualExternal

  /// The seed of all that the NAT chooses at random.
  @Option(help: "The seed of random ports: the same seed gives the same ports.")
  public var seed: UInt64?

  /// Whether a script goes on behind a line that is wrong.
  @Flag(help: "Go on behind a line of a script that is wrong; all such lines are told at the end.")
  public var keepGoing = false

  /// The folder that captures of a world's packets are written to; nil for none.
  @Option(help: pcapHelp)
  public var pcap: String?

  /// What `--tun` can be told.
  @OptionGroup(title: "Between real hosts") public var tun: TUNOptions

  /// A file of the console's lines.
  @Argument(help: "A file of lines; without one they come from standard input.")
  public var script: String?

  /// The program that runs behind the NAT.
  @Argument(parsing: .postTerminator, help: "With --tun: the program to run behind the NAT.")
  public var command: [String] = []

  private static let usualPreset = NATPreset(name: "restricted-cone")
  private static let usualExternal: [IPAddress] = ["203.0.113.7"]

  /// Whether something was said of the one NAT that the console has without a world.
  public var describesNAT: Bool {
    preset != Self.usualPreset || external != Self.usualExternal
  }

  /// The arguments' defaults.
  public init() {}
}

/// The name of a kind of NAT that the console can be.
public struct NATPreset: Hashable, Sendable, CustomStringConvertible {
  /// The name as it is typed.
  public var name: String

  /// The name as it is typed.
  public var description: String { name }

  /// The NATs between IPv4 networks, the most open one first. `NATTable` has what they are; a program
  /// that only hands the name over need not contain it.
  static let betweenIPv4 = [
    "full-cone", "restricted-cone", "port-restricted-cone", "symmetric", "linux", "linux-random",
    "linux-open-input", "docker", "cgn", "pf", "pfsense", "mikrotik",
  ]

  /// Whether it is a NAT between IPv4 networks.
  public var isBetweenIPv4: Bool { Self.betweenIPv4.contains(name) }

  /// The names of all presets.
  public static let all = betweenIPv4 + ["nat64", "nat66"]
}

extension NATPreset: ExpressibleByArgument {
  /// Reads a preset's name; nil if no preset has it.
  public init?(argument: String) {
    guard Self.all.contains(argument) else { return nil }
    name = argument
  }

  /// All names, for the help and for completion.
  public static var allValueStrings: [String] { all }
}

extension IPAddress: ExpressibleByArgument {
  /// Reads an IPv4 or IPv6 address; nil for other text.
  public init?(argument: String) {
    guard let address = try? IPAddress(parsing: argument) else { return nil }
    self = address
  }
}

extension EndpointDependence: ExpressibleByArgument {
  /// Reads `address-dependent` and the like; nil for other text.
  public init?(argument: String) {
    guard let known = Self.allCases.first(where: { $0.optionName == argument }) else { return nil }
    self = known
  }

  /// All names, for the help and for completion.
  public static var allValueStrings: [String] { allCases.map(\.optionName) }

  /// The name as it is typed, as in an option's default.
  public var defaultValueDescription: String { optionName }

  /// RFC 4787's term, its words joined by hyphens.
  private var optionName: String { String(description.map { $0 == " " ? "-" : $0 }) }
}

private var pcapHelp: ArgumentHelp {
  ArgumentHelp(
    "Write the packets of a world, one pcap file an interface, into this folder.",
    valueName: "folder")
}
