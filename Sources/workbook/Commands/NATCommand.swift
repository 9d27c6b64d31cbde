import ArgumentParser
import FoundationEssentials
import Glibc
import IPPacket
import Lessons
import NATConsole
import NATTable
import NoteFormat
import ProgramSupport
import SansIO
import Terminal
import TransportAddress

struct NATCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "nat", abstract: "A NAT to send packets through, line by line or by a script.",
    discussion: """
      It reads lines such as 'send 10.0.0.2:5000 > 203.0.113.9:3478', 'reply', 'wait 30s' and \
      'table' from the terminal, from standard input or from a file; 'help' lists them all.

      With --tun it is a NAT for real programs, and needs root: '--tun -- COMMAND' runs the command \
      in a network of its own, behind the NAT, whose outside is this machine. Each new mapping and \
      each dropped packet is a line; SIGUSR1 shows the table.
      """)

  @OptionGroup var options: OutputOptions
  @OptionGroup var format: JSONOption

  @Option(help: "How the NAT behaves; 'help' in the console names the presets.")
  var preset = "restricted-cone"

  @Option(help: "An address of the NAT on the outside; may be given several times.")
  var external: [String] = ["203.0.113.7"]

  @Option(help: "The seed of random ports: the same seed gives the same ports.")
  var seed: UInt64?

  @OptionGroup(title: "Between real hosts") var tun: TUNOptions

  @Argument(help: "A file of lines; without one they come from standard input.")
  var script: String?

  @Argument(parsing: .postTerminator, help: "With --tun: the program to run behind the NAT.")
  var command: [String] = []

  func run() throws {
    if tun.tun { return try runBetweenHosts() }
    if tun.isUsed || !command.isEmpty {
      throw WorkbookError.usage("options for real hosts, or a command after '--', go with --tun")
    }
    var console = try makeConsole()
    let output = options.output()
    let isInteractive = script == nil && isatty(STDIN_FILENO) == 1 && !format.json
    if isInteractive {
      output.lines(NATPage.greeting(console))
    }
    let reader = try script.map { try ScriptLines(file: $0) } ?? ScriptLines()
    while true {
      if isInteractive {
        output.text(StyledText("nat> ", .key))
        output.flush()
      }
      guard let line = reader.next() else { break }
      do throws(ConsoleError) {
        let result = try console.obey(line)
        if case .quit = result { break }
        try print(result, to: output)
      } catch {
        guard isInteractive else {
          output.flush()
          throw WorkbookError.badData([
            Problem(
              file: script ?? "standard input",
              position: SourcePosition(line: reader.number, column: error.column),
              message: error.message)
          ])
        }
        output.lines(NATPage.complaint(error, indent: 5, output.presentation))
      }
      if isInteractive { output.flush() }
    }
    if isInteractive { output.line() }
    output.flush()
  }

  /// The outside addresses, as they were given.
  func externalAddresses() throws(WorkbookError) -> [IPAddress] {
    var addresses: [IPAddress] = []
    for text in external {
      do throws(AddressParseError) {
        addresses.append(try IPAddress(parsing: text))
      } catch {
        throw .usage("--external: \(error)")
      }
    }
    return addresses
  }

  func makeConsole() throws(WorkbookError) -> Console {
    let addresses = try externalAddresses()
    do throws(ConsoleError) {
      return try Console(preset: preset, external: addresses, randomSeed: seed ?? 0)
    } catch {
      throw .usage("--preset: \(error.message)")
    }
  }

  private func print(_ result: ConsoleResult, to output: Writer) throws(ConsoleError) {
    if case .nothing = result { return }
    guard format.json else {
      return output.lines(NATPage.lines(of: result, output.presentation))
    }
    output.jsonLine(result)
    output.flush()
  }
}

/// Lines of a file or of standard input, counted.
private final class ScriptLines {
  private var lines: [Substring]?
  private(set) var number = 0

  init() {}

  init(file: String) throws {
    guard let data = FileManager.default.contents(atPath: file) else {
      throw WorkbookError.missing("there is no file '\(file)' that could be read", remedy: nil)
    }
    lines = String(decoding: data, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false
    ).reversed()
  }

  func next() -> String? {
    number += 1
    guard lines == nil else { return lines?.popLast().map(String.init) }
    return readLine()
  }
}

/// How the console's results look.
enum NATPage {
  static func greeting(_ console: Console) -> [StyledText] {
    let addresses = console.nat.externalAddresses.map(\.description).joined(separator: ", ")
    return [
      StyledText("A \(console.preset) NAT with the outside address \(addresses).", .heading),
      StyledText(
        "Try: send \(example(of: console.nat)), then reply, then table. "
          + "'help' lists the commands.", .muted),
    ]
  }

  /// A packet that the NAT has something to do about.
  private static func example(of nat: ConsoleNAT) -> String {
    switch nat {
    case .table: "10.0.0.2:5000 > 198.51.100.1:3478"
    case .nat64: "[2001:db8:1::2]:5000 > [64:ff9b::198.51.100.1]:3478"
    case .prefix: "[fd00:1:2:3::4]:5000 > [2001:db8:ff::1]:3478"
    }
  }

  static func lines(of result: ConsoleResult, _ presentation: Presentation) -> [StyledText] {
    switch result {
    case .packet(_, _, .forward(let packet)):
      return [StyledText("forward ", .success) + StyledText(packet.description)]
    case .packet(_, _, .drop(let reason)):
      return [StyledText("drop: ", .failure) + StyledText(reason)]
    case .preset:
      return result.lines.enumerated().map { index, line in
        StyledText(line, index == 0 ? .plain : .warning)
      }
    case .table(let table, _):
      let mappings = table.mappings
      if mappings.isEmpty { return [StyledText(table.description, .muted)] }
      return self.table(mappings, now: table.time, presentation)
    case .help:
      let rows = ConsoleCommand.entries.map {
        [StyledText($0.usage, .key), StyledText($0.summary)]
      }
      return TextTable(columns: [.init("line"), .init("what it does")], rows: rows)
        .lines(presentation)
    default: return result.lines.map { StyledText($0) }
    }
  }

  private static func table(
    _ mappings: [NATTable.Mapping], now: Instant, _ presentation: Presentation
  ) -> [StyledText] {
    let rows = mappings.map { mapping in
      let ends =
        mapping.isStatic
        ? "never" : remaining(from: now, until: mapping.expires)
      return [
        StyledText(mapping.protocol.description), StyledText(mapping.inside.description),
        StyledText(mapping.outside.description), StyledText(mapping.scope.description),
        StyledText(mapping.filters.map(\.scope.description).joined(separator: "\n")),
        StyledText(mapping.connection.map { "\(ends), \($0.rawValue)" } ?? ends),
      ]
    }
    let columns = ["protocol", "inside", "outside", "to", "from", "expires in"]
    return TextTable(columns: columns.map { .init($0) }, rows: rows).lines(presentation)
  }

  /// The time left in milliseconds, in which a console's line and a real clock can both be told.
  private static func remaining(from now: Instant, until end: Instant) -> String {
    let nanoseconds = now.duration(to: end).wholeNanoseconds
    return Instant.milliseconds((nanoseconds + 999_999) / 1_000_000).description
  }

  /// The complaint, with a caret below the character that it is about.
  static func complaint(
    _ error: ConsoleError, indent: Int, _ presentation: Presentation
  ) -> [StyledText] {
    let caret = StyledText(String(repeating: " ", count: indent + error.column - 1) + "^", .failure)
    let message = StyledText("column \(error.column): \(error.message)", .failure)
    return error.column + indent <= presentation.width ? [caret, message] : [message]
  }
}
