import FoundationEssentials
import Glibc

/// The project's folder, and where in it everything lies.
public struct Workspace: Sendable {
  /// The folder that holds `Package.swift` and `notes/`; no slash at its end.
  public let root: String
  /// The folder that the build system put the modules, objects and the program into.
  public let buildFolder: String
  /// Where the learner's answers lie.
  public let answersFolder: String

  /// - Parameter answersFolder: `answers/` in the project's folder unless another is named.
  public init(root: String, buildFolder: String, answersFolder: String? = nil) {
    self.root = root
    self.buildFolder = buildFolder
    self.answersFolder = answersFolder ?? root + "/answers"
  }

  /// The workspace that a program was built in, found from where the program lies; the variable
  /// `WORKBOOK_ANSWERS` names another folder for the answers.
  ///
  /// - Throws: `WorkbookError.missing` where no folder above it is the project's.
  public static func containing(executable: String) throws(WorkbookError) -> Workspace {
    let answers = environmentValue("WORKBOOK_ANSWERS").flatMap { $0.isEmpty ? nil : $0 }
    let resolved = realPath(executable) ?? executable
    let buildFolder = parent(of: resolved)
    var folder = buildFolder
    while !folder.isEmpty {
      if isFile(folder + "/Package.swift"), isFolder(folder + "/notes") {
        return Workspace(root: folder, buildFolder: buildFolder, answersFolder: answers)
      }
      folder = parent(of: folder)
    }
    throw .missing(
      "the workbook's folder (Package.swift and notes/) is not above \(resolved)",
      remedy: "run the program inside the folder that it was built in")
  }

  public var notesFolder: String { root + "/notes" }
  public var exercisesFolder: String { root + "/Exercises" }
  /// What can be made again at any time, such as compiled checks.
  public var cacheFolder: String { buildFolder + "/exercise-cache" }

  /// The path as a person in the project's folder would write it.
  public func display(_ path: String) -> String {
    path.hasPrefix(root + "/") ? String(path.dropFirst(root.count + 1)) : path
  }

  private static func parent(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
  }

  private static func realPath(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}

/// Whether there is a file (not a folder) at the path.
func isFile(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
}

func isFolder(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}

/// A whole file's bytes.
///
/// - Throws: `WorkbookError.missing` with the system's reason.
func readFile(_ path: String) throws(WorkbookError) -> [UInt8] {
  do {
    return [UInt8](try Data(contentsOf: URL(filePath: path)))
  } catch {
    throw .missing(
      "cannot read \(path): \(systemReason(for: path, mode: R_OK))", remedy: nil)
  }
}

/// Writes a whole file, or leaves the old one as it was.
///
/// - Throws: `WorkbookError.missing` with the system's reason.
func writeFile(_ path: String, _ text: String) throws(WorkbookError) {
  try writeFile(path, Array(text.utf8))
}

func writeFile(_ path: String, _ bytes: [UInt8]) throws(WorkbookError) {
  do {
    try Data(bytes).write(to: URL(filePath: path), options: .atomic)
  } catch {
    throw .missing("cannot write \(path): \(error)", remedy: nil)
  }
}

func makeFolder(_ path: String) throws(WorkbookError) {
  do {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  } catch {
    throw .missing("cannot make the folder \(path): \(error)", remedy: nil)
  }
}

/// The names in a folder, sorted; empty where there is no such folder.
func names(in folder: String) -> [String] {
  ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
}

private func systemReason(for path: String, mode: Int32) -> String {
  guard access(path, mode) != 0 else { return "it is no file" }
  return String(cString: strerror(errno))
}

/// Makes a file that is not there yet; one that is there stays as it is.
///
/// - Throws: `WorkbookError.missing` where it exists already or cannot be made.
func writeNewFile(_ path: String, _ bytes: [UInt8]) throws(WorkbookError) {
  do {
    try Data(bytes).write(to: URL(filePath: path), options: .withoutOverwriting)
  } catch {
    throw .missing("cannot make \(path): \(systemReason(for: path, mode: W_OK))", remedy: nil)
  }
}

/// A whole file's bytes, wherever it lies.
///
/// - Throws: `WorkbookError.missing` with the system's reason.
public func fileBytes(_ path: String) throws(WorkbookError) -> [UInt8] { try readFile(path) }

/// Makes a file that is not there yet; one that is there stays as it is.
///
/// - Throws: `WorkbookError.missing` where it exists already or cannot be made.
public func makeFile(_ path: String, _ bytes: [UInt8]) throws(WorkbookError) {
  try writeNewFile(path, bytes)
}

/// The path from the file system's root for a path as a person gives it, which need not exist.
///
/// - Throws: `WorkbookError.missing` where the current folder is gone.
public func absolutePath(_ path: String) throws(WorkbookError) -> String {
  guard !path.hasPrefix("/") else { return path }
  guard let folder = getcwd(nil, 0) else {
    throw .missing("the current folder is gone", remedy: "change to one that exists")
  }
  defer { free(folder) }
  return String(cString: folder) + "/" + path
}
