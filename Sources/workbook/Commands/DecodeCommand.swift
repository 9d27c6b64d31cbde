import ArgumentParser
import CLinux
import CommandOptions
import Decoding
import Glibc
import Lessons
import Terminal
import TransportAddress

struct DecodeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
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

  @OptionGroup var options: OutputOptions
  @OptionGroup var format: JSONOption

  @Option(
    help: ArgumentHelp(
      "A password that messages are protected with; may be given several times.",
      valueName: "password"))
  var password: [String] = []

  @Option(help: "The user name; by default the one in the messages.")
  var username: String?

  @Option(help: "The realm; by default the one in the messages.")
  var realm: String?

  @Flag(help: "Print what a capture means, not its messages.")
  var summary = false

  @Option(
    help: ArgumentHelp(
      "Show the messages of this frame alone; may be given several times.", valueName: "number"))
  var frame: [Int] = []

  @Option(
    help: ArgumentHelp(
      "Show what this address sent or got alone; may be given several times.",
      valueName: "address"))
  var host: [String] = []

  @Argument(help: "Bytes in hexadecimal, or a file; '-' or nothing is standard input.")
  var input: [String] = []

  func run() throws {
    let keys = KeyRing(username: username, realm: realm, passwords: password)
    let selection = try selection()
    let output = options.output()
    switch try DecodingInput(input) {
    case .message(let bytes):
      let decoding = Decoding(message: bytes, keys: keys)
      if format.json {
        try output.json(decoding)
      } else {
        var page = StyledLines(output.presentation)
        for message in decoding.messages { DecodePage.write(message, to: &page) }
        output.lines(page)
      }
      output.flush()
      if decoding.hasProblems { throw ExitCode(1) }
    case .capture(var source):
      // Whoever stops a live capture wants to see what came of it.
      if !source.isRereadable {
        let descriptor = linux_hold_signals([SIGINT], 1)
        if descriptor >= 0 { source.interruptDescriptor = descriptor }
      }
      let decoder = CaptureDecoder(keys: keys, selection: selection)
      let sum =
        format.json
        ? try printJSON(source, decoder, output) : try printText(source, decoder, output)
      output.flush()
      if sum.hasProblems { throw ExitCode(1) }
      if sum.hasFailed { throw ExitCode(2) }
    }
  }

  private func selection() throws -> DecodingSelection {
    var hosts: Set<IPAddress> = []
    for text in host {
      do {
        hosts.insert(try IPAddress(parsing: text))
      } catch {
        throw ValidationError("'\(text)' is no IP address: \(error)")
      }
    }
    return DecodingSelection(frames: Set(frame), hosts: hosts)
  }

  /// One object; messages are written as they are found, one a line.
  private func printJSON(
    _ source: CaptureSource, _ decoder: CaptureDecoder, _ output: Writer
  ) throws -> CaptureSummary {
    var decoder = decoder
    var separator = "\n"
    func write(_ messages: [DecodedMessage]) {
      guard !summary else { return }
      for message in messages {
        output.raw(separator + message.jsonLine)
        separator = ",\n"
      }
    }
    output.raw("{\"messages\": [")
    let torn = try source.read(beforeWaiting: output.flush) { write(decoder.decode($0)) }
    write(decoder.finish())
    output.raw("\n],")
    let sum = decoder.summary(tornEnd: torn)
    // The rest of the object, without its opening brace.
    output.raw(String(try output.jsonText(sum).drop { $0 != "{" }.dropFirst()))
    return sum
  }

  /// The summary first where the capture can be read twice, else last.
  private func printText(
    _ source: CaptureSource, _ decoder: CaptureDecoder, _ output: Writer
  ) throws -> CaptureSummary {
    let presentation = output.presentation
    if source.isRereadable {
      var first = decoder
      let torn = try source.read { first.read($0) }
      _ = first.finish()
      output.lines(SummaryPage.lines(of: first.summary(tornEnd: torn), presentation))
      output.line()
    }
    var second = decoder
    var page = StyledLines(presentation)
    func write(_ messages: [DecodedMessage]) {
      guard !summary else { return }
      for message in messages {
        page.removeAll()
        DecodePage.write(message, to: &page)
        page.append()
        output.lines(page)
      }
    }
    let torn = try source.read(beforeWaiting: output.flush) { write(second.decode($0)) }
    write(second.finish())
    let sum = second.summary(tornEnd: torn)
    if !summary {
      let ladder = SummaryPage.ladder(of: sum, presentation)
      output.lines(ladder)
      if !ladder.isEmpty { output.line() }
    }
    if !source.isRereadable {
      output.lines(SummaryPage.lines(of: sum, presentation))
      output.line()
    }
    output.lines(SummaryPage.footer(of: sum, presentation))
    return sum
  }
}
