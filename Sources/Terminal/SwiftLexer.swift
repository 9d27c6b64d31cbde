/// Splits Swift source into tokens for syntax highlighting.
///
/// Any text is accepted. The concatenated tokens are the unchanged source. Time and space are linear,
/// and nesting cannot exhaust the stack.
public struct SwiftLexer {
  /// The lines of the source, each token with its role.
  public static func highlight(_ source: String) -> [StyledText] {
    StyledText(tokens(in: source)).lines
  }

  /// The tokens of the source, each with one role.
  /// - Complexity: O(n).
  public static func tokens(in source: String) -> [StyledSpan] {
    var lexer = SwiftLexer(source)
    lexer.run()
    return lexer.tokens
  }

  /// What surrounds a position; without a context the position is in code.
  private enum Context {
    /// A string literal: its number of `#`, and whether it opens with three quotes.
    case string(hashes: Int, multiline: Bool)
    /// An interpolation `\( )` of the string below it, with its number of open parentheses.
    case interpolation(parentheses: Int)
  }

  private let bytes: [UInt8]
  private var position = 0
  private var start = 0
  private var contexts: [Context] = []
  private var tokens: [StyledSpan] = []

  private init(_ source: String) {
    bytes = Array(source.utf8)
  }

  private func byte(at index: Int) -> UInt8? { index < bytes.count ? bytes[index] : nil }

  /// Ends the token at `position`. Tokens are split only beside ASCII bytes, so no scalar is split.
  private mutating func emit(_ role: TextRole) {
    guard start < position else { return }
    tokens.append(StyledSpan(String(decoding: bytes[start..<position], as: UTF8.self), role))
    start = position
  }

  private mutating func run() {
    while position < bytes.count {
      if case .string(let hashes, let multiline)? = contexts.last {
        string(hashes: hashes, multiline: multiline)
      } else {
        code()
      }
    }
    emit(.string)  // A quote that is the source's last character.
  }

  /// Reads one token of code.
  private mutating func code() {
    switch bytes[position] {
    case UInt8(ascii: "/") where byte(at: position + 1) == UInt8(ascii: "/"): lineComment()
    case UInt8(ascii: "/") where byte(at: position + 1) == UInt8(ascii: "*"): blockComment()
    case UInt8(ascii: "\""): openString(hashes: 0)
    case UInt8(ascii: "#"): hash()
    case UInt8(ascii: "@"):
      position += 1
      skipIdentifier()
      emit(position - start > 1 ? .attribute : .plain)
    case UInt8(ascii: "`"): quotedIdentifier()
    case let byte where byte.isDigit: number()
    case let byte where byte.isIdentifier: identifier()
    case UInt8(ascii: "\n"):
      position += 1
      emit(.plain)
      leaveLine()
    case UInt8(ascii: "("):
      position += 1
      emit(.plain)
      countParenthesis(1)
    case UInt8(ascii: ")"):
      position += 1
      if countParenthesis(-1) { emit(.string) } else { emit(.plain) }
    default:
      position += 1
      emit(.plain)
    }
  }

  /// Counts the parentheses of an interpolation; true if this one closes it.
  @discardableResult private mutating func countParenthesis(_ change: Int) -> Bool {
    guard case .interpolation(let open)? = contexts.last else { return false }
    if open + change < 0 {
      contexts.removeLast()
      return true
    }
    contexts[contexts.count - 1] = .interpolation(parentheses: open + change)
    return false
  }

  /// Ends every single-line literal at the end of a line, closed or not, with the code inside it.
  private mutating func leaveLine() {
    while let last = contexts.last {
      switch last {
      case .string(_, multiline: false): contexts.removeLast()
      case .interpolation where contexts.count >= 2:
        guard case .string(_, multiline: false) = contexts[contexts.count - 2] else { return }
        contexts.removeLast()
      default: return
      }
    }
  }

  private mutating func lineComment() {
    while position < bytes.count && bytes[position] != UInt8(ascii: "\n") { position += 1 }
    emit(.comment)
  }

  private mutating func blockComment() {
    var depth = 0
    repeat {
      switch (bytes[position], byte(at: position + 1)) {
      case (UInt8(ascii: "/"), UInt8(ascii: "*")):
        depth += 1
        position += 2
      case (UInt8(ascii: "*"), UInt8(ascii: "/")):
        depth -= 1
        position += 2
      default: position += 1
      }
    } while depth > 0 && position < bytes.count
    emit(.comment)
  }

  /// `#"…"#`, `#if`, `#expect`, or a lone `#`.
  private mutating func hash() {
    while byte(at: position) == UInt8(ascii: "#") { position += 1 }
    let hashes = position - start
    if byte(at: position) == UInt8(ascii: "\"") {
      openString(hashes: hashes)
    } else {
      skipIdentifier()
      emit(position - start > hashes ? .attribute : .plain)
    }
  }

  private mutating func openString(hashes: Int) {
    let quote = UInt8(ascii: "\"")
    let multiline = byte(at: position + 1) == quote && byte(at: position + 2) == quote
    position += multiline ? 3 : 1
    contexts.append(.string(hashes: hashes, multiline: multiline))
  }

  /// Reads a literal up to its end, an interpolation, or the end of the line.
  private mutating func string(hashes: Int, multiline: Bool) {
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\n") where !multiline:
        emit(.string)
        leaveLine()
        return
      case UInt8(ascii: "\\"):
        let escaped = position + 1 + hashesFollowing(position, atMost: hashes)
        guard escaped - position - 1 == hashes else {
          position = escaped
          continue
        }
        if byte(at: escaped) == UInt8(ascii: "(") {
          position = escaped + 1
          emit(.string)
          contexts.append(.interpolation(parentheses: 0))
          return
        }
        // Any escaped ASCII character except a line feed is part of the literal.
        position = escaped
        if let next = byte(at: escaped), next < 0x80, next != UInt8(ascii: "\n") { position += 1 }
      case UInt8(ascii: "\""):
        let quotes = multiline ? 3 : 1
        if multiline && !(byte(at: position + 1) == 0x22 && byte(at: position + 2) == 0x22) {
          position += 1
          continue
        }
        let found = hashesFollowing(position + quotes - 1, atMost: hashes)
        if found == hashes {
          position += quotes + hashes
          emit(.string)
          contexts.removeLast()
          return
        }
        // If a fourth quote follows, the last three may still be the end.
        position += quotes > 1 && found == 0 ? 1 : quotes + found
      default: position += 1
      }
    }
    emit(.string)
  }

  private func hashesFollowing(_ index: Int, atMost limit: Int) -> Int {
    var count = 0
    while count < limit && byte(at: index + 1 + count) == UInt8(ascii: "#") { count += 1 }
    return count
  }

  private mutating func skipIdentifier() {
    while let next = byte(at: position), next.isIdentifier || next.isDigit { position += 1 }
  }

  private mutating func quotedIdentifier() {
    var end = position + 1
    while let next = byte(at: end), next.isIdentifier || next.isDigit { end += 1 }
    position = byte(at: end) == UInt8(ascii: "`") ? end + 1 : end
    emit(.plain)
  }

  private mutating func identifier() {
    let isMember = start > 0 && bytes[start - 1] == UInt8(ascii: ".")
    skipIdentifier()
    let length = position - start
    let first = bytes[start]
    // No keyword is longer, so longer identifiers need no lookup.
    if length <= 16 {
      let word = String(decoding: bytes[start..<position], as: UTF8.self)
      if Self.keywords.contains(word) && (!isMember || word == "self" || word == "init") {
        return emit(.keyword)
      }
    }
    emit(UInt8(ascii: "A") <= first && first <= UInt8(ascii: "Z") ? .type : .plain)
  }

  private mutating func number() {
    let isDecimal: Bool
    switch byte(at: position + 1) {
    case UInt8(ascii: "x"), UInt8(ascii: "b"), UInt8(ascii: "o"): isDecimal = false
    default: isDecimal = true
    }
    skipIdentifier()
    // A fraction, but neither a range (`1...5`) nor a member (`1.description`).
    if byte(at: position) == UInt8(ascii: "."), let next = byte(at: position + 1), next.isDigit {
      position += 1
      skipIdentifier()
    }
    let last = bytes[position - 1]
    if isDecimal, last == UInt8(ascii: "e") || last == UInt8(ascii: "E"),
      let sign = byte(at: position), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"),
      let next = byte(at: position + 1), next.isDigit
    {
      position += 1
      skipIdentifier()
    }
    emit(.number)
  }
}

extension UInt8 {
  fileprivate var isDigit: Bool { UInt8(ascii: "0") <= self && self <= UInt8(ascii: "9") }

  /// A letter, `_`, `$`, or a part of a scalar beyond ASCII.
  fileprivate var isIdentifier: Bool {
    (UInt8(ascii: "a") <= self | 0x20 && self | 0x20 <= UInt8(ascii: "z"))
      || self == UInt8(ascii: "_") || self == UInt8(ascii: "$") || self >= 0x80
  }
}
