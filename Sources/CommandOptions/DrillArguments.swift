public import ArgumentParser

/// What the command `drill` can be told.
///
/// Two programs read these arguments: the one that knows all commands, and the one that makes calls.
public struct DrillArguments: ParsableArguments {
  /// The command's name and its help.
  public static let configuration = CommandConfiguration(
    commandName: "drill",
    abstract: "See a call that fails, say why, and mend it.",
    discussion: """
      Without ID it lists the drills. With ID it tells what those who call say of it, and asks line by \
      line: look at what you want, choose the cause by its number, and then the fix. A wrong cause is \
      told what speaks against it; each fix is applied, and the call is made again.

      You may look at: ladder, log, pairs (each followed by alice or bob), offer, answer, tables (of \
      the routers that you could get at), and capture FILE, which writes a pcap for 'decode' and \
      Wireshark. The options do the same without asking.

      Exit codes: 0 if what was chosen is right, or nothing was chosen; 1 if it is wrong, or the input \
      ended before the drill was solved; 64 for a choice that there is not.
      """)

  /// How the output looks.
  @OptionGroup public var output: OutputOptions
  /// Whether the output is JSON.
  @OptionGroup public var format: JSONOption

  /// What is to be shown.
  @Option(help: "Look at: ladder, log, pairs, offer, answer or tables.")
  public var show: [DrillView] = []

  /// Whose capture, log and pairs these are.
  @Option(help: "Whose ladder, log, pairs and capture: alice or bob.")
  public var side: DrillSide = .alice

  /// The file for the capture.
  @Option(help: "Write that side's capture to a new file.", completion: .file())
  public var pcap: String?

  /// The number of the cause that is chosen.
  @Option(help: "The number of the cause.")
  public var cause: Int?

  /// The number of the fix that is chosen.
  @Option(help: "The number of the fix, once the cause is found.")
  public var fix: Int?

  /// The drill.
  @Argument(help: "The drill; without it all are listed.", completion: .list(DrillName.all))
  public var id: String?

  /// The arguments' defaults.
  public init() {}

  /// Refuses options that go with a drill where none is named.
  public func validate() throws {
    guard let id else {
      if !show.isEmpty || pcap != nil || cause != nil || fix != nil {
        throw ValidationError("name the drill that is meant; 'workbook drill' lists them")
      }
      return
    }
    try DrillName.require(id)
  }
}

/// What can be looked at in a drill.
public enum DrillView: String, CaseIterable, Hashable, Sendable, ExpressibleByArgument {
  /// The packets at a host.
  case ladder
  /// What a side's app has noted.
  case log
  /// The checklist of a side.
  case pairs
  /// What the caller has signaled.
  case offer
  /// What the callee has signaled.
  case answer
  /// The tables of routers that an engineer could get at.
  case tables
}

/// One of the two who call.
public enum DrillSide: String, CaseIterable, Hashable, Sendable, ExpressibleByArgument {
  /// The caller.
  case alice
  /// The callee.
  case bob
}
