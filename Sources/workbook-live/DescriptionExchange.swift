import CommandOptions
import Connections
import Glibc
import ICE
import NoteFormat
import ProgramSupport

/// How the two descriptions get across: by files that both sides reach, or by hand.
struct DescriptionExchange {
  /// The file that this side writes; nil where the description is copied by hand.
  let own: String?
  /// The file that the other side writes; nil where it is pasted into standard input.
  let other: String?
  /// Whether this side's description answers the other's, and so waits for it.
  let isAnswer: Bool
  /// Whether the other side is a browser's.
  let isBrowser: Bool
  private var hasWritten = false

  /// - Throws: `WorkbookError.missing` where an answer of an earlier connection is in the way.
  init(_ options: ConnectionOptions, isBrowser: Bool) throws(WorkbookError) {
    let isOffer = options.side == .offer
    self.isBrowser = isBrowser
    guard let files = options.files else {
      // By a server or by hand, both sides may begin; but a browser takes an answer only to its own offer.
      (own, other, isAnswer) = (nil, nil, !isOffer && isBrowser)
      return
    }
    isAnswer = !isOffer
    (own, other) = isOffer ? (files.offer, files.answer) : (files.answer, files.offer)
    if isOffer, isFile(files.answer) {
      throw .missing(
        "\(files.answer) is there already", remedy: "remove it if it is an earlier connection's")
    }
  }

  /// What the other is told: the description, with all around it that a browser needs if it is one.
  ///
  /// - Throws: `WorkbookError.badData` for a browser's offer that cannot be answered.
  func text(
    of own: ICEDescription, to other: ICEDescription?
  ) throws(WorkbookError) -> String {
    guard isBrowser else { return own.description }
    var generator = SystemRandomNumberGenerator()
    guard isAnswer, let other else {
      return BrowserDescription(offering: own, using: &generator).description
    }
    do throws(BrowserDescription.OfferProblem) {
      return try BrowserDescription(answering: other, with: own, using: &generator).description
    } catch {
      throw .badData([
        Problem(
          file: self.other ?? "standard input", position: SourcePosition(line: 1, column: 1),
          message: "the page's offer cannot be answered: \(error)")
      ])
    }
  }

  /// Writes the own description, whole or not at all.
  mutating func write(_ description: String) throws(WorkbookError) {
    guard let own else { return }
    try writeFile(own, description, durably: false)
    hasWritten = true
  }

  /// Removes the own file, so that it is not taken for a later connection's.
  func remove() {
    if hasWritten, let own { unlink(own) }
  }

  /// Reads the other's file; nil while it is not there.
  ///
  /// - Throws: `WorkbookError.badData` with line and column.
  func read() throws(WorkbookError) -> ICEDescription? {
    guard let other, isFile(other) else { return nil }
    return try Self.parse(String(decoding: try readFile(other), as: UTF8.self), from: other)
  }

  /// A description from a text.
  ///
  /// - Throws: `WorkbookError.badData` with line and column.
  static func parse(_ text: String, from name: String) throws(WorkbookError) -> ICEDescription {
    do throws(SDPError) {
      let description = try ICEDescription(parsing: text)
      guard description.remoteDescription != nil else {
        throw SDPError(column: 1, .halfOfCredentials)
      }
      return description
    } catch {
      throw .badData([
        Problem(
          file: name, position: SourcePosition(line: error.line, column: error.column),
          message: "\(error.problem)")
      ])
    }
  }
}

/// A description as it is pasted, line by line: it ends with an empty line, with the input, or with
/// `a=end-of-candidates`, which other lines follow in a browser's description alone.
struct PastedDescription {
  private(set) var text = ""
  private var rest: [UInt8] = []

  /// Takes what was read.
  ///
  /// - Returns: whether the description is complete.
  mutating func take(_ bytes: some Sequence<UInt8>) -> Bool {
    rest += bytes
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      var line = rest[..<end]
      if line.last == UInt8(ascii: "\r") { line.removeLast() }
      let words = String(decoding: line, as: UTF8.self)
      rest.removeFirst(end + 1)
      // Empty lines before it are the last paste's.
      if words.isEmpty {
        if text.isEmpty { continue }
        return true
      }
      text += words + "\n"
      if words == "a=end-of-candidates", !text.hasPrefix("v=") { return true }
    }
    return false
  }

  /// What was read beyond its end: data for the other side.
  mutating func takeRest() -> [UInt8] {
    defer { rest = [] }
    return rest
  }
}
