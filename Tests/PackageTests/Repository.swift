import Foundation

/// The files of this repository, read by the tests that check how they are written.
enum Repository {
  /// The root folder, found from this file's path; a test package of symbolic links is followed.
  static let root: URL = URL(filePath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The text of a file, by its path relative to the root.
  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  /// The Swift files of some folders, sorted by path.
  static func swiftFiles(in folders: String...) throws -> [SourceFile] {
    var files: [SourceFile] = []
    for folder in folders {
      let enumerator = FileManager.default.enumerator(atPath: root.appending(path: folder).path)
      while let name = enumerator?.nextObject() as? String {
        guard name.hasSuffix(".swift"), !name.hasPrefix(".build/") else { continue }
        let path = folder + "/" + name
        files.append(SourceFile(path: path, text: try text(path)))
      }
    }
    return files.sorted { $0.path < $1.path }
  }

  /// The Swift files of the libraries and programs.
  static let sources = Result { try swiftFiles(in: "Sources") }

  /// The manifest as the package manager evaluates it.
  ///
  /// It has a scratch folder of its own, because a test run may hold the lock of the usual one.
  static let manifest = Result<Manifest, any Error> {
    let scratch = FileManager.default.temporaryDirectory
      .appending(path: "manifest-\(ProcessInfo.processInfo.processIdentifier)")
    defer { try? FileManager.default.removeItem(at: scratch) }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      "swift", "package", "--package-path", root.path, "--scratch-path", scratch.path,
      "dump-package",
    ]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let json = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return try JSONDecoder().decode(Manifest.self, from: json)
  }
}

/// The parts of `swift package dump-package` that the tests use.
struct Manifest: Decodable {
  var targets: [Target]

  struct Target: Decodable {
    var name: String
    var type: String
    var dependencies: [Dependency]
    var pluginUsages: [PluginUsage]?

    /// The names of all targets, products and plugins that the target uses.
    var uses: Set<String> {
      Set(dependencies.map(\.name) + (pluginUsages ?? []).map(\.name))
    }
  }

  /// A dependency: `{"byName": ["SansIO", null]}` or `{"product": ["NIO", "swift-nio", …]}`.
  struct Dependency: Decodable {
    var name: String
    /// The package of a product; nil for a target.
    var package: String?

    init(from decoder: any Decoder) throws {
      let kinds = try decoder.singleValueContainer().decode([String: [Part]].self)
      guard let (kind, parts) = kinds.first, let name = parts.first?.text else {
        throw CocoaError(.coderReadCorrupt)
      }
      self.name = name
      package = kind == "product" ? parts.dropFirst().first?.text : nil
    }
  }

  struct PluginUsage: Decodable {
    var name: String

    init(from decoder: any Decoder) throws {
      let kinds = try decoder.singleValueContainer().decode([String: [Part]].self)
      guard let name = kinds.values.first?.first?.text else {
        throw CocoaError(.coderReadCorrupt)
      }
      self.name = name
    }
  }

  /// A part of a dependency; only texts matter here.
  struct Part: Decodable {
    var text: String?

    init(from decoder: any Decoder) throws {
      text = try? decoder.singleValueContainer().decode(String.self)
    }
  }
}

/// A Swift source file as lines.
struct SourceFile: Sendable {
  var path: String
  var lines: [Substring]

  init(path: String, text: String) {
    self.path = path
    lines = text.split(separator: "\n", omittingEmptySubsequences: false)
  }

  /// The target that the file belongs to: the folder in `Sources`.
  var target: String {
    String(path.split(separator: "/").dropFirst().first ?? "")
  }
}
