/// The sixteen standard terminal colors; the user's terminal chooses their shades.
public enum Colour: UInt8, CaseIterable, Hashable, Sendable {
  case black, red, green, yellow, blue, magenta, cyan, white
  case brightBlack, brightRed, brightGreen, brightYellow
  case brightBlue, brightMagenta, brightCyan, brightWhite
}

/// The color and emphasis of a role.
public struct Appearance: Hashable, Sendable {
  /// The color of the text; nil for the default color.
  public var foreground: Colour?
  /// The emphasis.
  public var emphasis: Emphasis

  /// Creates an appearance.
  public init(_ foreground: Colour? = nil, emphasis: Emphasis = []) {
    self.foreground = foreground
    self.emphasis = emphasis
  }
}

/// The mapping from roles to their appearance.
///
/// Only foreground colors are set, and never black or white, so that text is legible on light and on
/// dark terminals.
public enum Theme {
  /// The appearance of a role.
  public static func appearance(of role: TextRole) -> Appearance {
    switch role {
    case .plain: Appearance()
    case .heading: Appearance(.cyan, emphasis: .bold)
    case .subheading: Appearance(.cyan, emphasis: .bold)
    case .code: Appearance(.green)
    case .keyword: Appearance(.magenta, emphasis: .bold)
    case .type: Appearance(.cyan)
    case .string: Appearance(.red)
    case .number: Appearance(.blue)
    case .comment: Appearance(.brightBlack, emphasis: .italic)
    case .attribute: Appearance(.yellow)
    case .success: Appearance(.green, emphasis: .bold)
    case .failure: Appearance(.red, emphasis: .bold)
    case .warning: Appearance(.yellow, emphasis: .bold)
    case .muted: Appearance(.brightBlack)
    case .link: Appearance(.blue, emphasis: .underline)
    case .quote: Appearance(emphasis: .italic)
    case .note: Appearance(.blue, emphasis: .bold)
    case .label: Appearance(emphasis: .bold)
    case .key: Appearance(.yellow, emphasis: .bold)
    case .highlight: Appearance(.magenta, emphasis: [.bold, .underline])
    }
  }

  /// Roles that distinguish neighboring ranges, in addition to their labels.
  public static let ranges: [TextRole] = [.type, .number, .attribute, .keyword, .code]
}
