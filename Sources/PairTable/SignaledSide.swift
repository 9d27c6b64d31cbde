public import ICE

/// What one agent has signaled: a session description, or its candidate lines alone.
public struct SignaledSide: Hashable, Sendable {
  /// The ICE part of it; candidate lines alone make one data stream without a name.
  public var description: ICEDescription
  /// The formula by which its author computes priorities.
  public var formula: PriorityFormula
  /// The names of the data streams that share one transport, a list for each group (RFC 9143 §7.2).
  public var bundles: [[String]]

  /// Reads a session description, or candidate lines with or without `a=` before them.
  ///
  /// - Throws: `SDPError` with line and column of the first error; a text without any candidate and
  ///   without an `m=` line is one. Candidates of unknown types are left out (RFC 8839 §5.1).
  /// - Complexity: O(n) for n characters.
  public init(parsing text: String) throws(SDPError) {
    let lines = Self.lines(of: text)
    let isSession = lines.contains { $0.hasPrefix("m=") || $0.hasPrefix("v=") }
    description =
      isSession ? try ICEDescription(parsing: text) : try Self.candidateList(lines)
    formula = PriorityFormula(of: description, origin: lines.first { $0.hasPrefix("o=") })
    bundles = lines.filter { $0.hasPrefix("a=group:BUNDLE ") }.map { line in
      line.split(separator: " ").dropFirst().map(String.init)
    }
  }

  /// Candidate lines without a session around them.
  private static func candidateList(_ lines: [Substring]) throws(SDPError) -> ICEDescription {
    var stream = ICEDescription.Stream(media: "")
    for (index, line) in lines.enumerated() where !line.isEmpty {
      let attribute: ICEAttribute?
      do throws(SDPError) {
        attribute = try ICEAttribute(parsing: line)
      } catch {
        if error.problem == .candidate(.type) { continue }
        throw SDPError(line: index + 1, column: error.column, error.problem)
      }
      switch attribute {
      case .candidate(let candidate): stream.candidates.append(candidate)
      case .endOfCandidates: stream.isEnded = true
      case nil: throw SDPError(line: index + 1, column: 1, .candidate(.prefix))
      default: break
      }
    }
    guard !stream.candidates.isEmpty else { throw SDPError(column: 1, .candidate(.prefix)) }
    var description = ICEDescription()
    description.streams = [stream]
    return description
  }

  private static func lines(of text: String) -> [Substring] {
    text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map { line in
      Substring(line.last == 0x0D ? line.dropLast() : line)
    }
  }
}
