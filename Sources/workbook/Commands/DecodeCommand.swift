import ArgumentParser
import Decoding
import Lessons
import Terminal

struct DecodeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "decode",
    abstract: "Explain STUN messages byte by byte, from hexadecimal or from a capture.",
    discussion: """
      Takes bytes in hexadecimal as arguments, in a file or on standard input: plain, with 0x, \
      commas or colons, or as xxd, hexdump and Wireshark copy them. A .pcap or .pcapng file is \
      searched for STUN, TURN and ChannelData, over UDP and TCP.

      With --password the integrity of every message is checked, with the short-term key and, \
      where user name and realm are known, with the long-term ones. Ends with 1 when something is \
      wrong.
      """)

  @OptionGroup var options: OutputOptions
  @OptionGroup var format: JSONOption

  @Option(help: "The password of the message integrity.")
  var password: String?

  @Option(help: "The user name; by default the one in the messages.")
  var username: String?

  @Option(help: "The realm; by default the one in the messages.")
  var realm: String?

  @Argument(help: "Bytes in hexadecimal, or a file; '-' or nothing is standard input.")
  var input: [String] = []

  func run() throws {
    let keys = KeyRing(username: username, realm: realm, password: password)
    let decoding = try Decoding(try DecodingInput(input), keys: keys)
    let output = options.output()
    if format.json {
      try output.json(decoding)
    } else {
      output.lines(DecodePage.lines(of: decoding, output.presentation))
    }
    output.flush()
    if decoding.hasProblems { throw ExitCode(1) }
  }
}
