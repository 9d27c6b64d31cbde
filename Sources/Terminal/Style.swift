/// The role of a piece of text; the theme decides how a role looks.
///
/// A role must not carry meaning that the words lack, because it is invisible without color.
public enum TextRole: String, CaseIterable, Hashable, Sendable, Codable {
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
  /// A label: the name of a field, the header of a table.
  case label
  /// Something to type: a key, a command.
  case key
  /// A range to look at, such as the differing part of a line.
  case highlight
}

/// Typographic emphasis, independent of the role; a back end shows what its device supports.
public struct Emphasis: OptionSet, Hashable, Sendable {
  /// The set as bits.
  public let rawValue: UInt8

  /// Creates a set from its bits.
  public init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// Bold.
  public static let bold = Emphasis(rawValue: 1)
  /// Italic.
  public static let italic = Emphasis(rawValue: 2)
  /// Underlined.
  public static let underline = Emphasis(rawValue: 4)
  /// Struck through.
  public static let strikethrough = Emphasis(rawValue: 8)
}

/// A run of text in one style.
public struct StyledSpan: Hashable, Sendable {
  /// The characters.
  public var text: String
  /// The role.
  public var role: TextRole
  /// The emphasis in addition to the role's.
  public var emphasis: Emphasis
  /// Where the text leads if it is a link that can be followed; nil otherwise.
  public var link: String?

  /// Creates a run of text.
  public init(
    _ text: String, _ role: TextRole = .plain, emphasis: Emphasis = [], link: String? = nil
  ) {
    self.text = text
    self.role = role
    self.emphasis = emphasis
    self.link = link
  }

  /// The same style with another text.
  func with(text: String) -> StyledSpan {
    StyledSpan(text, role, emphasis: emphasis, link: link)
  }

  /// Whether both runs have the same style and can be joined.
  func sharesStyle(with other: StyledSpan) -> Bool {
    role == other.role && emphasis == other.emphasis && link == other.link
  }
}

/// Text in several styles, which any back end can print.
///
/// A screen is `[StyledText]`, one element for each line. A line feed within a text is a line break
/// for `lines`, for wrapping and for every back end.
public struct StyledText: Hashable, Sendable {
  /// The runs in order; none is empty, and no two neighbors have the same style.
  public private(set) var spans: [StyledSpan] = []

  /// Creates an empty text.
  public init() {}

  /// Creates a text of one run.
  public init(_ text: String, _ role: TextRole = .plain, emphasis: Emphasis = []) {
    append(StyledSpan(text, role, emphasis: emphasis))
  }

  /// Creates a text of several runs, joining neighbors of the same style.
  public init(_ spans: some Sequence<StyledSpan>) {
    for span in spans { append(span) }
  }

  /// Creates a text of runs that are as `spans` has them: none empty, no two neighbors in one style.
  init(spans: [StyledSpan]) {
    self.spans = spans
  }

  /// Whether the text has no characters.
  public var isEmpty: Bool { spans.isEmpty }

  /// The characters without their styles.
  public var text: String {
    spans.count == 1 ? spans[0].text : spans.reduce(into: "") { $0 += $1.text }
  }

  /// Appends a run, joining it with the last one if both have the same style.
  public mutating func append(_ span: StyledSpan) {
    guard !span.text.isEmpty else { return }
    if let last = spans.indices.last, spans[last].sharesStyle(with: span) {
      spans[last].text += span.text
    } else {
      spans.append(span)
    }
  }

  /// Appends text in one style.
  public mutating func append(_ text: String, _ role: TextRole = .plain, emphasis: Emphasis = []) {
    append(StyledSpan(text, role, emphasis: emphasis))
  }

  /// Appends styled text.
  public mutating func append(_ other: StyledText) {
    for span in other.spans { append(span) }
  }

  /// Concatenates two texts.
  public static func + (left: StyledText, right: StyledText) -> StyledText {
    var sum = left
    sum.append(right)
    return sum
  }

  /// Appends the text on the right.
  public static func += (left: inout StyledText, right: StyledText) {
    left.append(right)
  }

  /// The same text with `emphasis` added to every run.
  public func emphasised(_ emphasis: Emphasis) -> StyledText {
    StyledText(
      spans.map {
        StyledSpan($0.text, $0.role, emphasis: $0.emphasis.union(emphasis), link: $0.link)
      })
  }

  /// The same text with `role` for its plain runs; other runs keep their role.
  public func defaulting(to role: TextRole) -> StyledText {
    StyledText(
      spans.map {
        StyledSpan(
          $0.text, $0.role == .plain ? role : $0.role, emphasis: $0.emphasis, link: $0.link)
      })
  }

  /// The same text as a link.
  public func linked(to link: String) -> StyledText {
    StyledText(
      spans.map { StyledSpan($0.text, $0.role, emphasis: $0.emphasis, link: link) })
  }

  /// Replaces the characters of each run and keeps the styles.
  func mapText(_ transform: (String) -> String) -> StyledText {
    StyledText(spans.map { $0.with(text: transform($0.text)) })
  }

  /// The same text with some ranges, given in `text`, in another role.
  public func marked(_ ranges: [Range<String.Index>], _ role: TextRole) -> StyledText {
    let text = text
    let offsets = ranges.map { range in
      text.distance(
        from: text.startIndex, to: range.lowerBound)..<text.distance(
          from: text.startIndex, to: range.upperBound)
    }
    return StyledText(
      cells.enumerated().map { index, cell in
        var span = cell.span.with(text: String(cell.character))
        if offsets.contains(where: { $0.contains(index) }) { span.role = role }
        return span
      })
  }

  /// The text split at its line feeds, which are removed; always at least one line.
  public var lines: [StyledText] {
    guard spans.contains(where: { $0.text.utf8.contains(0x0A) }) else { return [self] }
    var lines = [StyledText()]
    for span in spans {
      let parts = span.text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
      for (index, part) in parts.enumerated() {
        if index > 0 { lines.append(StyledText()) }
        lines[lines.count - 1].append(span.with(text: String(part)))
      }
    }
    return lines
  }
}

extension StyledText: ExpressibleByStringInterpolation {
  /// Creates a plain text from a literal.
  public init(stringLiteral value: String) {
    self.init(value)
  }

  /// Creates a text from an interpolated literal.
  public init(stringInterpolation: Interpolation) {
    self = stringInterpolation.text
  }

  /// An interpolation with styles: `"\("passed", .success) in \(milliseconds) ms"`.
  public struct Interpolation: StringInterpolationProtocol {
    var text = StyledText()

    /// Creates an empty interpolation; the capacities are ignored.
    public init(literalCapacity: Int, interpolationCount: Int) {}

    /// Appends a plain literal.
    public mutating func appendLiteral(_ literal: String) {
      text.append(literal)
    }

    /// Appends styled text.
    public mutating func appendInterpolation(_ styled: StyledText) {
      text.append(styled)
    }

    /// Appends a value as plain text.
    public mutating func appendInterpolation(_ value: some CustomStringConvertible) {
      text.append(value.description)
    }

    /// Appends a value in one style.
    public mutating func appendInterpolation(
      _ value: some CustomStringConvertible, _ role: TextRole, emphasis: Emphasis = []
    ) {
      text.append(value.description, role, emphasis: emphasis)
    }
  }
}

extension Sequence<StyledText> {
  /// The concatenated texts, with `separator` between them.
  public func joined(separator: StyledText = "") -> StyledText {
    var sum = StyledText()
    for (index, text) in enumerated() {
      if index > 0 { sum.append(separator) }
      sum.append(text)
    }
    return sum
  }
}
