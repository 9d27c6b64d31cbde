public import ArgumentParser

/// What the command `connect` can be told.
public struct ConnectArguments: ParsableArguments {
  /// The command's name and its help.
  public static let configuration = CommandConfiguration(
    commandName: "connect", abstract: "Connect two terminals by ICE, and pass lines between them.",
    discussion: """
      One side runs 'connect offer', the other 'connect answer'. Each prints a description of itself, \
      which has to get to the other: you paste it there, both name a folder or two files that both \
      can reach, or a room of a signaling server, such as 'serve --signal' is. Then ICE finds a way (RFC 8445), and what one side types, or reads from \
      standard input, the other prints.

      It goes in datagrams of at most 1200 bytes, one for each line or read. Nothing more is \
      promised: they may get lost, come twice or in another order, and they are not encrypted. The \
      descriptions are a secret of the two sides, as they are what each recognizes the other by.

      With --browser the other side is a page in a browser, which takes and gives descriptions as \
      RTCPeerConnection has them: docs/browser.md says how. ICE connects, and nothing is sent over \
      it, as a browser would only do so over DTLS.

      It ends when both sides have nothing more to send, or at Ctrl-C. Exit codes: 0 then, 1 if no \
      way was found or the other is not there any more, 65 if the description cannot be read, 69 if \
      the signaling server cannot be used, 75 if no description comes within --wait.
      """)

  /// Servers, the way of the descriptions, and which side this is.
  @OptionGroup public var connection: ConnectionOptions

  /// Whether the other side is a browser's `RTCPeerConnection`.
  @Flag(help: "Meet a page in a browser: descriptions as RTCPeerConnection has them, ICE alone.")
  public var browser = false

  /// The arguments' defaults.
  public init() {}

  /// Refuses what does not go together.
  public func validate() throws {
    guard !browser || connection.signal == nil else {
      throw ValidationError(
        "--signal does not go with --browser: a page has its own way of signaling")
    }
  }
}
