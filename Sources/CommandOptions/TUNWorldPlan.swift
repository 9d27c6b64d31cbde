public import ProgramSupport

/// What `nat --tun` is to make for a world, as its arguments have it; nothing has been touched yet.
public struct TUNWorldPlan: Sendable {
  /// The file that draws the world; nil for standard input.
  public var file: String?
  /// The programs, in the order in which they start.
  public var programs: [HostCommand]
  /// The folder of captures; nil for none.
  public var pcap: String?
  /// The seed of what NATs and links choose at random; nil for any.
  public var seed: UInt64?

  /// Whether arguments are for a world rather than for one NAT.
  public static func isMeant(by arguments: NATArguments) -> Bool {
    arguments.script != nil || !arguments.tun.run.isEmpty
  }

  /// - Throws: `WorkbookError.usage` where there are options for a single NAT.
  public init(_ arguments: NATArguments) throws(WorkbookError) {
    let options = arguments.tun
    if arguments.describesNAT {
      throw .usage("--preset and --external are for one NAT; a world's file says how its NATs are")
    }
    if !arguments.command.isEmpty {
      throw .usage("a command after '--' is for one NAT; in a world it is --run HOST=COMMAND")
    }
    if options.describesNAT {
      throw .usage(
        "--mapping, --filtering, --inside, --outside, --gateway, --map, --timer and --no-offload "
          + "are for one NAT; a world's file says how its NATs are")
    }
    if arguments.keepGoing { throw .usage("--keep-going is for scripts, and not for --tun") }
    file = arguments.script
    programs = options.run
    seed = arguments.seed
    pcap = arguments.pcap
  }
}
