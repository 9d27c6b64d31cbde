import FoundationEssentials
import Glibc
public import ProgramSupport

/// The project's root folder and the locations of its parts.
public struct Workspace: Sendable {
  /// The folder that contains `Package.swift` and `notes/`, without a trailing slash.
  public let root: String
  /// The build folder, with modules, objects and the program.
  public let buildFolder: String
  /// The folder of the learner's answers.
  public let answersFolder: String

  /// Creates a workspace.
  ///
  /// - Parameter answersFolder: nil for `answers/` in the root folder.
  public init(root: String, buildFolder: String, answersFolder: String? = nil) {
    self.root = root
    self.buildFolder = buildFolder
    self.answersFolder = answersFolder ?? root + "/answers"
  }

  /// The workspace in which a program was built, found from the path of the program.
  ///
  /// The environment variable `WORKBOOK_ANSWERS` names another folder for the answers.
  ///
  /// - Throws: `WorkbookError.missing` if no parent folder is a project.
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

  /// The folder of the notes.
  public var notesFolder: String { root + "/notes" }
  /// The folder of the exercises.
  public var exercisesFolder: String { root + "/Exercises" }
  /// The folder of cached files, such as compiled checks.
  public var cacheFolder: String { buildFolder + "/exercise-cache" }

  /// The path relative to the root folder, if it is in it.
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
