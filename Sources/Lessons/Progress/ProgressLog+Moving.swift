public import ProgramSupport

/// What importing progress came to, in lines.
public struct ProgressImport: Encodable, Hashable, Sendable {
  public var added: Int
  /// Recorded here already.
  public var known: Int
  /// No events, and left out.
  public var skipped: Int
}

extension ProgressLog {
  /// Everything recorded so far as it is in the file, to be taken to another machine.
  ///
  /// - Throws: `WorkbookError.missing` where the file cannot be read.
  public func export() throws(WorkbookError) -> [UInt8] {
    let bytes = try contents()
    return bytes.isEmpty || bytes.last == lineFeed ? bytes : bytes + [lineFeed]
  }

  /// Whether there is any event in a file's bytes, of this version or a newer one.
  public static func hasEvents(_ bytes: [UInt8]) -> Bool {
    bytes.split(separator: UInt8(ascii: "\n")).contains(where: ProgressEvent.isEvent)
  }

  /// Adds the events of an exported file that are not recorded here yet.
  ///
  /// A line that stands twice there and once here is added once. Events that only a newer program
  /// knows are taken along.
  /// - Throws: `WorkbookError.missing` where they cannot be recorded; then the file is as before.
  /// - Complexity: O(*n*) in the lengths of both.
  public func merge(_ exported: [UInt8]) throws(WorkbookError) -> ProgressImport {
    var result = ProgressImport(added: 0, known: 0, skipped: 0)
    try append { recorded throws(WorkbookError) in
      var counts: [[UInt8]: Int] = [:]
      for line in try recorded().split(separator: lineFeed) { counts[Array(line), default: 0] += 1 }
      var added: [UInt8] = []
      for line in exported.split(separator: lineFeed) {
        let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
        if !ProgressEvent.isEvent(line) {
          result.skipped += 1
        } else if let count = counts[Array(line)], count > 0 {
          counts[Array(line)] = count - 1
          result.known += 1
        } else {
          added += line + [lineFeed]
          result.added += 1
        }
      }
      return added
    }
    return result
  }
}
