public import ArgumentParser
import FoundationEssentials
public import Glibc
public import Terminal

/// The output options that every command has.
public struct OutputOptions: ParsableArguments {
  /// What `--color` says of itself.
  public static let colorHelp: ArgumentHelp = "Whether to use colour: auto, always or never."
  /// What `--plain` says of itself.
  public static let plainHelp: ArgumentHelp =
    "Print words alone: no drawings, for screen readers and simple terminals."

  /// Whether to use color.
  @Option(help: colorHelp)
  public var color: ColourChoice = .auto

  /// Whether to print words alone.
  @Flag(help: plainHelp)
  public var plain = false

  /// The options' defaults.
  public init() {}

  /// Standard output with the presentation that the options and the environment select.
  public func output(to descriptor: Int32 = STDOUT_FILENO) -> Writer {
    Self.output(color: color, plain: plain, to: descriptor)
  }

  /// Standard output with the presentation that the values of the options and the environment select.
  public static func output(
    color: ColourChoice, plain: Bool, to descriptor: Int32 = STDOUT_FILENO
  ) -> Writer {
    Writer(
      descriptor: descriptor,
      presentation: Presentation(
        descriptor: descriptor, environment: processEnvironment(), colour: color, plain: plain))
  }
}

extension ColourChoice: ExpressibleByArgument {}

/// The option `--json`, which selects JSON for programs instead of text.
public struct JSONOption: ParsableArguments {
  /// What the option says of itself.
  public static let help: ArgumentHelp = "Print JSON instead of text."

  /// Whether to print JSON.
  @Flag(help: help)
  public var json = false

  /// The option's default.
  public init() {}
}

/// The version of all JSON output, which changes with the meaning of a key.
public let jsonVersion = 1

/// A value, encoded as an object, with `version` beside its own keys.
private struct Versioned<Value: Encodable>: Encodable {
  let value: Value

  private enum Key: CodingKey { case version }

  func encode(to encoder: any Encoder) throws {
    try value.encode(to: encoder)
    var object = encoder.container(keyedBy: Key.self)
    try object.encode(jsonVersion, forKey: .version)
  }
}

extension Writer {
  /// Writes a value as a JSON object with sorted keys and the version.
  public func json(_ value: some Encodable) throws {
    raw(try jsonText(value))
  }

  /// A value as JSON: one object, its keys sorted, with the version.
  public func jsonText(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(Versioned(value: value)), as: UTF8.self)
      + "\n"
  }

  /// Writes a value as one line of JSON, with the version, so that a program can read values as they are produced.
  public func jsonLine(_ value: some Encodable) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // The values are texts and finite numbers, which JSON can represent.
    guard let data = try? encoder.encode(Versioned(value: value)) else { return }
    raw(String(decoding: data, as: UTF8.self) + "\n")
  }
}
