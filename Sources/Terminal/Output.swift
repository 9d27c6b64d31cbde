import Glibc

/// What the learner asked for with `--color`.
public enum ColourChoice: String, CaseIterable, Hashable, Sendable {
  case auto, always, never
}

/// How output is to look: decided once, here, and handed to everything that prints.
///
/// From first to last rule:
/// - *plain* (words, no drawings) with `--plain`, when output is not a terminal, when `TERM` is
///   `dumb`, empty or unset, or when `ACCESSIBLE` is not empty;
/// - *colour* with `--color=always` whatever else holds; never with `--color=never`; else where
///   output is not plain and `NO_COLOR` is empty or unset;
/// - *emphasis* (bold, underline) like colour, except that `NO_COLOR` leaves it alone.
public struct Presentation: Hashable, Sendable {
  /// Colours may be used.
  public var colour: Bool
  /// Bold, italic and underline may be used.
  public var emphasis: Bool
  /// No drawings and no cursor movement; words say what colour and shapes say elsewhere.
  public var plain: Bool
  /// The locale's character encoding is UTF-8.
  public var unicode: Bool
  /// Columns to fill at most.
  public var width: Int

  /// The widest that prose may get, however wide the terminal is.
  public static let widestProse = 88

  /// Columns to assume where nothing says how many there are.
  public static let usualWidth = 80

  /// Widths outside this are a mistake or no help.
  static let saneWidths = 20...1000

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

  /// Decides from the environment and the options; `terminalWidth` is what the device says.
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

  /// `COLUMNS` if it is a sane number, then the terminal's own answer, then 80.
  static func width(_ environment: [String: String], terminalWidth: Int?) -> Int {
    if let columns = environment["COLUMNS"].flatMap({ Int($0) }), saneWidths.contains(columns) {
      return columns
    }
    guard let terminalWidth, terminalWidth > 0 else { return usualWidth }
    return min(max(terminalWidth, saneWidths.lowerBound), saneWidths.upperBound)
  }

  /// The first of `LC_ALL`, `LC_CTYPE` and `LANG` that is set decides, as for the C library.
  static func isUnicode(_ environment: [String: String]) -> Bool {
    let names = ["LC_ALL", "LC_CTYPE", "LANG"]
    guard let locale = names.compactMap({ environment[$0] }).first(where: { !$0.isEmpty }) else {
      return false
    }
    let codeset = locale.split(separator: ".", maxSplits: 1).dropFirst().first ?? ""
    let name = codeset.prefix(while: { $0 != "@" }).lowercased()
    return name == "utf-8" || name == "utf8"
  }

  /// The columns that prose should fill.
  public var proseWidth: Int { min(width, Self.widestProse) }

  /// The drawing characters to use.
  public var symbols: Symbols { plain ? .words : unicode ? .unicode : .ascii }

  /// How control characters are shown.
  public var controlStyle: ControlStyle { plain || !unicode ? .escapes : .pictures }

  /// The same presentation with another width, for a part of the screen.
  public func width(_ width: Int) -> Presentation {
    var copy = self
    copy.width = width
    return copy
  }
}

extension Presentation {
  /// Asks `descriptor` whether it is a terminal and how wide, then decides.
  public init(
    descriptor: Int32, environment: [String: String], colour: ColourChoice = .auto,
    plain: Bool = false
  ) {
    self.init(
      environment: environment, isTerminal: isatty(descriptor) == 1, colour: colour, plain: plain,
      terminalWidth: Self.columns(of: descriptor))
  }

  /// The width that the terminal behind `descriptor` reports; nil if it is none or has no idea.
  public static func columns(of descriptor: Int32) -> Int? {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }
}

/// This process's environment, read without Foundation.
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
