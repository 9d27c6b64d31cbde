import Testing

/// The manifest is what docs/architecture.md says.
@Suite struct ManifestTests {
  let manifest: Manifest
  /// What each room uses, by the tables of the document.
  let documented: [String: Set<String>]

  init() throws {
    manifest = try Repository.manifest.get()
    documented = try Self.rooms(in: Repository.text("docs/architecture.md"))
  }

  /// Reads rows such as ``| `Router` | a router | `IPPacket`, `NATTable` |``.
  static func rooms(in text: String) throws -> [String: Set<String>] {
    var rooms: [String: Set<String>] = [:]
    for row in text.matches(of: /(?m)^\| `([\w-]+)` \| ([^|]+) \|([^|]*)\|$/) {
      let uses = Set(row.output.3.matches(of: /`([\w-]+)`/).map { String($0.output.1) })
      let name = String(row.output.1)
      try #require(rooms.updateValue(uses, forKey: name) == nil, "\(name) has two rows")
    }
    return rooms
  }

  /// The targets that are no tests.
  private var rooms: [Manifest.Target] { manifest.targets.filter { $0.type != "test" } }

  @Test("The rooms of the document are the targets of the manifest")
  func targets() {
    #expect(Set(documented.keys) == Set(rooms.map(\.name)))
  }

  @Test("Each room uses exactly what its row names")
  func arrows() {
    for room in rooms {
      #expect(room.uses == documented[room.name], "\(room.name)")
    }
  }

  @Test("Every Swift file that the document names exists")
  func files() throws {
    let document = try Repository.text("docs/architecture.md")
    let names = Set(document.matches(of: /`([\w\/+]+\.swift)`/).map { "/" + $0.output.1 })
    #expect(names.count > 10)
    let paths = try Repository.sources.get().map { "/" + $0.path }
    let missing = names.subtracting(["/Package.swift"]).filter { name in
      !paths.contains { $0.hasSuffix(name) }
    }
    #expect(missing.isEmpty)
  }

  @Test("Targets stand in dependency order")
  func order() {
    var above: Set<String> = []
    for target in manifest.targets {
      let later = target.dependencies.filter { $0.package == nil && !above.contains($0.name) }
      #expect(later.isEmpty, "\(target.name) uses \(later.map(\.name)), which stand below it")
      above.insert(target.name)
    }
  }

  @Test("Each test target is named after a room, or is one of those that belong to none")
  func tests() {
    let others: Set<String> = [
      "CommandTests", "FieldReportTests", "FuzzTests", "InteropTests", "PackageTests",
    ]
    let names = Set(rooms.map { $0.name + "Tests" }).union(others)
    for target in manifest.targets where target.type == "test" {
      #expect(names.contains(target.name), "\(target.name)")
    }
  }

  @Test("No room uses a test target, and only tests use TestSupport")
  func testsStayOutside() {
    let tests = Set(manifest.targets.filter { $0.type == "test" }.map(\.name))
    for room in rooms {
      #expect(room.uses.isDisjoint(with: tests.union(["TestSupport"])), "\(room.name)")
    }
  }

  @Test(
    "A protocol uses other protocols and C libraries only",
    arguments: [
      "SansIO", "ByteOrder", "TransportAddress", "IPPacket", "STUNCodec", "STUN", "NATTable",
      "Router", "ICE", "MulticastDNS", "Media", "Simulator",
    ])
  func protocols(_ name: String) throws {
    let protocols: Set<String> = [
      "SansIO", "ByteOrder", "TransportAddress", "IPPacket", "STUNCodec", "STUN", "NATTable",
      "Router", "ICE", "CLibcrypto",
    ]
    let target = try #require(manifest.targets.first { $0.name == name })
    #expect(target.uses.isSubset(of: protocols))
  }

  @Test("The learner's program needs swift-argument-parser and no other package")
  func learnersProgram() throws {
    let packages = try closure(of: "workbook").flatMap(\.dependencies).compactMap(\.package)
    #expect(Set(packages) == ["swift-argument-parser"])
  }

  @Test("The learner's program uses nothing that only real networks need")
  func learnersRooms() throws {
    let rooms = Set(try closure(of: "workbook").map(\.name))
    #expect(
      rooms.isDisjoint(with: [
        "CTLS", "TLS", "TUN", "Sockets", "Relay", "Diagnosis", "workbook-live",
      ]))
  }

  @Test("Of the protocols the learner's program contains the codec alone")
  func learnersProtocols() throws {
    let rooms = Set(try closure(of: "workbook").map(\.name))
    #expect(
      rooms.intersection(Self.protocolRooms) == ["ByteOrder", "STUNCodec", "TransportAddress"])
    #expect(rooms.isDisjoint(with: ["NoteExamples", "Capture", "Decoding", "workbook-lab"]))
  }

  private static let protocolRooms: Set<String> = [
    "SansIO", "ByteOrder", "TransportAddress", "IPPacket", "STUNCodec", "STUN", "TURN", "NATTable",
    "Router", "ICE", "MulticastDNS", "Media", "Simulator",
  ]

  @Test("Answers are linked with what they may import, and with all that this uses")
  func answersAreLinked() throws {
    let listed = try names(
      in: "Sources/Lessons/Workspace/Toolchain.swift", between: "libraryModules = [", "]")
    #expect(Set(listed) == Set(try closure(of: listed).map(\.name)).subtracting(["CLibcrypto"]))
  }

  @Test("The fuzzers are built with all that they use, each module after those that it uses")
  func fuzzersAreLinked() throws {
    let listed = try names(in: "Fuzz/run", between: "modules='", "'")
    var above: Set<String> = ["CLibcrypto", "CZlib"]
    for name in listed {
      let target = try #require(manifest.targets.first { $0.name == name })
      #expect(target.uses.isSubset(of: above), "\(name) uses \(target.uses)")
      above.insert(name)
    }
  }

  /// The words between two marks in a file.
  private func names(
    in path: String, between start: String, _ end: String
  ) throws -> [String] {
    let text = try Repository.text(path)
    let list = try #require(text.firstRange(of: start).map { text[$0.upperBound...] })
    return list[..<(try #require(list.firstRange(of: end)).lowerBound)]
      .matches(of: /\w+/).map { String($0.output) }
  }

  /// Targets and everything that they use.
  private func closure(of names: [String]) throws -> [Manifest.Target] {
    try names.flatMap { try closure(of: $0) }
  }

  /// A target and everything that it uses.
  private func closure(of name: String) throws -> [Manifest.Target] {
    var found: [String: Manifest.Target] = [:]
    var open = [name]
    while let next = open.popLast() {
      guard found[next] == nil, let target = manifest.targets.first(where: { $0.name == next })
      else { continue }
      found[next] = target
      open += target.uses
    }
    try #require(found[name] != nil)
    return Array(found.values)
  }
}
