public import ArgumentParser

/// What the command `decode` can be told.
///
/// Two programs read these arguments: the one that knows all commands, and the one that decodes.
public struct DecodeArguments: ParsableArguments {
  /// The command's name and its help.
  public static let configuration = CommandConfiguration(
    commandName: "decode",
    abstract: "Explain STUN messages byte by byte, from hexadecimal or from a capture.",
    discussion: """
      Takes bytes in hexadecimal as arguments, in a file or on standard input: plain, with 0x, \
      commas or colons, or as xxd, hexdump and Wireshark copy them. A .pcap or .pcapng file is \
      searched for STUN, TURN and ChannelData, over UDP and TCP, and what it means is told first: \
      who asked whom, what was answered, and what went wrong. Classic STUN (RFC 3489), Microsoft's \
      and WhatsApp's messages are read too.

      With --password the integrity of every message is checked, with the short-term key and, where user \
      name and realm are known, with the long-term ones; give the option twice for both sides of ICE.

      Ends with 1 when a message or the capture is not as it should be, else with 2 when a \
      transaction failed: no answer came, or an error that nobody put right. The first 401, 438, 300 \
      and 487 are ordinary, and so are checks that fail where another one succeeds.
      """)

  /// How the output looks.
  @OptionGroup public var output: OutputOptions
  /// Whether the output is JSON.
  @OptionGroup public var format: JSONOption

  /// The passwords that messages may be protected with.
  @Option(help: passwordHelp)
  public var password: [String] = []

  /// The user name; nil for the one in the messages.
  @Option(help: "The user name; by default the one in the messages.")
  public var username: String?

  /// The realm; nil for the one in the messages.
  @Option(help: "The realm; by default the one in the messages.")
  public var realm: String?

  /// Whether only the meaning of a capture is printed.
  @Flag(help: "Print what a capture means, not its messages.")
  public var summary = false

  /// The numbers of the only frames to show; empty for all.
  @Option(help: frameHelp)
  public var frame: [Int] = []

  /// The only addresses whose messages are shown; empty for all.
  @Option(help: hostHelp)
  public var host: [String] = []

  /// Bytes in hexadecimal, or a file.
  @Argument(help: "Bytes in hexadecimal, or a file; '-' or nothing is standard input.")
  public var input: [String] = []

  /// The arguments' defaults.
  public init() {}
}

private var passwordHelp: ArgumentHelp {
  ArgumentHelp(
    "A password that messages are protected with; may be given several times.",
    valueName: "password")
}

private var frameHelp: ArgumentHelp {
  ArgumentHelp(
    "Show the messages of this frame alone; may be given several times.", valueName: "number")
}

private var hostHelp: ArgumentHelp {
  ArgumentHelp(
    "Show what this address sent or got alone; may be given several times.", valueName: "address")
}
