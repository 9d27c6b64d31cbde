import Glibc

/// The values of the option `--color`.
public enum ColourChoice: String, CaseIterable, Hashable, Sendable {
  case auto, always, never
}

/// How output is presented; decided once per process and passed to everything that prints.
///
/// The rules, in order:
/// - *plain* (words, no drawings) with `--plain`, if output is not a terminal, if `TERM` is `dumb`,
///   empty or unset, or if `ACCESSIBLE` is not empty;
/// - *colour* with `--color=always`; never with `--color=never`; otherwise if output is not plain
///   and `NO_COLOR` is empty or unset;
/// - *emphasis* (bold, underline) like color, except that `NO_COLOR` does not affect it.
public struct Presentation: Hashable, Sendable {
  /// Whether colors are used.
  public var colour: Bool
  /// Whether bold, italic and underline are used.
  public var emphasis: Bool
  /// Whether words replace drawings, colors and cursor movement.
  public var plain: Bool
  /// Whether the character encoding of the locale is UTF-8.
  public var unicode: Bool
  /// The maximum width of a line in columns.
  public var width: Int

  /// The maximum width of prose on wide terminals, in columns.
  public static let widestProse = 88

  /// The width to assume if it is unknown, in columns.
  public static let usualWidth = 80

  /// The widths that are accepted from the environment.
  static let saneWidths = 20...1000

  /// Creates a presentation from its parts.
  public init(
    colour: Bool = false, emphasis: Bool = false, plain: Bool = true, unicode: Bool = true,
    width: Int = Presentation.usualWidth
  ) {
    self.colour = colour
    self.emphasis = emphasis
    self.plain = plain
    self.unicode = unicode
    self.width = width
  }

  /// Derives a presentation from the environment, the options and the width that the device reports.
  public init(
    environment: [String: String], isTerminal: Bool, colour: ColourChoice = .auto,
    plain: Bool = false, terminalWidth: Int? = nil
  ) {
    func says(_ name: String) -> Bool { !(environment[name] ?? "").isEmpty }
    let ableTerminal = isTerminal && says("TERM") && environment["TERM"] != "dumb"
    self.plain = plain || !ableTerminal || says("ACCESSIBLE")
    switch colour {
    case .always: (self.colour, emphasis) = (true, true)
    case .never: (self.colour, emphasis) = (false, false)
    case .auto: (self.colour, emphasis) = (!self.plain && !says("NO_COLOR"), !self.plain)
    }
    unicode = Self.isUnicode(environment)
    width = Self.width(environment, terminalWidth: terminalWidth)
  }

  /// `COLUMNS` if it is a sane number, else the width that the terminal reports, else 80.
  static func width(_ environment: [String: String], terminalWidth: Int?) -> Int {
    if let columns = environment["COLUMNS"].flatMap({ Int($0) }), saneWidths.contains(columns) {
      return columns
    }
    guard let terminalWidth, terminalWidth > 0 else { return usualWidth }
    return min(max(terminalWidth, saneWidths.lowerBound), saneWidths.upperBound)
  }

  /// Whether the first of `LC_ALL`, `LC_CTYPE` and `LANG` that is set names UTF-8.
  static func isUnicode(_ environment: [String: String]) -> Bool {
    let names = ["LC_ALL", "LC_CTYPE", "LANG"]
    guard let locale = names.compactMap({ environment[$0] }).first(where: { !$0.isEmpty }) else {
      return false
    }
    let codeset = locale.split(separator: ".", maxSplits: 1).dropFirst().first ?? ""
    let name = codeset.prefix(while: { $0 != "@" }).lowercased()
    return name == "utf-8" || name == "utf8"
  }

  /// The maximum width of prose in columns.
  public var proseWidth: Int { min(width, Self.widestProse) }

  /// The drawing characters to use.
  public var symbols: Symbols { plain ? .words : unicode ? .unicode : .ascii }

  /// The form in which control characters are shown.
  public var controlStyle: ControlStyle { plain || !unicode ? .escapes : .pictures }

  /// The same presentation with a different width, for a part of the screen.
  public func width(_ width: Int) -> Presentation {
    var copy = self
    copy.width = width
    return copy
  }
}

extension Presentation {
  /// Derives a presentation for a file descriptor from its terminal, the environment and the options.
  public init(
    descriptor: Int32, environment: [String: String], colour: ColourChoice = .auto,
    plain: Bool = false
  ) {
    self.init(
      environment: environment, isTerminal: isatty(descriptor) == 1, colour: colour, plain: plain,
      terminalWidth: Self.columns(of: descriptor))
  }

  /// The width that the terminal at `descriptor` reports; nil if it is no terminal or reports none.
  public static func columns(of descriptor: Int32) -> Int? {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }
}

/// The environment of this process, read without Foundation.
public func processEnvironment() -> [String: String] {
  var environment: [String: String] = [:]
  var entry: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?> = environ
  while let text = entry.pointee {
    let pair = String(cString: text).split(
      separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    if pair.count == 2 { environment[String(pair[0])] = String(pair[1]) }
    entry += 1
  }
  return environment
}
