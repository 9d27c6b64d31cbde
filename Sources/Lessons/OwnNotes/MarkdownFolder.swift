import Glibc
import NoteFormat
import ProgramSupport

/// The Markdown files of a folder and its subfolders, in natural order.
///
/// Hidden names such as `.obsidian` and `.git` are skipped. A symbolic link to a folder that has been
/// visited already is not followed.
struct MarkdownFolder {
  /// The paths relative to the folder.
  private(set) var files: [String] = []
  /// The pictures beside them, relative to the folder.
  private(set) var pictures: [String] = []
  private(set) var problems: [Problem] = []

  private let root: String
  private var visited: Set<FileIdentity> = []
  private var namesSeen = 0

  /// The maximum number of names, which bounds the cost of a link to a large file system.
  static let mostNames = 100_000
  static let mostFiles = 10_000
  static let deepest = 64

  init(_ root: String) {
    self.root = root
    enter("", depth: 0)
  }

  private var isFull: Bool { namesSeen >= Self.mostNames || files.count >= Self.mostFiles }

  private mutating func report(_ path: String, _ message: String) {
    problems.append(
      Problem(
        file: path.isEmpty ? root : root + "/" + path,
        position: SourcePosition(line: 1, column: 1), message: message))
  }

  /// Visits a folder.
  ///
  /// - Parameter path: relative to the root; empty for the root itself.
  private mutating func enter(_ path: String, depth: Int) {
    let full = path.isEmpty ? root : root + "/" + path
    guard let identity = FileIdentity(full), visited.insert(identity).inserted else { return }
    guard access(full, R_OK | X_OK) == 0 else {
      report(path, "this folder cannot be read: \(String(cString: strerror(errno)))")
      return
    }
    guard depth < Self.deepest else {
      report(path, "folders nest deeper than \(Self.deepest) levels here; those below are left out")
      return
    }
    let visible = names(in: full).filter { !$0.hasPrefix(".") }.sorted(by: NaturalOrder.areInOrder)
    var folders: [String] = []
    for name in visible {
      guard !isFull else {
        report(path, "there is more here than \(Self.mostFiles) notes; the rest is left out")
        return
      }
      namesSeen += 1
      let inner = path.isEmpty ? name : path + "/" + name
      if isFolder(root + "/" + inner) {
        folders.append(inner)
      } else if Self.isMarkdown(name), isFile(root + "/" + inner),
        let identity = FileIdentity(root + "/" + inner), visited.insert(identity).inserted
      {
        files.append(inner)
      } else if Attachment.isPicture(name), isFile(root + "/" + inner) {
        pictures.append(inner)
      }
    }
    for folder in folders where !isFull { enter(folder, depth: depth + 1) }
  }

  static func isMarkdown(_ name: String) -> Bool {
    let name = name.lowercased()
    return name.hasSuffix(".md") || name.hasSuffix(".markdown")
  }
}

/// The identity of a file or folder, independent of its names.
private struct FileIdentity: Hashable {
  let device: UInt
  let number: UInt

  init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    device = UInt(status.st_dev)
    number = UInt(status.st_ino)
  }
}

/// The natural order of names: `Lesson 2` before `Lesson 10`.
enum NaturalOrder {
  static func areInOrder(_ left: String, _ right: String) -> Bool {
    let (a, b) = (pieces(of: left), pieces(of: right))
    for (x, y) in zip(a, b) where x != y {
      // Without leading zeros, the longer number is the greater one.
      if x.isNumber, y.isNumber {
        if x.text.count != y.text.count { return x.text.count < y.text.count }
        return x.text < y.text
      }
      return x.text < y.text
    }
    return a.count != b.count ? a.count < b.count : left < right
  }

  private struct Piece: Equatable {
    var text: String
    var isNumber: Bool
  }

  private static func pieces(of name: String) -> [Piece] {
    var pieces: [Piece] = []
    for character in name.lowercased() {
      let isDigit = character.isASCII && character.isNumber
      if let last = pieces.last, last.isNumber == isDigit {
        if isDigit, last.text == "0" { pieces[pieces.count - 1].text = "" }
        pieces[pieces.count - 1].text.append(character)
      } else {
        pieces.append(Piece(text: String(character), isNumber: isDigit))
      }
    }
    return pieces
  }
}
