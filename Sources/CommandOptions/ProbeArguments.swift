public import ArgumentParser

/// What the command `gather` can be told.
public struct GatherArguments: ParsableArguments {
  /// The command's name and its help.
  public static let configuration = CommandConfiguration(
    commandName: "gather", abstract: "Try STUN and TURN servers, and see why one does not work.",
    discussion: """
      A server is asked by UDP; by TCP where its URI ends in ?transport=tcp, and by TLS where it \
      begins with turns: or stuns:. Each step is a line with the time that it took and what the \
      server said: it connects, if it is TCP, checks the certificate, if it is TLS, asks for an address, allocates one, sends data to it from outside and through the relay to itself, and \
      gives the address back. Where a step fails, the likely causes follow.

      Exit codes: 0 if every server works, 1 if one does not, 75 if one does not answer.
      """)

  /// How the output looks.
  @OptionGroup public var output: OutputOptions
  /// Whether the output is JSON.
  @OptionGroup public var format: JSONOption

  /// The user that servers are asked as.
  @Option(help: gatherUserHelp)
  public var user: String?

  /// Where the password is.
  @Option(help: gatherPasswordHelp)
  public var password: SecretSource?

  /// Where the secret of timed credentials is.
  @Option(help: gatherSecretHelp)
  public var secret: SecretSource?

  /// A file with certificates that are trusted.
  @Option(help: gatherCAHelp)
  public var ca: String?

  /// The servers.
  @Argument(help: "The servers, such as turn:turn.example.org:3478 or stun:stun.example.org.")
  public var servers: [String]

  /// The arguments' defaults.
  public init() {}
}

/// What the command `discover` can be told.
public struct DiscoverArguments: ParsableArguments {
  /// The command's name and its help.
  public static let configuration = CommandConfiguration(
    commandName: "discover", abstract: "Find out how the NAT in front of this machine behaves.",
    discussion: """
      It needs a STUN server with two addresses (RFC 5780), such as 'workbook serve --alternate'. It \
      says which address the server sees, whether the mapping is the same for every destination, and \
      whom the NAT lets in. What it finds holds for this moment.

      Exit codes: 0 if mapping and filtering are found, 1 if not, 75 if the server does not answer.
      """)

  /// How the output looks.
  @OptionGroup public var output: OutputOptions
  /// Whether the output is JSON.
  @OptionGroup public var format: JSONOption

  /// The server.
  @Argument(help: "A STUN server with two addresses, such as stun:stun.example.org.")
  public var server: String

  /// The arguments' defaults.
  public init() {}
}

private let gatherUserHelp = ArgumentHelp(
  "The user. Others on this machine can see a command line: --password keeps the password "
    + "out of it.", valueName: "name[:password]")
private let gatherPasswordHelp = ArgumentHelp(
  "Where the password is: file:PATH or env:VARIABLE.", valueName: "source")
private let gatherSecretHelp = ArgumentHelp(
  "Make a user TIME:NAME and its password of the server's secret: file:PATH or env:VARIABLE.",
  valueName: "source")
private let gatherCAHelp = ArgumentHelp(
  "A file with certificates in PEM that are trusted besides the system's, such as a self-signed one.",
  valueName: "file")
