package import TransportAddress

/// Reads the words of a line one by one, and knows where each stands.
package struct LineScanner {
  package struct Word {
    package var text: Substring
    package var column: Int
  }

  private var rest: ArraySlice<Word>
  /// The column behind the line's last word.
  private let end: Int

  /// Words are what stands between spaces; `>` and `=` are words of their own, a `#` ends the line.
  package init(_ line: String) {
    if let words = Self.words(ofASCII: line) {
      rest = words[...]
      end = words.last.map { $0.column + $0.text.utf8.count } ?? 1
      return
    }
    var words: [Word] = []
    var column = 0
    var isOpen = false
    var end = 1
    for index in line.indices {
      column += 1
      let character = line[index]
      if character == "#" { break }
      if character.isWhitespace {
        isOpen = false
      } else if character == ">" || character == "=" {
        words.append(Word(text: line[index...index], column: column))
        isOpen = false
        end = column + 1
      } else if isOpen, let word = words.popLast() {
        words.append(Word(text: line[word.text.startIndex...index], column: word.column))
        end = column + 1
      } else {
        words.append(Word(text: line[index...index], column: column))
        isOpen = true
        end = column + 1
      }
    }
    rest = words[...]
    self.end = end
  }

  /// The same where each byte is a character, as in all lines that can be obeyed; nil for others.
  private static func words(ofASCII line: String) -> [Word]? {
    let bytes = line.utf8
    return bytes.withContiguousStorageIfAvailable { buffer in
      var words: [Word] = []
      var start: Int?
      func close(_ end: Int) {
        guard let first = start else { return }
        let from = bytes.index(bytes.startIndex, offsetBy: first)
        let to = bytes.index(bytes.startIndex, offsetBy: end)
        words.append(Word(text: line[from..<to], column: first + 1))
        start = nil
      }
      var index = 0
      while index < buffer.count {
        switch buffer[index] {
        // A line's end within the line, where two bytes can be one character.
        case 0x0A, 0x0D, 0x80...: return nil
        case UInt8(ascii: "#"):
          close(index)
          return words
        case UInt8(ascii: " "), 0x09, 0x0B, 0x0C: close(index)
        case UInt8(ascii: ">"), UInt8(ascii: "="):
          close(index)
          start = index
          close(index + 1)
        default: start = start ?? index
        }
        index += 1
      }
      close(buffer.count)
      return words
    } ?? nil
  }

  /// The column of the next word, or behind the last.
  package var column: Int { rest.first?.column ?? end }

  package var peek: Substring? { rest.first?.text }

  package var isAtEnd: Bool { rest.isEmpty }

  package mutating func next() -> Word? { rest.popFirst() }

  /// Takes the next word if it is this one, whatever its case.
  package mutating func take(_ word: String) -> Bool {
    // Most words are others, which their length tells.
    guard let next = peek, next.utf8.count == word.utf8.count,
      next == word || next.lowercased() == word
    else { return false }
    rest.removeFirst()
    return true
  }

  package func error(_ message: String) -> ConsoleError {
    ConsoleError(column: column, message: message)
  }

  package mutating func expect(_ word: String, _ message: String) throws(ConsoleError) {
    guard take(word) else { throw error(message) }
  }

  package func expectEnd() throws(ConsoleError) {
    if !isAtEnd { throw error("nothing should follow here") }
  }

  /// Reads an address text, its error at the very character.
  package mutating func address<Value: AddressText>(_ what: String) throws(ConsoleError) -> Value {
    guard let word = next() else { throw error("\(what) should stand here") }
    do throws(AddressParseError) {
      return try Value(parsing: word.text)
    } catch {
      // The offset counts bytes and addresses have no others; a foreign letter may shift it.
      throw ConsoleError(
        column: word.column + min(error.offset, word.text.count),
        message: "\(what): \(error.reason)")
    }
  }
}
