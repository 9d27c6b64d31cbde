import IPPacket
import NATTable
import SansIO
public import Terminal
import TransportAddress

/// How the console's results look.
public enum NATPage {
  /// What an interactive console says first.
  public static func greeting(_ console: Console) -> [StyledText] {
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

  /// A result's lines.
  public static func lines(of result: ConsoleResult, _ presentation: Presentation) -> [StyledText] {
    switch result {
    case .packet(_, _, .forward(let packet), let released):
      return [StyledText("forward ", .success) + StyledText(packet.description)]
        + released.map { StyledText("then \($0)") }
    case .packet(_, _, .drop(let drop), let released):
      return [StyledText("drop: ", .failure) + StyledText(drop.reason)]
        + released.map { StyledText("then \($0)") }
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
  public static func complaint(
    _ error: ConsoleError, indent: Int, _ presentation: Presentation
  ) -> [StyledText] {
    let caret = StyledText(String(repeating: " ", count: indent + error.column - 1) + "^", .failure)
    let message = StyledText("column \(error.column): \(error.message)", .failure)
    return error.column + indent <= presentation.width ? [caret, message] : [message]
  }
}
