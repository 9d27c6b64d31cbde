import Glibc
import ProgramSupport

/// The Swift compiler that built this program, for compiling code against the program's modules.
struct Toolchain: Sendable {
  let compiler: String
  /// The compiler frontend, if it can be started directly.
  private let frontend: String
  private let workspace: Workspace
  /// The path of the toolchain's linker, if it has one.
  private let linker: String?
  /// The path of `llvm-symbolizer`, which finds lines of code; nil if there is none.
  let symbolizer: String?
  /// The start object of every Swift library, which registers its metadata with the runtime.
  private let startObject: String

  /// Finds the compiler.
  ///
  /// - Throws: `WorkbookError.missing` if there is no `swiftc`, or no built modules.
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
    symbolizer = ([folder] + folders).map { $0 + "/llvm-symbolizer" }
      .first { access($0, X_OK) == 0 }
    startObject = "\(folder)/../lib/swift/linux/\(Self.architecture)/swiftrt.o"
    self.workspace = workspace
    guard isFolder(workspace.buildFolder + "/Modules") else {
      throw .missing(
        "no built modules in \(workspace.buildFolder)", remedy: "run ./workbook, which builds them")
    }
  }

  /// The modules that examples and answers may import.
  static let libraryModules = [
    "ByteOrder", "Calls", "Gathering", "ICE", "IPPacket", "Media", "NATTable", "Router", "SansIO",
    "Simulator", "STUN", "STUNCodec", "TransportAddress", "TURN",
  ]

  /// The compiler arguments for finding the modules and their C modules.
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

  /// The object files of the libraries and of other targets, as they are linked into `workbook-lab`.
  ///
  /// - Throws: `WorkbookError.missing` if the build left no list of them.
  func libraryObjects(and others: [String] = []) throws(WorkbookError) -> [String] {
    let list = workspace.buildFolder + "/workbook-lab.product/Objects.LinkFileList"
    let folders = Set((Self.libraryModules + others).map { "\($0).build" })
    // Bytes, and the names once: every check reads these many lines.
    return try readFile(list).split(separator: UInt8(ascii: "\n")).compactMap { line in
      // A path with spaces is quoted in the list.
      let path = line.first == UInt8(ascii: "'") ? line.dropFirst().dropLast() : line
      guard path.suffix(2).elementsEqual(".o".utf8),
        let slash = path.lastIndex(of: UInt8(ascii: "/")),
        let before = path[..<slash].lastIndex(of: UInt8(ascii: "/")),
        folders.contains(String(decoding: path[(before + 1)..<slash], as: UTF8.self))
      else { return nil }
      return String(decoding: path, as: UTF8.self)
    }
  }

  /// A stamp that changes whenever the compiler, a module or an object file does.
  func stamp() throws(WorkbookError) -> String {
    let modules = Self.libraryModules.map { workspace.buildFolder + "/Modules/\($0).swiftmodule" }
    // What tells two states of a file apart, as bytes: text of it would take longer than a link.
    var bytes: [UInt8] = []
    for path in [compiler] + modules + (try libraryObjects()) {
      var status = stat()
      _ = stat(path, &status)
      bytes += path.utf8
      withUnsafeBytes(of: (status.st_size, status.st_mtim, status.st_ino)) { bytes += $0 }
    }
    return sha256(bytes)
  }

  /// The libraries as one shared library, with which answers are linked much faster than with objects.
  ///
  /// - Throws: `WorkbookError.missing` if it cannot be linked, or `interrupted`.
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
    // The previous one is kept for an older program that may still be checking.
    return try cache.keep(folder["libraries.so"], as: name, newest: 2, of: "libraries-")
  }

  /// Starts the linker, which waits for the object files that it is to link into a shared library.
  ///
  /// - Returns: nil if it cannot be called directly.
  func startLinker(to path: String) throws(WorkbookError) -> WaitingChild? {
    guard let linker, isFile(startObject) else { return nil }
    return try WaitingChild(
      linker, ["-shared", "--eh-frame-hdr", "-o", path, startObject, "/dev/stdin"],
      in: workspace.root)
  }

  /// Links object files with the waiting linker, allowing undefined symbols.
  ///
  /// - Returns: false if linking failed, for a reason that `compile` would report.
  func link(_ objects: [String], with linker: WaitingChild) throws(WorkbookError) -> Bool {
    // A linker script, which is what a linker takes a text for.
    let script = "INPUT(\(objects.map { "\"\($0)\"" }.joined(separator: " ")))"
    return try result(of: linker.run(input: Array(script.utf8), limits: Self.limits)).succeeded
  }

  /// The name that the compiler gives to a text which it reads from its standard input.
  static let inputName = "<stdin>"

  /// Starts the compiler's frontend, which waits for the text that it is to compile.
  func startCompiler(_ arguments: [String]) throws(WorkbookError) -> WaitingChild {
    try WaitingChild(
      frontend, ["-frontend", "-c", "-"] + arguments, in: workspace.root,
      // It asks the system for memory once rather than some hundred times.
      environment: ["MALLOC_TOP_PAD_": "67108864"])
  }

  /// Compiles a text with the waiting compiler.
  ///
  /// - Parameter name: the name of the text in the messages.
  /// - Throws: as `compile(_:)` does.
  func compile(
    _ text: [UInt8], named name: String, with compiler: WaitingChild
  ) throws(WorkbookError) -> (succeeded: Bool, messages: String) {
    var result = try result(of: compiler.run(input: text, limits: Self.limits))
    result.messages = String(
      "\n\(result.messages)".replacing("\n\(Self.inputName):", with: "\n\(name):").dropFirst())
    return result
  }

  /// Runs the compiler in the project's root, so that its messages contain relative paths.
  ///
  /// - Throws: `WorkbookError.interrupted`; `missing` if the compiler does not start or hangs; or
  ///   `notWritten` if the disk is full.
  func compile(_ arguments: [String]) throws(WorkbookError) -> (succeeded: Bool, messages: String) {
    try result(
      of: ChildProcess.run(
        arguments.first == "-frontend" ? frontend : compiler, arguments, in: workspace.root,
        limits: Self.limits))
  }

  private static let limits = ChildProcess.Limits(time: .seconds(120))

  private func result(
    of outcome: ChildProcess.Outcome
  ) throws(WorkbookError) -> (succeeded: Bool, messages: String) {
    let messages = String(decoding: outcome.errorOutput + outcome.output, as: UTF8.self)
    switch outcome.ending {
    case .interrupted: throw .interrupted
    case .timedOut:
      throw .missing("the compiler did not end within two minutes", remedy: "simplify the code")
    case .exited(0): return (true, messages)
    case .exited, .signalled, .printedTooMuch:
      // A disk that is full is no fault of the code.
      if let full = lackOfRoom(in: messages) { throw full }
      return (false, messages)
    }
  }

  /// The error, if a compilation failed because a disk that is compiled on is full.
  ///
  /// What did not fit may have been removed again, so some room may be left. The linker crashes without
  /// a word where there is none.
  private func lackOfRoom(in messages: String) -> WorkbookError? {
    let tells = messages.contains(String(cString: strerror(ENOSPC)))
    let full = [workspace.cacheFolder, environmentValue("TMPDIR") ?? "/tmp"].first { folder in
      var disk = statvfs()
      guard statvfs(folder, &disk) == 0 else { return false }
      let bytes = UInt64(disk.f_bavail) * UInt64(disk.f_frsize)
      // A file system without such a limit tells of no files at all.
      let hasFewFiles = disk.f_files > 0 && disk.f_favail < 1024
      return bytes < 8 << 20 || (tells && (bytes < 256 << 20 || hasFewFiles))
    }
    return full.map { .notWritten("compile in \($0)", ENOSPC) }
  }
}

func environmentValue(_ name: String) -> String? {
  getenv(name).map { String(cString: $0) }
}
