/// How an answer crashed, ran out of time or out of memory: where, with what, and why.
public struct Crash: Codable, Hashable, Sendable {
  /// The reason in the words of the Swift runtime, such as `Index out of range`; empty for a loop.
  public var reason: String
  /// The function of the answer that the check called last; nil if none was called.
  public var function: String?
  /// What the check gave to this function, except for closures.
  public var arguments: [Argument]
  /// The line of the answer; nil if it is not known.
  public var line: Int?
  /// The code in this line.
  public var code: String?

  /// An argument of a call.
  public struct Argument: Codable, Hashable, Sendable {
    /// The name of the parameter.
    public var name: String
    /// The value as text; bytes are hexadecimal.
    public var value: String
  }
}

extension Crash {
  /// What the process of the checks has written before its end.
  struct Report {
    var signal: Int32?
    var usedUpStack = false
    /// The offsets of the calls in the library of the answer, the innermost first.
    var frames: [String] = []
    var function: String?
    var arguments: [Argument] = []

    init(_ text: String) {
      for line in text.split(separator: "\n") {
        let words = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        switch (words[0], words.count) {
        case ("signal", 2): signal = Int32(words[1])
        case ("stack", 1): usedUpStack = true
        case ("frame", 2): frames.append("0x\(words[1])")
        case ("call", 2): function = String(words[1])
        case ("given", 3):
          arguments.append(Argument(name: String(words[1]), value: String(words[2])))
        default: break
        }
      }
    }
  }

  /// The sentence of the Swift runtime among what a process printed, and the line that it names.
  struct Sentence: Equatable {
    var text: String
    var line: Int?

    /// Finds the last such sentence; `file` is the name of the answer's file.
    init?(in errorOutput: String, file: String) {
      let marks = ["Fatal error", "Precondition failed", "Assertion failed"]
      for line in errorOutput.split(separator: "\n").reversed() {
        guard let mark = marks.first(where: { line.contains($0) }),
          let found = line.firstRange(of: mark)
        else { continue }
        let place = line[..<found.lowerBound].split(separator: ":")
        if place.count > 1, place[0].hasSuffix("/" + file) { self.line = Int(place[1]) }
        let rest = line[found.upperBound...]
        text = rest.hasPrefix(": ") ? String(rest.dropFirst(2)) : mark
        return
      }
      return nil
    }

    /// Whether the runtime could not allocate memory.
    var isOutOfMemory: Bool { text.hasPrefix("failed to allocate ") }
  }

  /// What `llvm-symbolizer` says about the frames.
  struct Symbols: Equatable {
    /// What the compiler calls the failure where the runtime says nothing: `arithmetic overflow`.
    var failure: String?
    /// The innermost line of the answer.
    var line: Int?

    /// Reads the output: a function and its place in alternate lines, an empty line between frames.
    ///
    /// - Parameter path: the path of the answer, or its end.
    init(_ output: String, path: String) {
      let mark = "Swift runtime failure: "
      var function = ""
      for line in output.split(separator: "\n") {
        let parts = line.split(separator: ":")
        guard parts.count >= 3, let number = Int(parts[parts.count - 2]) else {
          function = String(line)
          if failure == nil, self.line == nil, function.hasPrefix(mark) {
            failure = String(function.dropFirst(mark.count))
          }
          continue
        }
        let file = parts.dropLast(2).joined(separator: ":")
        if number > 0, file == path || file.hasSuffix("/" + path) {
          self.line = number
          return
        }
      }
    }
  }
}
