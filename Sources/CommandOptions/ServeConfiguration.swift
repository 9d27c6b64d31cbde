internal import ArgumentParser
internal import NoteFormat
public import ProgramSupport

/// What `serve` is told by its command line and by the file that `--config` names.
///
///     # turn.conf
///     listen 192.0.2.1:3478
///     users /etc/turn/users
///     allow-peer 10.0.0.0/8
///
/// A line is a word of the command line, without its dashes, and its value. What is not obeyed is an
/// error: an unknown word, a word that is there twice and can be there once, a word that is there and on
/// the command line.
public struct ServeConfiguration {
  /// How often a word may be said, and whether it has a value.
  enum Kind {
    case flag, once, repeated
  }

  /// The words that a file may have.
  static let words: [String: Kind] = [
    "listen": .repeated, "tls": .flag, "tls-port": .once, "cert": .once, "key": .once,
    "alternate": .once, "alternate-server": .once, "user": .repeated, "users": .once,
    "secret": .once, "realm": .once, "relay-address": .repeated, "port-range": .once,
    "allow-peer": .repeated, "deny-peer": .repeated, "allocations-per-user": .once,
    "allocations-per-address": .once, "permissions": .once, "channels": .once, "connections": .once,
    "mobility": .flag, "signal": .flag, "signal-port": .once, "threads": .once, "metrics": .once,
    "drain": .once, "json": .flag, "plain": .flag, "color": .once,
  ]

  /// The words that count for a server only when it is started.
  static let wordsOfStart = [
    "listen", "tls", "tls-port", "alternate", "realm", "relay-address", "port-range", "mobility",
    "signal", "signal-port", "threads", "metrics", "json", "plain", "color",
  ]

  /// What both say.
  public let arguments: ServeArguments
  /// What the command line alone says, for reading the file anew.
  public let typedArguments: ServeArguments
  /// The values of each word, in their order; a flag's is empty.
  private let said: [String: [String]]

  /// Reads the file, if there is one.
  ///
  /// - Parameters:
  ///   - arguments: what the command line says.
  ///   - commandLine: its words after `serve`.
  /// - Throws: `WorkbookError.missing` where the file cannot be read, `badData` with each line of it that
  ///   is not obeyed, and `usage` for a word that is on the command line twice.
  public init(
    _ arguments: ServeArguments, commandLine: [String] = Array(CommandLine.arguments.dropFirst(2))
  ) throws(WorkbookError) {
    typedArguments = arguments
    let typed = Self.values(of: commandLine)
    for (word, values) in typed where values.count > 1 && Self.words[word] != .repeated {
      throw .usage("--\(word) is there \(values.count) times: say it once")
    }
    guard let path = arguments.config else {
      (self.arguments, said) = (arguments, typed)
      return
    }
    let lines = try Self.lines(of: path)
    var problems: [Problem] = []
    var inFile: [String: [String]] = [:]
    var whole = commandLine
    for line in lines {
      do throws(LineError) {
        try line.check(with: inFile, typed)
        inFile[line.word, default: []].append(line.value)
        whole += line.arguments
      } catch {
        problems.append(
          Problem(
            file: path, position: SourcePosition(line: line.number, column: 1),
            message: error.message))
      }
    }
    guard problems.isEmpty else { throw .badData(problems) }
    do {
      self.arguments = try ServeArguments.parse(whole)
    } catch {
      throw .usage(ServeArguments.message(for: error))
    }
    said = typed.merging(inFile) { $0 + $1 }
  }

  /// The words that say something else than in another configuration, and count only when a server is
  /// started.
  public func wordsOfStart(changedFrom other: ServeConfiguration) -> [String] {
    var words = Self.wordsOfStart.filter { said[$0] != other.said[$0] }
    // Other files are taken; a certificate where there was none changes what is listened at.
    if (said["cert"] == nil) != (other.said["cert"] == nil) { words.append("cert") }
    return words
  }

  // MARK: - Words

  /// The words of a command line with their values.
  private static func values(of commandLine: [String]) -> [String: [String]] {
    var values: [String: [String]] = [:]
    var rest = commandLine[...]
    while let argument = rest.popFirst() {
      guard argument.hasPrefix("--") else { continue }
      let parts = argument.dropFirst(2).split(
        separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let word = String(parts.first ?? "")
      guard let kind = words[word] else { continue }
      if parts.count == 2 {
        values[word, default: []].append(String(parts[1]))
      } else {
        values[word, default: []].append(kind == .flag ? "" : rest.popFirst() ?? "")
      }
    }
    return values
  }

  /// The lines of a file that say something.
  private static func lines(of path: String) throws(WorkbookError) -> [Line] {
    String(decoding: try readFile(path), as: UTF8.self)
      .split(omittingEmptySubsequences: false) { $0.isNewline }.enumerated()
      .compactMap { index, text in Line(text, number: index + 1) }
  }
}

/// Why a line is not obeyed.
private struct LineError: Error {
  let message: String
}

/// A line of a file.
private struct Line {
  let number: Int
  let word: String
  let value: String

  /// Nil for an empty line and a comment.
  init?(_ text: Substring, number: Int) {
    let trimmed = text.drop(while: \.isWhitespace)
    guard let first = trimmed.first, first != "#" else { return nil }
    word = String(trimmed.prefix { !$0.isWhitespace })
    var value = trimmed.dropFirst(word.count).drop(while: \.isWhitespace)
    while value.last?.isWhitespace == true { value.removeLast() }
    self.value = String(value)
    self.number = number
  }

  /// The line as a command line has it.
  var arguments: [String] { value.isEmpty ? ["--\(word)"] : ["--\(word)=\(value)"] }

  /// Whether the line can be obeyed, with those before it and with what the command line says.
  func check(
    with before: [String: [String]], _ typed: [String: [String]]
  ) throws(LineError) {
    guard let kind = ServeConfiguration.words[word] else {
      if word == "config" || word == "check" {
        throw LineError(message: "'\(word)' is for the command line alone")
      }
      let hint = Suggestion.phrase(for: word, among: ServeConfiguration.words.keys.sorted())
      throw LineError(
        message: "there is no word '\(word)'"
          + (hint.isEmpty ? "; 'workbook serve --help' lists them, here without dashes" : hint))
    }
    guard (kind == .flag) == value.isEmpty else {
      throw LineError(
        message: value.isEmpty ? "'\(word)' needs a value after it" : "'\(word)' takes no value")
    }
    guard typed[word] == nil else {
      throw LineError(message: "'\(word)' is said on the command line, too: say it once")
    }
    guard kind == .repeated || before[word] == nil else {
      throw LineError(message: "'\(word)' is there already: say it once")
    }
    do {
      _ = try ServeArguments.parse(arguments)
    } catch {
      // What should be a user may hold a password.
      throw LineError(
        message: word == "user"
          ? "'user' needs NAME:PASSWORD after it" : ServeArguments.message(for: error))
    }
  }
}
