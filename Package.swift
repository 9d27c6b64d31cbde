// swift-tools-version: 6.2
import PackageDescription

/// The one set of compiler settings. `PATHFINDER_STRICT=1`, which continuous integration sets,
/// turns every warning into an error; a learner's half-finished edit should only warn.
let settings: [SwiftSetting] =
  [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableExperimentalFeature("Lifetimes"),
  ] + (Context.environment["PATHFINDER_STRICT"] == "1" ? [.treatAllWarnings(as: .error)] : [])

/// `PATHFINDER_STATIC=1`, which the script `workbook` sets where the toolchain has the static
/// libraries, links the program with the runtime instead of loading it: it starts in two thirds of
/// the time.
let programLinking: [LinkerSetting] =
  Context.environment["PATHFINDER_STATIC"] == "1"
  ? [
    .unsafeFlags([
      "-static-stdlib", "-use-ld=lld", "-l_FoundationCShims", "-l_FoundationCollections",
    ])
  ] : []

/// A library of the project's own.
func library(
  _ name: String, _ dependencies: [Target.Dependency] = [], path: String? = nil,
  exclude: [String] = [], plugins: [Target.PluginUsage]? = nil
) -> Target {
  .target(
    name: name, dependencies: dependencies, path: path, exclude: exclude, swiftSettings: settings,
    plugins: plugins)
}

/// The tests of `name`, which mirror its folder.
func tests(
  _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []
) -> Target {
  .testTarget(
    name: name + "Tests", dependencies: dependencies, exclude: exclude, swiftSettings: settings)
}

let argumentParser: Target.Dependency = .product(
  name: "ArgumentParser", package: "swift-argument-parser")

/// Targets stand in dependency order: each may use only those above it. `docs/architecture.md`
/// draws them, and a test holds the two against each other.
let package = Package(
  name: "pathfinder",
  products: [
    .library(name: "SansIO", targets: ["SansIO"]),
    .library(name: "TransportAddress", targets: ["TransportAddress"]),
    .library(name: "IPPacket", targets: ["IPPacket"]),
    .library(name: "STUNCodec", targets: ["STUNCodec"]),
    .library(name: "STUN", targets: ["STUN"]),
    .library(name: "NATTable", targets: ["NATTable"]),
    .library(name: "Router", targets: ["Router"]),
    .library(name: "TURN", targets: ["TURN"]),
    .library(name: "Sockets", targets: ["Sockets"]),
    .library(name: "Relay", targets: ["Relay"]),
    .library(name: "ICE", targets: ["ICE"]),
    .library(name: "Media", targets: ["Media"]),
    .library(name: "Simulator", targets: ["Simulator"]),
    .library(name: "Calls", targets: ["Calls"]),
    .library(name: "Connections", targets: ["Connections", "Gathering", "Sockets"]),
    .library(name: "Capture", targets: ["Capture"]),
    .library(name: "NoteFormat", targets: ["NoteFormat"]),
    .executable(name: "workbook", targets: ["workbook"]),
    .executable(name: "workbook-lab", targets: ["workbook-lab"]),
    .executable(name: "workbook-live", targets: ["workbook-live"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ],
  targets: [
    // System libraries
    .systemLibrary(name: "CCmark", pkgConfig: "libcmark", providers: [.apt(["libcmark-dev"])]),
    // Without pkg-config: its flags for ncurses are some that the package manager refuses.
    .systemLibrary(name: "CNcurses", providers: [.apt(["libncurses-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CLibcrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),

    // What Swift does not show of Linux
    .target(name: "CLinux"),
    // TLS, by libssl. Its header has none of OpenSSL's, so that it costs no compile time.
    .target(
      name: "CTLS", linkerSettings: [.linkedLibrary("ssl"), .linkedLibrary("crypto")]),
    // DNS, by the C library's resolver; likewise with a header of its own
    .target(name: "CResolver", linkerSettings: [.linkedLibrary("resolv")]),

    // The protocols: no Foundation, no input or output, no clock
    library("SansIO"),
    library("ByteOrder"),
    library("TransportAddress"),
    library("IPPacket", ["ByteOrder", "TransportAddress"]),
    library("STUNCodec", ["ByteOrder", "CLibcrypto", "TransportAddress"]),
    library("STUN", ["SansIO", "STUNCodec", "TransportAddress"]),
    library("TURN", ["ByteOrder", "SansIO", "STUN", "STUNCodec", "TransportAddress"]),
    library("NATTable", ["IPPacket", "SansIO", "TransportAddress"]),
    library("Router", ["IPPacket", "NATTable", "SansIO", "TransportAddress"]),
    library("ICE", ["SansIO", "STUN", "STUNCodec", "TransportAddress"]),
    library(
      "Gathering", ["ICE", "SansIO", "STUN", "STUNCodec", "TURN", "TransportAddress"]),
    library("Signaling", ["CLibcrypto", "SansIO"]),
    library("MulticastDNS", ["ByteOrder", "SansIO", "TransportAddress"]),
    library("Media", ["ByteOrder", "SansIO", "STUN", "STUNCodec"]),
    library(
      "Simulator",
      ["IPPacket", "NATTable", "Router", "SansIO", "STUN", "STUNCodec", "TransportAddress"]),
    library(
      "Calls",
      [
        "Gathering", "ICE", "IPPacket", "Media", "NATTable", "SansIO", "Simulator", "STUN",
        "STUNCodec", "TransportAddress", "TURN",
      ]),

    library("PairTable", ["ICE", "TransportAddress"]),
    library(
      "Drills",
      [
        "Calls", "ICE", "IPPacket", "NATTable", "SansIO", "STUNCodec", "Simulator",
        "TransportAddress",
      ]),

    // The notes
    library("NoteFormat", ["CCmark"]),
    .executableTarget(name: "NoteCompiler", dependencies: ["NoteFormat"], swiftSettings: settings),
    .plugin(name: "CompileNotes", capability: .buildTool(), dependencies: ["NoteCompiler"]),
    library("Notes", ["NoteFormat"], plugins: ["CompileNotes"]),

    // The program that reads them
    library("Terminal", ["CLinux", "CNcurses"]),
    library("ProgramSupport", ["NoteFormat"]),
    library("MessageDump", ["STUNCodec", "Terminal"]),
    library(
      "Lessons",
      ["CLibcrypto", "CLinux", "MessageDump", "NoteFormat", "Notes", "ProgramSupport", "Terminal"]),
    library("Reader", ["CLinux", "Lessons", "NoteFormat", "ProgramSupport", "Terminal"]),
    library("Site", ["Lessons", "NoteFormat", "ProgramSupport", "STUNCodec", "Terminal"]),
    library(
      "CommandOptions",
      ["NoteFormat", "ProgramSupport", "Terminal", "TransportAddress", argumentParser]),
    .executableTarget(
      name: "workbook",
      dependencies: [
        "CLinux", "CommandOptions", "Lessons", "NoteFormat", "ProgramSupport", "Reader", "Site",
        "Terminal", argumentParser,
      ],
      swiftSettings: settings, linkerSettings: programLinking),

    // What runs beside the reader. It is built while the first page is read.
    library("ExampleChild", ["CLinux"]),
    library("NotePictures", ["Calls", "Media", "Simulator"]),
    library(
      "NoteExamples",
      [
        "Calls", "ExampleChild", "ICE", "IPPacket", "Media", "NATTable", "NotePictures", "SansIO",
        "Simulator", "STUN", "STUNCodec", "TransportAddress", "TURN",
      ],
      path: "notes", exclude: ["reference"], plugins: ["CompileNotes"]),
    library("Capture", ["ByteOrder", "CZlib", "IPPacket", "STUNCodec", "TransportAddress"]),
    library(
      "Decoding",
      [
        "ByteOrder", "Capture", "MessageDump", "NoteFormat", "ProgramSupport", "STUNCodec",
        "Terminal", "TransportAddress",
      ]),
    library(
      "PacketStepper",
      [
        "CLinux", "IPPacket", "NATTable", "SansIO", "Simulator", "STUNCodec", "Terminal",
        "TransportAddress",
      ]),
    library("NATConsole", ["IPPacket", "NATTable", "SansIO", "Terminal", "TransportAddress"]),
    library(
      "WorldConsole",
      [
        "NATConsole", "NATTable", "NoteFormat", "SansIO", "Simulator", "Terminal",
        "TransportAddress",
      ]),
    .executableTarget(
      name: "workbook-lab",
      dependencies: [
        "CLinux", "Calls", "CommandOptions", "Decoding", "Drills", "ExampleChild", "ICE", "Lessons",
        "NATConsole", "NATTable", "NoteExamples", "NoteFormat", "NotePictures", "PacketStepper",
        "PairTable", "ProgramSupport", "SansIO", "Simulator", "Terminal", "TransportAddress",
        "WorldConsole", argumentParser,
      ],
      swiftSettings: settings, linkerSettings: programLinking),

    // Real networks. The program that needs them is built when it is first used.
    library("TUN", ["CLinux", "IPPacket", "NATTable", "Router", "SansIO", "TransportAddress"]),
    library("RealHosts", ["CLinux", "SansIO", "Simulator", "TransportAddress", "TUN"]),
    library("Sockets", ["CLinux", "SansIO", "TransportAddress"]),
    library("TLS", ["CTLS"]),
    library(
      "Relay",
      [
        "SansIO", "Signaling", "STUN", "STUNCodec", "Sockets", "TLS", "TransportAddress", "TURN",
      ]),
    library(
      "Diagnosis",
      [
        "CResolver", "Relay", "SansIO", "STUN", "STUNCodec", "Sockets", "TLS", "TransportAddress",
        "TURN",
      ]),
    library(
      "Connections",
      [
        "Gathering", "ICE", "MulticastDNS", "Relay", "SansIO", "Sockets", "TLS",
        "TransportAddress", "TURN",
      ]),
    .executableTarget(
      name: "workbook-live",
      dependencies: [
        "CLinux", "CommandOptions", "Connections", "Diagnosis", "Gathering", "ICE", "IPPacket",
        "Media", "NATConsole", "NATTable", "NoteFormat", "ProgramSupport", "RealHosts", "Relay",
        "Router",
        "STUN", "STUNCodec", "SansIO", "Signaling", "Simulator", "Sockets", "TLS", "TUN", "TURN",
        "Terminal", "TransportAddress", "WorldConsole", argumentParser,
      ],
      swiftSettings: settings),

    // Fuzzing
    library(
      "FuzzTargets",
      [
        "Capture", "ICE", "IPPacket", "Media", "MulticastDNS", "NATTable", "SansIO", "Signaling",
        "STUN", "STUNCodec", "TransportAddress", "TURN",
      ],
      path: "Fuzz/Targets"),

    // Tests, in the same order
    library(
      "TestSupport", ["Capture", "CLinux", "Lessons", "ProgramSupport", "Terminal"],
      path: "Tests/TestSupport"),
    tests("SansIO", ["SansIO"]),
    tests("TransportAddress", ["TransportAddress"]),
    tests("STUNCodec", ["FuzzTargets", "SansIO", "STUNCodec", "TestSupport", "TransportAddress"]),
    tests("STUN", ["IPPacket", "NATTable", "SansIO", "STUN", "STUNCodec", "TransportAddress"]),
    tests("TURN", ["SansIO", "STUN", "STUNCodec", "TestSupport", "TransportAddress", "TURN"]),
    tests("NATTable", ["IPPacket", "NATTable", "SansIO", "TestSupport", "TransportAddress"]),
    tests(
      "Router",
      ["IPPacket", "NATTable", "Router", "SansIO", "TestSupport", "TransportAddress"]),
    tests("ICE", ["ICE", "SansIO", "STUN", "STUNCodec", "TransportAddress"]),
    tests(
      "Gathering",
      ["Gathering", "ICE", "SansIO", "STUN", "STUNCodec", "TURN", "TransportAddress"]),
    tests("Signaling", ["SansIO", "Signaling"]),
    tests("MulticastDNS", ["MulticastDNS", "SansIO", "TransportAddress"]),
    tests("Media", ["Media", "SansIO", "STUN", "STUNCodec", "TestSupport"]),
    tests(
      "Simulator",
      [
        "Capture", "IPPacket", "NATTable", "Router", "SansIO", "Simulator", "STUN", "STUNCodec",
        "TransportAddress",
      ]),
    tests(
      "Calls",
      [
        "Calls", "ICE", "Media", "NATTable", "SansIO", "Simulator", "STUN", "TransportAddress",
        "TURN",
      ]),
    tests(
      "FieldReport",
      [
        "Calls", "ICE", "NATTable", "SansIO", "Simulator", "STUN", "STUNCodec",
        "TransportAddress", "TURN",
      ]),
    tests("PairTable", ["ICE", "PairTable", "TransportAddress"], exclude: ["Data"]),
    tests("Drills", ["Calls", "Drills", "Simulator"]),
    tests("NoteFormat", ["NoteFormat", "SansIO"]),
    tests("Terminal", ["CLinux", "SansIO", "Terminal"], exclude: ["Golden"]),
    tests("Capture", ["Capture", "CLinux", "STUNCodec", "TransportAddress"]),
    tests("NotePictures", ["Media", "NATTable", "NotePictures", "Simulator", "TransportAddress"]),
    tests(
      "PacketStepper",
      [
        "Lessons", "NATTable", "PacketStepper", "Simulator", "Terminal", "TestSupport",
        "TransportAddress",
      ]),
    tests(
      "NATConsole",
      ["IPPacket", "NATConsole", "NATTable", "SansIO", "TestSupport", "TransportAddress"]),
    tests(
      "WorldConsole",
      [
        "NATConsole", "NATTable", "SansIO", "Simulator", "Terminal", "TransportAddress",
        "WorldConsole",
      ]),
    tests(
      "Lessons",
      [
        "Lessons", "NoteFormat", "ProgramSupport", "Terminal", "TestSupport", "workbook",
        "workbook-lab",
      ],
      exclude: ["Golden"]),
    tests("Site", ["Lessons", "NoteFormat", "ProgramSupport", "Site", "Terminal", "TestSupport"]),
    tests("Reader", ["Lessons", "NoteFormat", "Reader", "Terminal"]),
    tests("TUN", ["TUN"]),
    tests("Sockets", ["CLinux", "SansIO", "Sockets", "TransportAddress"]),
    tests("TLS", ["TLS"]),
    tests(
      "Relay",
      [
        "CLinux", "Relay", "SansIO", "STUN", "STUNCodec", "Sockets", "TestSupport", "TLS",
        "TransportAddress", "TURN",
      ]),
    tests("Diagnosis", ["Diagnosis", "STUN", "STUNCodec", "Sockets", "TransportAddress", "TURN"]),
    tests(
      "Connections",
      [
        "Connections", "Gathering", "ICE", "MulticastDNS", "SansIO", "STUN", "STUNCodec",
        "TransportAddress",
      ]),
    tests(
      "Interop",
      [
        "Capture", "Decoding", "Diagnosis", "ICE", "IPPacket", "NATTable", "Relay", "Router",
        "SansIO", "Simulator", "Sockets", "STUN", "STUNCodec", "TestSupport", "TLS",
        "TransportAddress", "TUN", "TURN", "workbook", "workbook-lab", "workbook-live",
      ],
      exclude: ["Peers", "Recording"]),
    tests(
      "Command",
      [
        "CommandOptions", "Drills", "IPPacket", "Lessons", "NATConsole", "NoteFormat",
        "ProgramSupport", "Simulator", "Terminal", "TestSupport", "TransportAddress", "workbook",
        "workbook-lab", argumentParser,
      ],
      exclude: ["Golden"]),
    tests("Fuzz", ["FuzzTargets"]),
    tests("Package", []),
  ]
)
