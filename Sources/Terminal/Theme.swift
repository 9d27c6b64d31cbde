/// The sixteen colours that every colour terminal has; their exact shades are the user's choice.
public enum Colour: UInt8, CaseIterable, Hashable, Sendable {
  case black, red, green, yellow, blue, magenta, cyan, white
  case brightBlack, brightRed, brightGreen, brightYellow
  case brightBlue, brightMagenta, brightCyan, brightWhite
}

/// How a role looks where colour and emphasis are to be had.
public struct Appearance: Hashable, Sendable {
  public var foreground: Colour?
  public var emphasis: Emphasis

  public init(_ foreground: Colour? = nil, emphasis: Emphasis = []) {
    self.foreground = foreground
    self.emphasis = emphasis
  }
}

/// The one place where colours are chosen.
///
/// Only foregrounds are set, and never black or white, so that light and dark terminals both read
/// well.
public enum Theme {
  public static func appearance(of role: Role) -> Appearance {
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

  /// Roles that tell neighbouring ranges apart; each range has its label too.
  public static let ranges: [Role] = [.type, .number, .attribute, .keyword, .code]
}
