public import ProgramSupport

/// The result of importing progress, in numbers of lines.
public struct ProgressImport: Encodable, Hashable, Sendable {
  /// The number of events that were added.
  public var added: Int
  /// The number of events that were recorded already.
  public var known: Int
  /// The number of lines that are not events and were skipped.
  public var skipped: Int
}

extension ProgressLog {
  /// The contents of the file, for an import on another machine.
  ///
  /// - Throws: `WorkbookError.missing` if the file cannot be read.
  public func export() throws(WorkbookError) -> [UInt8] {
    let bytes = try contents()
    return bytes.isEmpty || bytes.last == lineFeed ? bytes : bytes + [lineFeed]
  }

  /// Whether the bytes contain any event of this version or a later one.
  public static func hasEvents(_ bytes: [UInt8]) -> Bool {
    bytes.split(separator: UInt8(ascii: "\n")).contains(where: ProgressEvent.isEvent)
  }

  /// Adds the events of an exported file that are not recorded yet.
  ///
  /// A line that occurs twice in the export and once here is added once. Unknown events of later
  /// versions are added too.
  /// - Throws: `WorkbookError.notWritten` if they cannot be written; the file is then unchanged.
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
