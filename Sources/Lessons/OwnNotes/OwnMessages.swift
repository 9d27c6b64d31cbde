/// The compiler's messages about an example of the user's own notes, in terms of the note.
///
/// The compiled file holds more than the note's code: the function around it, directives that name the
/// note's lines. What the compiler says about that part is told at the end of the fence, where a
/// closing brace is missing, and its lines are not shown.
struct OwnMessages {
  /// The note's path, as messages begin with it.
  var file: String
  /// The number of the line that ends the fence.
  var endLine: Int
  /// The name of the compiled file.
  var generatedFile: String

  /// The messages without what is not the note's.
  func tidied(_ messages: String) -> String {
    var lines: [Substring] = []
    var showsContext = true
    for line in messages.split(separator: "\n", omittingEmptySubsequences: false) {
      guard let (place, message) = header(line) else {
        if showsContext, !line.contains("#sourceLocation") { lines.append(line) }
        continue
      }
      showsContext = place != nil
      if let place {
        lines.append(place.isEmpty ? line : "\(place)\(message)")
      } else if message.hasPrefix(": error:") {
        lines.append("\(file):\(endLine):1\(message)")
      }
    }
    // The same may have been said of several lines of the generated part.
    var seen: Set<Substring> = []
    let kept = lines.filter { !$0.contains(": error:") || seen.insert($0).inserted }
    return kept.joined(separator: "\n")
  }

  /// Where a message is about, and the message; nil for a line of code.
  ///
  /// The place is empty if the line stays as it is, and nil if it is in the generated part.
  private func header(_ line: Substring) -> (place: String?, message: Substring)? {
    for name in [file, generatedFile] where line.hasPrefix(name + ":") {
      let parts = line.dropFirst(name.count + 1).split(
        separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3, let number = Int(parts[0]), Int(parts[1]) != nil else { continue }
      let message = line[line.index(before: parts[2].startIndex)...]
      return (name == file && number < endLine ? "" : nil, message)
    }
    return nil
  }
}
