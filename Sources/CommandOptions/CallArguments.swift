public import ArgumentParser

/// What the command `call` can be told.
public struct CallArguments: ParsableArguments {
  /// The command's name and its help.
  public static let configuration = CommandConfiguration(
    commandName: "call", abstract: "Send a tone both ways over ICE, and say how it got through.",
    discussion: """
      One side runs 'call offer', the other 'call answer', and their descriptions get across as those of \
      'connect' do. When ICE has found a way, both send a tone over it, as telephones send speech: RTP \
      packets of 20 ms, PCMU, not encrypted (RFC 3550, RFC 3551). The side that offers sends 440 Hz, the \
      other 660 Hz.

      At the end it prints which frequency has come, how many packets were lost or too late, how much \
      their delays differ (jitter), how long a packet and its answer take, and each packet's delay as a \
      plot. The clocks of two machines are not compared: delays count from the quickest packet's. What \
      comes more than 60 ms later than the first packet would is too late to be played.

      It ends after --seconds, when the other side ends, or at Ctrl-C. Exit codes: 0 then, 1 if no way \
      was found, nothing was heard or the other is not there any more, 65 if the description cannot be \
      read, 74 if --wav cannot be written, 75 if no description comes within --wait.
      """)

  /// Servers, the way of the descriptions, and which side this is.
  @OptionGroup public var connection: ConnectionOptions

  /// How long the tone is sent.
  @Option(help: "How many seconds to send the tone, 1 to 600.")
  public var seconds = 5

  /// The file for what was heard.
  @Option(help: "A WAV file to write what was heard to, with silence for what was missing.")
  public var wav: String?

  /// The arguments' defaults.
  public init() {}

  /// Refuses a time that cannot be.
  public func validate() throws {
    guard (1...600).contains(seconds) else {
      throw ValidationError("--seconds is a number from 1 to 600")
    }
  }
}
