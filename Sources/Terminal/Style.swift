/// What a piece of text is, never how it looks: the theme decides that.
///
/// A role alone must not carry a meaning that the words do not: with colour off it is invisible.
public enum Role: String, CaseIterable, Hashable, Sendable, Codable {
  case plain
  case heading
  case subheading
  case code
  case keyword
  case type
  case string
  case number
  case comment
  case attribute
  case success
  case failure
  case warning
  case muted
  case link
  case quote
  case note
  /// A label beside something: a field's name, a table's header.
  case label
  /// What the learner types: a key, a command.
  case key
  /// The range under attention, such as the differing part of a line.
  case highlight
}

/// Typographic emphasis, apart from the role; a back end shows what its device can.
public struct Emphasis: OptionSet, Hashable, Sendable {
  public let rawValue: UInt8

  public init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  public static let bold = Emphasis(rawValue: 1)
  public static let italic = Emphasis(rawValue: 2)
  public static let underline = Emphasis(rawValue: 4)
  public static let strikethrough = Emphasis(rawValue: 8)
}

/// A run of text in one style.
public struct Span: Hashable, Sendable {
  public var text: String
  public var role: Role
  public var emphasis: Emphasis

  public init(_ text: String, _ role: Role = .plain, emphasis: Emphasis = []) {
    self.text = text
    self.role = role
    self.emphasis = emphasis
  }

  /// Whether the two runs would look alike, so that they can be joined.
  func sharesStyle(with other: Span) -> Bool {
    role == other.role && emphasis == other.emphasis
  }
}

/// Text in several styles, as a value that any back end can print.
///
/// A screen is `[StyledText]`, one element a line. A line feed inside a text is a line break that
/// `lines`, wrapping and the back ends all honour.
public struct StyledText: Hashable, Sendable {
  /// The runs, in order, none of them empty and no two neighbours alike.
  public private(set) var spans: [Span] = []

  public init() {}

  public init(_ text: String, _ role: Role = .plain, emphasis: Emphasis = []) {
    append(Span(text, role, emphasis: emphasis))
  }

  public init(_ spans: some Sequence<Span>) {
    for span in spans { append(span) }
  }

  public var isEmpty: Bool { spans.isEmpty }

  /// The characters alone.
  public var text: String {
    spans.count == 1 ? spans[0].text : spans.reduce(into: "") { $0 += $1.text }
  }

  public mutating func append(_ span: Span) {
    guard !span.text.isEmpty else { return }
    if let last = spans.indices.last, spans[last].sharesStyle(with: span) {
      spans[last].text += span.text
    } else {
      spans.append(span)
    }
  }

  public mutating func append(_ text: String, _ role: Role = .plain, emphasis: Emphasis = []) {
    append(Span(text, role, emphasis: emphasis))
  }

  public mutating func append(_ other: StyledText) {
    for span in other.spans { append(span) }
  }

  public static func + (left: StyledText, right: StyledText) -> StyledText {
    var sum = left
    sum.append(right)
    return sum
  }

  public static func += (left: inout StyledText, right: StyledText) {
    left.append(right)
  }

  /// The same text with `emphasis` added to every run.
  public func emphasised(_ emphasis: Emphasis) -> StyledText {
    StyledText(spans.map { Span($0.text, $0.role, emphasis: $0.emphasis.union(emphasis)) })
  }

  /// The same text with the plain runs given `role`; runs that have one keep it.
  public func defaulting(to role: Role) -> StyledText {
    StyledText(
      spans.map { Span($0.text, $0.role == .plain ? role : $0.role, emphasis: $0.emphasis) })
  }

  /// The same styles over changed characters.
  func mapText(_ transform: (String) -> String) -> StyledText {
    StyledText(spans.map { Span(transform($0.text), $0.role, emphasis: $0.emphasis) })
  }

  /// The text cut at its line feeds; always at least one line, and the line feeds are gone.
  public var lines: [StyledText] {
    guard spans.contains(where: { $0.text.utf8.contains(0x0A) }) else { return [self] }
    var lines = [StyledText()]
    for span in spans {
      let parts = span.text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
      for (index, part) in parts.enumerated() {
        if index > 0 { lines.append(StyledText()) }
        lines[lines.count - 1].append(String(part), span.role, emphasis: span.emphasis)
      }
    }
    return lines
  }
}

extension StyledText: ExpressibleByStringInterpolation {
  public init(stringLiteral value: String) {
    self.init(value)
  }

  public init(stringInterpolation: Interpolation) {
    self = stringInterpolation.text
  }

  /// Lets a literal say `"\("passed", .success) in \(milliseconds) ms"`.
  public struct Interpolation: StringInterpolationProtocol {
    var text = StyledText()

    public init(literalCapacity: Int, interpolationCount: Int) {}

    public mutating func appendLiteral(_ literal: String) {
      text.append(literal)
    }

    public mutating func appendInterpolation(_ styled: StyledText) {
      text.append(styled)
    }

    public mutating func appendInterpolation(_ value: some CustomStringConvertible) {
      text.append(value.description)
    }

    public mutating func appendInterpolation(
      _ value: some CustomStringConvertible, _ role: Role, emphasis: Emphasis = []
    ) {
      text.append(value.description, role, emphasis: emphasis)
    }
  }
}

extension Sequence<StyledText> {
  /// The texts with `separator` between them.
  public func joined(separator: StyledText = "") -> StyledText {
    var sum = StyledText()
    for (index, text) in enumerated() {
      if index > 0 { sum.append(separator) }
      sum.append(text)
    }
    return sum
  }
}
