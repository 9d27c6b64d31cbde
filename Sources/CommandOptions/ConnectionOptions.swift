public import ArgumentParser

/// What every command can be told that finds a way to the other side by ICE.
public struct ConnectionOptions: ParsableArguments {
  /// The side of the exchange.
  public enum Side: String, ExpressibleByArgument, CaseIterable, Sendable {
    /// Begins, and controls.
    case offer
    /// Answers.
    case answer
  }

  /// How the output looks.
  @OptionGroup public var output: OutputOptions
  /// Whether the output is JSON.
  @OptionGroup public var format: JSONOption

  /// STUN servers.
  @Option(help: "A STUN server, such as stun:stun.example.org; the option may be repeated.")
  public var stun: [String] = []

  /// TURN servers.
  @Option(help: turnHelp)
  public var turn: [String] = []

  /// The user that TURN servers are asked as.
  @Option(help: userHelp)
  public var user: String?

  /// Where the password is.
  @Option(help: "Where the password is: file:PATH or env:VARIABLE.")
  public var password: SecretSource?

  /// A file with certificates that are trusted.
  @Option(help: caHelp, completion: .file())
  public var ca: String?

  /// Whether relayed candidates alone are used.
  @Flag(help: "Use relays alone: the other side learns no address of this machine.")
  public var relayOnly = false

  /// The folder through which the descriptions go.
  @Option(help: "A folder that both sides reach: the descriptions are its files offer and answer.")
  public var folder: String?

  /// The file with the offer.
  @Option(help: "The file with the offer, with --answer-file.")
  public var offerFile: String?

  /// The file with the answer.
  @Option(help: "The file with the answer, with --offer-file.")
  public var answerFile: String?

  /// The room of a signaling server.
  @Option(help: signalHelp)
  public var signal: String?

  /// How long the other's description may take.
  @Option(help: "How many seconds to wait for the other's description; for ever by default.")
  public var wait: Int?

  /// Whether each pair is shown.
  @Flag(help: "Show each pair with its state, and why it is in it.")
  public var explain = false

  /// Which side this is.
  @Argument(help: "Which side this is: offer or answer.")
  public var side: Side

  /// The arguments' defaults.
  public init() {}

  /// The files that the descriptions go through; nil where they are copied by hand.
  public var files: (offer: String, answer: String)? {
    if let folder { return (folder + "/offer", folder + "/answer") }
    guard let offerFile, let answerFile else { return nil }
    return (offerFile, answerFile)
  }

  /// Refuses what does not go together.
  public func validate() throws {
    guard (offerFile == nil) == (answerFile == nil) else {
      throw ValidationError("--offer-file and --answer-file go together")
    }
    guard folder == nil || offerFile == nil else {
      throw ValidationError("--folder names both files: it does not go with --offer-file")
    }
    guard signal == nil || folder == nil && offerFile == nil else {
      throw ValidationError("--signal takes the place of files")
    }
    guard !relayOnly || !turn.isEmpty else { throw ValidationError("--relay-only needs --turn") }
    guard turn.isEmpty == (user == nil) else {
      throw ValidationError("--turn and --user go together")
    }
    guard ca == nil || !turn.isEmpty else { throw ValidationError("--ca needs --turn") }
    guard wait ?? 1 > 0 else { throw ValidationError("--wait is a number of seconds") }
  }
}

private let turnHelp = ArgumentHelp(
  "A TURN server, such as turn:turn.example.org:3478, turn:turn.example.org?transport=tcp, or over "
    + "TLS turns:turn.example.org. The option may be repeated: the next is tried where one does not "
    + "answer, UDP before TCP before TLS.", valueName: "uri")

private let signalHelp = ArgumentHelp(
  "A room of a signaling server, such as 'serve --signal', that both sides name: candidates get across "
    + "as they are found.", valueName: "ws://host:port/room")

private let caHelp = ArgumentHelp(
  "A file in PEM with certificates to trust besides the system's, such as the server's own.",
  valueName: "file")

private let userHelp = ArgumentHelp(
  "The user of the TURN servers. Others on this machine can see a command line: --password keeps "
    + "the password out of it.", valueName: "name[:password]")
