import Foundation
import PackagePlugin

/// Turns every Markdown file of `notes` into a Swift file, and their list into another: the texts for
/// the target `Notes`, the examples for the target `NoteExamples`. `Notes` has the glossary and the
/// cheat sheets, too.
@main
struct CompileNotes: BuildToolPlugin {
  /// What is said about all notes: a text of `Notes`, and none of its notes.
  private static let reference = ["notes/reference/glossary.md", "notes/reference/cheatsheets.md"]

  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    let tool = try context.tool(named: "NoteCompiler").url
    let root = context.package.directoryURL
    let folder = root.appending(path: "notes")
    let prelude = folder.appending(path: "Prelude.swift")
    let generated = context.pluginWorkDirectoryURL
    let part = target.name == "NoteExamples" ? "examples" : "text"
    let setAside = part == "examples" ? setAsideList(in: root) : []
    let notes = try FileManager.default
      .contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .filter { $0.pathExtension == "md" && !$0.lastPathComponent.hasPrefix(".") }
      .sorted { $0.lastPathComponent < $1.lastPathComponent }

    let reference = part == "text" ? Self.reference.map { root.appending(path: $0) } : []
    let compilations = (notes + reference).map { note in
      let name = note.deletingPathExtension().lastPathComponent
      let output = generated.appending(path: "\(part)-\(name).swift")
      let others = part == "examples" ? [prelude] + setAside : []
      return Command.buildCommand(
        displayName: "Compiling the \(part) of the note \(note.lastPathComponent)",
        executable: tool,
        arguments: ([part, root.path(), note.path(), output.path()] + others.map { $0.path() })
          .map(plain),
        inputFiles: [note] + others,
        outputFiles: [output])
    }
    let index = generated.appending(path: "\(part)-index.swift")
    return compilations + [
      .buildCommand(
        displayName: "Listing the notes",
        executable: tool,
        arguments: (["\(part)-index", index.path()] + notes.map { $0.path() }).map(plain),
        inputFiles: [],
        outputFiles: [index])
    ]
  }

  /// The list of notes that do not compile, which the script `workbook` writes; none if it cannot be
  /// made.
  ///
  /// It is there from the first build on, empty, for what a command reads must be there.
  private func setAsideList(in root: URL) -> [URL] {
    let folder = root.appending(path: ".build")
    let list = folder.appending(path: "workbook-set-aside")
    let files = FileManager.default
    if !files.fileExists(atPath: plain(list.path())) {
      try? files.createDirectory(at: folder, withIntermediateDirectories: true)
      _ = files.createFile(atPath: plain(list.path()), contents: Data())
    }
    return files.fileExists(atPath: plain(list.path())) ? [list] : []
  }

  /// A URL's path is percent-encoded and a folder's ends in a slash; a program wants neither.
  private func plain(_ path: String) -> String {
    let decoded = path.removingPercentEncoding ?? path
    return decoded.hasSuffix("/") ? String(decoded.dropLast()) : decoded
  }
}
