import Glibc
import ProgramSupport

/// The Swift compiler that built this program, and how code is compiled against its modules.
struct Toolchain: Sendable {
  let compiler: String
  /// What the compiler would start for `-frontend`, where it can be started itself.
  private let frontend: String
  private let workspace: Workspace
  /// Where the linker lies that comes with the compiler, if it does.
  private let linker: String?
  /// What every Swift library starts with: it tells the runtime what types are in it.
  private let startObject: String

  /// - Throws: `WorkbookError.missing` where there is no `swiftc`, or no built modules.
  init(_ workspace: Workspace) throws(WorkbookError) {
    let folders = (environmentValue("PATH") ?? "").split(separator: ":").map(String.init)
    guard let folder = folders.first(where: { access($0 + "/swiftc", X_OK) == 0 }) else {
      throw .missing(
        "the Swift compiler (swiftc) is not in PATH",
        remedy: "install Swift 6.3 from https://swift.org/install and put its usr/bin into PATH")
    }
    compiler = folder + "/swiftc"
    frontend =
      access(folder + "/swift-frontend", X_OK) == 0 ? folder + "/swift-frontend" : compiler
    linker = access(folder + "/ld.lld", X_OK) == 0 ? folder + "/ld.lld" : nil
    startObject = "\(folder)/../lib/swift/linux/\(Self.architecture)/swiftrt.o"
    self.workspace = workspace
    guard isFolder(workspace.buildFolder + "/Modules") else {
      throw .missing(
        "no built modules in \(workspace.buildFolder)", remedy: "run ./workbook, which builds them")
    }
  }

  /// The library targets that examples and answers may import.
  static let libraryModules = [
    "ICE", "IPPacket", "NATTable", "SansIO", "STUN", "STUNCodec", "TransportAddress",
  ]

  /// Where the compiler finds the modules and what they import from C.
  var moduleArguments: [String] {
    [
      "-swift-version", "6", "-I", workspace.buildFolder + "/Modules",
      "-Xcc", "-fmodule-map-file=\(workspace.root)/Sources/CLibcrypto/module.modulemap",
      "-module-cache-path", workspace.cacheFolder + "/modules",
    ]
  }

  var linkArguments: [String] { linker == nil ? [] : ["-use-ld=lld"] }

  private static let architecture: String = {
    var names = utsname()
    uname(&names)
    return withUnsafeBytes(of: names.machine) { machine in
      String(decoding: machine.prefix { $0 != 0 }, as: UTF8.self)
    }
  }()

  /// The libraries' object files, and other targets', as the program itself was linked from them.
  ///
  /// - Throws: `WorkbookError.missing` where the build left no list of them.
  func libraryObjects(and others: [String] = []) throws(WorkbookError) -> [String] {
    let list = workspace.buildFolder + "/workbook.product/Objects.LinkFileList"
    let lines = String(decoding: try readFile(list), as: UTF8.self).split(separator: "\n")
    return lines.compactMap { line in
      // A path with blanks stands in quotes there.
      let path = line.hasPrefix("'") ? String(line.dropFirst().dropLast()) : String(line)
      let parts = path.split(separator: "/")
      let isLibrary =
        parts.count > 1 && path.hasSuffix(".o")
        && (Self.libraryModules + others).contains { parts[parts.count - 2] == $0 + ".build" }
      return isLibrary ? path : nil
    }
  }

  /// Changes whenever something compiled or linked earlier may no longer fit: the compiler, a
  /// module, or what is behind it.
  func stamp() throws(WorkbookError) -> String {
    let modules = Self.libraryModules.map { workspace.buildFolder + "/Modules/\($0).swiftmodule" }
    let stamps = ([compiler] + modules + (try libraryObjects())).map { path in
      var status = stat()
      guard stat(path, &status) == 0 else { return path }
      let time = status.st_mtim
      return "\(path) \(status.st_size) \(time.tv_sec).\(time.tv_nsec) \(status.st_ino)"
    }
    return sha256(Array(stamps.joined(separator: "\n").utf8))
  }

  /// The libraries as one shared library, linked once for each state of them: linking an answer
  /// with it takes a fraction of the time that linking with all their objects does.
  ///
  /// - Throws: `WorkbookError.missing` where it cannot be linked, or `interrupted`.
  func sharedLibrary(stamp: String) throws(WorkbookError) -> String {
    let name = "libraries-\(stamp).so"
    let cache = CacheFolder(path: workspace.cacheFolder)
    if let made = cache.file(named: name) { return made }
    let folder = try TemporaryFolder(in: workspace.cacheFolder)
    defer { folder.remove() }
    let link = try compile(
      linkArguments + ["-emit-library", "-module-name", "Libraries"] + (try libraryObjects())
        + ["-o", folder["libraries.so"]])
    guard link.succeeded else {
      throw .missing("the libraries cannot be linked: \(link.messages)", remedy: nil)
    }
    // The one before stays for a program that was built before, and may be checking still.
    return try cache.keep(folder["libraries.so"], as: name, newest: 2, of: "libraries-")
  }

  /// Links object files into a shared library with the linker itself, leaving open what they need.
  ///
  /// - Returns: false where that cannot be done, for reasons that `compile` would explain.
  func linkLibrary(_ objects: [String], to path: String) throws(WorkbookError) -> Bool {
    guard let linker, isFile(startObject) else { return false }
    return try run(linker, ["-shared", "--eh-frame-hdr", "-o", path, startObject] + objects)
      .succeeded
  }

  /// Runs the compiler in the project's folder, so that its messages name files from there.
  ///
  /// - Throws: `WorkbookError.interrupted`; or `missing` where the compiler does not start or hangs.
  func compile(_ arguments: [String]) throws(WorkbookError) -> (succeeded: Bool, messages: String) {
    try run(arguments.first == "-frontend" ? frontend : compiler, arguments)
  }

  private func run(
    _ program: String, _ arguments: [String]
  ) throws(WorkbookError) -> (succeeded: Bool, messages: String) {
    let outcome = try ChildProcess.run(
      program, arguments, in: workspace.root, limits: .init(time: .seconds(120)))
    let messages = String(decoding: outcome.errorOutput + outcome.output, as: UTF8.self)
    switch outcome.ending {
    case .interrupted: throw .interrupted
    case .timedOut:
      throw .missing("the compiler did not end within two minutes", remedy: "simplify the code")
    case .exited(let code): return (code == 0, messages)
    case .signalled, .printedTooMuch: return (false, messages)
    }
  }
}

func environmentValue(_ name: String) -> String? {
  getenv(name).map { String(cString: $0) }
}
