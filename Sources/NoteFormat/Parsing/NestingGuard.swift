/// Limits on nesting that bound the parsing time of any file.
///
/// cmark visits every open list and quote for every line, so its time is proportional to depth times
/// lines: a file of half a megabyte could take hours. Notes written by people stay far below.
enum NestingGuard {
  static let maximumBytes = 4 << 20
  static let maximumDepth = 100
  static let maximumListIndentation = 500

  static func check(_ source: SourceText) throws(Problem) {
    guard source.bytes.count <= maximumBytes else {
      throw Problem(
        file: source.file, position: SourcePosition(line: 1, column: 1),
        message: "a note holds at most 4 MiB of text; split this one")
    }
    for number in 1...source.lineCount {
      let (depth, indentation) = openings(of: source[line: number])
      if depth > maximumDepth || (depth > 0 && indentation > maximumListIndentation) {
        throw tooDeep(in: source.file, at: SourcePosition(line: number, column: 1))
      }
    }
  }

  static func tooDeep(in file: String, at position: SourcePosition) -> Problem {
    Problem(
      file: file, position: position,
      message: "lists, quotes or emphasis nest deeper than \(maximumDepth) levels; flatten them")
  }

  /// The number of lists and quotes that a line can open, and its indentation.
  private static func openings(of line: ArraySlice<UInt8>) -> (depth: Int, indentation: Int) {
    var depth = 0
    var indentation = 0
    var index = line.startIndex
    func isBlank(at index: Int) -> Bool {
      index == line.endIndex || line[index] == UInt8(ascii: " ")
        || line[index] == UInt8(ascii: "\t")
    }
    while index < line.endIndex {
      let byte = line[index]
      let next = index + 1
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\t"):
        indentation += 1
      case UInt8(ascii: ">"):
        depth += 1
      case UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "*"):
        guard isBlank(at: next) else { return (depth, indentation) }
        depth += 1
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        break
      case UInt8(ascii: "."), UInt8(ascii: ")"):
        guard isBlank(at: next) else { return (depth, indentation) }
        depth += 1
      default:
        return (depth, indentation)
      }
      index = next
    }
    return (depth, indentation)
  }
}
