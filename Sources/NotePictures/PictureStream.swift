import Glibc
import Simulator

/// Where pictures go beside the text on standard output: a pipe to the program that runs the example.
///
/// Each picture is a line, a JSON object with `version`, `text`, `narrower`, `words` and `svg`.
/// `ShownPictures` in `Lessons` reads it.
enum PictureStream {
  private static let version = 1

  /// Writes a picture; without a pipe it does nothing.
  static func write(_ drawing: Drawing) {
    guard let descriptor else { return }
    var object = JSONText()
    object.add("version", number: version)
    object.add("text", drawing.text)
    object.add(
      "narrower", json: "[" + drawing.narrower.map(JSONText.quoted).joined(separator: ",") + "]")
    object.add("words", drawing.words)
    object.add("svg", drawing.svg)
    write(object.closed + "\n", to: descriptor)
  }

  /// The pipe's descriptor; nil if there is none, or output is muted.
  private static var descriptor: Int32? {
    guard let name = getenv("WORKBOOK_PICTURES"), let descriptor = Int32(String(cString: name))
    else {
      return nil
    }
    // A variable that was left over must not lead into a file that happens to have the number.
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFIFO else { return nil }
    return descriptor
  }

  private static func write(_ line: String, to descriptor: Int32) {
    var bytes = Array(line.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      // The output is whole without it.
      guard count > 0 else { return }
      bytes = bytes.dropFirst(count)
    }
  }
}
