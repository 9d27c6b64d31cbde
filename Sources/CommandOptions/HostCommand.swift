public import ArgumentParser

/// A shell command and the host of a world that it runs on: `alice=ping -c 1 203.0.113.9`.
public struct HostCommand: Hashable, Sendable {
  /// The host's name.
  public var host: String
  /// What a shell on it reads.
  public var command: String
}

extension HostCommand: ExpressibleByArgument {
  /// Reads `HOST=COMMAND`; nil for other text.
  public init?(argument: String) {
    guard let sign = argument.firstIndex(of: "="), sign > argument.startIndex else { return nil }
    host = String(argument[..<sign])
    command = String(argument[argument.index(after: sign)...])
    guard command.contains(where: { !$0.isWhitespace }) else { return nil }
  }
}
