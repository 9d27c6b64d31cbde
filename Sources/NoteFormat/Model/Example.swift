/// A Swift fence with an id: code that is compiled with the program and run as part of a lesson.
public struct Example: Hashable, Sendable {
  public var id: String
  /// Whether the code runs, or is there to show that it does not compile.
  public var mode: Mode
  /// Whether the learner says what it prints before they see its output.
  public var asksForPrediction: Bool
  /// The id of the example that this one continues, with where it is named.
  public var after: Reference?
  /// In seconds; nil for the usual limit.
  public var timeLimit: Int?
  public var code: FencedText
  public var output: FencedText?

  public enum Mode: Hashable, Sendable {
    case runs
    /// Its output names the compiler's message.
    case fails
  }

  /// The name of something that stands elsewhere, with where it is named.
  public struct Reference: Hashable, Sendable {
    public var name: String
    public var position: SourcePosition
  }
}

/// The lines between a fence's opening and its end.
public struct FencedText: Hashable, Sendable {
  /// Every line ends in a line feed; empty for a fence without lines.
  public var text: String
  /// The whole fence, its opening and closing lines included.
  public var range: SourceRange
  /// How many columns the fence stands in from the left; the compiler's columns count them.
  public var indentation: Int

  /// The file's line that holds the first line of `text`.
  public var firstLine: Int { range.start.line + 1 }

  /// The lines of `text` without their line feeds.
  public var lines: [Substring] {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    if lines.last == "" { lines.removeLast() }
    return lines
  }
}

/// A verbatim piece of the project's own sources: a fence with `source=PATH#REGION`.
public struct Quotation: Hashable, Sendable {
  /// From the project's top folder.
  public var path: String
  /// The name behind `// snippet.` where the region starts.
  public var region: String
  public var position: SourcePosition
  public var code: FencedText
}

/// A fence of hex digits that decode to one STUN message.
public struct STUNMessageFence: Hashable, Sendable {
  public var bytes: [UInt8]
  public var code: FencedText
}
