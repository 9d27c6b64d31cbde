public import ArgumentParser

/// What the command `pairs` can be told.
///
/// Two programs read these arguments: the one that knows all commands, and the one that forms pairs.
public struct PairsArguments: ParsableArguments {
  /// The command's name and its help.
  public static let configuration = CommandConfiguration(
    commandName: "pairs",
    abstract: "See which pairs two ICE agents form of an offer and an answer, and why.",
    discussion: """
      OFFER and ANSWER are files with session descriptions, as browsers show them, or with candidate \
      lines alone; - is standard input. Nothing is sent: for each data stream and component you see \
      the candidates with their foundations and the terms of their priorities, in Chromium's, \
      Firefox's or RFC 8445's formula, the checklist in order, what was pruned and why, and which \
      pairs cannot work.

      Exit codes: 0 if every component has a pair that may work, 1 if one has none, 65 if a line \
      cannot be read.
      """)

  /// How the output looks.
  @OptionGroup public var output: OutputOptions
  /// Whether the output is JSON.
  @OptionGroup public var format: JSONOption

  /// Whether the checklists are the answerer's.
  @Flag(help: "Show the answerer's checklists, which it prunes by its own bases.")
  public var answerer = false

  /// The file with the offer.
  @Argument(help: "The offer, or -.", completion: .file())
  public var offer: String

  /// The file with the answer.
  @Argument(help: "The answer, or -.", completion: .file())
  public var answer: String

  /// The arguments' defaults.
  public init() {}

  /// Refuses standard input for both.
  public func validate() throws {
    if offer == "-", answer == "-" {
      throw ValidationError("standard input can be the offer or the answer, not both")
    }
  }
}
