/// A Swift fence with an id: code that is compiled into the program and run as part of a lesson.
public struct Example: Hashable, Sendable {
  /// The name by which commands and other examples refer to it.
  public var id: String
  /// Whether the code is run, or must fail to compile.
  public var mode: Mode
  /// What the learner predicts before seeing the output; nil if nothing.
  public var prediction: Prediction?
  /// The example that this one continues, if any.
  public var after: Reference?
  /// The time limit in seconds; nil for the default.
  public var timeLimit: Int?
  /// The code of the example.
  public var code: FencedText
  /// The expected output, from the `output` fence after the example.
  public var output: FencedText?

  /// Whether the learner predicts something before seeing the output.
  public var asksForPrediction: Bool { prediction != nil }

  /// What is done with an example's code.
  public enum Mode: Hashable, Sendable {
    case runs
    /// The code must not compile; the expected output is part of the compiler's message.
    case fails
  }

  /// A reference to another example, with the position of the reference.
  public struct Reference: Hashable, Sendable {
    /// The id of the other example.
    public var name: String
    /// The position of the reference in the note.
    public var position: SourcePosition

    /// Creates a reference.
    public init(name: String, position: SourcePosition) {
      self.name = name
      self.position = position
    }
  }
}

/// The text of a code fence, with its source range.
public struct FencedText: Hashable, Sendable {
  /// The lines between the opening and closing fence, each with a line feed.
  public var text: String
  /// The range of the whole fence, including its opening and closing lines.
  public var range: SourceRange
  /// The indentation of the fence in columns, which is part of the compiler's column numbers.
  public var indentation: Int

  /// The line number of the first line of `text` in the note's file.
  public var firstLine: Int { range.start.line + 1 }

  /// The lines of `text` without their line feeds.
  public var lines: [Substring] {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    if lines.last == "" { lines.removeLast() }
    return lines
  }
}

/// A verbatim region of one of the project's source files: a fence with `source=PATH#REGION`.
public struct Quotation: Hashable, Sendable {
  /// The path of the source file, relative to the project's root.
  public var path: String
  /// The name of the region, which starts at `// snippet.NAME`.
  public var region: String
  /// The position of the `source` attribute in the note.
  public var position: SourcePosition
  /// The quoted code as it stands in the note.
  public var code: FencedText
}

/// A fence of hexadecimal digits that form one STUN message.
public struct STUNMessageFence: Hashable, Sendable {
  /// The bytes of the message.
  public var bytes: [UInt8]
  /// The digits as they stand in the note.
  public var code: FencedText
}
