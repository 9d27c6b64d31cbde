public import ArgumentParser

/// What the command `matrix` can be told.
///
/// Two programs read these arguments: the one that knows all commands, and the one that simulates.
public struct MatrixArguments: ParsableArguments {
  /// The command's name and its help.
  public static let configuration = CommandConfiguration(
    commandName: "matrix",
    abstract: "See who reaches whom by hole punching or by ICE, through which NATs.",
    discussion: """
      Alice and Bob, behind a NAT each, learn their addresses from a STUN server, tell them each \
      other and send. Without arguments the nine behaviors of RFC 4787 meet each other; with two \
      NATs these two meet, and --explain shows each packet.

      A NAT is a preset of 'nat', such as symmetric, or a behavior such as EIM/APDF: mapping and \
      filtering that are endpoint-independent (EI), address-dependent (AD), or address and \
      port-dependent (APD).

      With --ice the two are ICE agents with a STUN and a TURN server, and you see which candidates \
      they select, when, and with how many packets. They may also be in places: home, corporate, \
      hotel, mobile, café, data center; without arguments --places has these meet each other, and \
      --all everybody. With --trickle half or none you see what it costs to gather before anything \
      is signaled.
      """)

  /// How the output looks.
  @OptionGroup public var output: OutputOptions
  /// Whether the output is JSON.
  @OptionGroup public var format: JSONOption

  /// Whether each packet is shown.
  @Flag(help: "With two NATs: show each packet, as a ladder, in words, or as the trace's JSON.")
  public var explain = false

  /// Whether the packets are stepped through.
  @Flag(help: "With --explain: step through it; without a terminal, print all steps.")
  public var step = false

  /// The file into which the ladder is written as a picture; nil for none.
  @Option(help: "With --explain: a file for the ladder as a picture.", completion: .file())
  public var svg: String?

  /// The seed of all that happens by chance.
  @Option(help: "The seed of all that happens by chance.")
  public var seed: UInt64 = 1

  /// Whether ICE agents connect.
  @Flag(help: "Let ICE agents connect, with a relay where need be.")
  public var ice = false

  /// Whether places meet each other.
  @Flag(help: "With --ice: the places that people know, instead of the nine behaviors.")
  public var places = false

  /// Whether behaviors and places meet one another.
  @Flag(help: "With --ice: the behaviors and the places together.")
  public var all = false

  /// When candidates are signaled.
  @Option(help: matrixTrickleHelp)
  public var trickle: TrickleOption?

  /// The NATs of Alice and Bob; none for all behaviors.
  @Argument(help: "The NATs of Alice and Bob.")
  public var nats: [NATName] = []

  /// The arguments' defaults.
  public init() {}
}

private let matrixTrickleHelp = ArgumentHelp(
  "With --ice: signal candidates as they are found (full, as by default), Alice's with her offer "
    + "(half), or all with offer and answer (none).")

/// When the agents of `matrix --ice` signal their candidates.
public enum TrickleOption: String, ExpressibleByArgument, CaseIterable, Sendable {
  /// As they are found.
  case full
  /// Those of the offer with it.
  case half
  /// All with the descriptions.
  case none
}

/// The name of a NAT, a preset between IPv4 networks or one of RFC 4787's nine behaviors, or of a place.
public struct NATName: ExpressibleByArgument, Hashable, Sendable {
  /// The name, as it is written in the help.
  public var name: String

  /// Reads a name, a behavior's in any case of letters; nil if no NAT has it.
  public init?(argument: String) {
    let known = Self.allValueStrings.first {
      $0 == argument || $0.contains("/") && $0.lowercased() == argument.lowercased()
    }
    guard let known else { return nil }
    name = known
  }

  /// All names, for the help and for completion.
  public static var allValueStrings: [String] {
    NATPreset.betweenIPv4
      + ["EIM", "ADM", "APDM"].flatMap { mapping in
        ["EIF", "ADF", "APDF"].map { "\(mapping)/\($0)" }
      } + ["home", "corporate", "hotel", "mobile", "café", "data center"]
  }
}
