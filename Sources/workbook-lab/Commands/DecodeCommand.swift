import ArgumentParser
import CLinux
import CommandOptions
import Decoding
import Glibc
import Terminal
import TransportAddress

struct DecodeCommand: ParsableCommand {
  static let configuration = DecodeArguments.configuration

  @OptionGroup var arguments: DecodeArguments

  func run() throws {
    let keys = KeyRing(
      username: arguments.username, realm: arguments.realm, passwords: arguments.password)
    let selection = try selection()
    let output = arguments.output.output()
    switch try DecodingInput(arguments.input) {
    case .message(let bytes):
      let decoding = Decoding(message: bytes, keys: keys)
      if arguments.format.json {
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
        arguments.format.json
        ? try printJSON(source, decoder, output) : try printText(source, decoder, output)
      output.flush()
      if sum.hasProblems { throw ExitCode(1) }
      if sum.hasFailed { throw ExitCode(2) }
    }
  }

  private func selection() throws -> DecodingSelection {
    var hosts: Set<IPAddress> = []
    for text in arguments.host {
      do {
        hosts.insert(try IPAddress(parsing: text))
      } catch {
        throw ValidationError("'\(text)' is no IP address: \(error)")
      }
    }
    return DecodingSelection(frames: Set(arguments.frame), hosts: hosts)
  }

  /// One object; messages are written as they are found, one a line.
  private func printJSON(
    _ source: CaptureSource, _ decoder: CaptureDecoder, _ output: Writer
  ) throws -> CaptureSummary {
    var decoder = decoder
    var separator = "\n"
    func write(_ messages: [DecodedMessage]) {
      guard !arguments.summary else { return }
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
      guard !arguments.summary else { return }
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
    if !arguments.summary {
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
