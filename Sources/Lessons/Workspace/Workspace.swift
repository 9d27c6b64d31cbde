import FoundationEssentials
import Glibc
public import ProgramSupport

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
