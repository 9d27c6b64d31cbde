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

/// Targets stand in dependency order: each may use only those above it.
let package = Package(
  name: "pathfinder",
  products: [
    .library(name: "ProtocolTime", targets: ["ProtocolTime"]),
    .library(name: "TransportAddress", targets: ["TransportAddress"]),
    .library(name: "STUNCodec", targets: ["STUNCodec"]),
    .library(name: "STUN", targets: ["STUN"]),
    .library(name: "NATTable", targets: ["NATTable"]),
    .library(name: "ICE", targets: ["ICE"]),
    .library(name: "NoteFormat", targets: ["NoteFormat"]),
    .executable(name: "workbook", targets: ["workbook"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ],
  targets: [
    // System libraries
    .systemLibrary(name: "CCmark", pkgConfig: "libcmark", providers: [.apt(["libcmark-dev"])]),
    // Without pkg-config: its flags for ncurses are some that the package manager refuses.
    .systemLibrary(name: "CNcurses", providers: [.apt(["libncurses-dev"])]),
    .systemLibrary(name: "CPcap", providers: [.apt(["libpcap-dev"])]),
    .systemLibrary(name: "CLibcrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),

    // What Swift does not show of Linux
    .target(name: "CLinux"),

    // The protocols: no Foundation, no input or output, no clock
    .target(name: "ProtocolTime", swiftSettings: settings),
    .target(name: "TransportAddress", swiftSettings: settings),
    .target(
      name: "STUNCodec", dependencies: ["TransportAddress", "CLibcrypto"], swiftSettings: settings),
    .target(
      name: "STUN", dependencies: ["STUNCodec", "TransportAddress", "ProtocolTime"],
      swiftSettings: settings),
    .target(
      name: "NATTable", dependencies: ["TransportAddress", "ProtocolTime"], swiftSettings: settings),
    .target(
      name: "NATConsole", dependencies: ["NATTable", "TransportAddress", "ProtocolTime"],
      swiftSettings: settings),
    .target(name: "ICE", dependencies: ["TransportAddress"], swiftSettings: settings),

    // What others have recorded
    .target(
      name: "PacketCapture", dependencies: ["STUNCodec", "TransportAddress", "CPcap"],
      swiftSettings: settings),

    // Real networks. What teaches does not need it.
    .target(
      name: "LiveNetwork",
      dependencies: ["CLinux", "NATTable", "TransportAddress", "ProtocolTime"],
      swiftSettings: settings),

    // The notes
    .target(name: "NoteFormat", dependencies: ["CCmark"], swiftSettings: settings),
    .executableTarget(name: "NoteCompiler", dependencies: ["NoteFormat"], swiftSettings: settings),
    .target(name: "Terminal", dependencies: ["CLinux", "CNcurses"], swiftSettings: settings),

    .plugin(name: "CompileNotes", capability: .buildTool(), dependencies: ["NoteCompiler"]),
    .target(
      name: "Notes",
      dependencies: [
        "NoteFormat", "ICE", "NATTable", "ProtocolTime", "STUN", "STUNCodec", "TransportAddress",
      ],
      path: "notes", swiftSettings: settings, plugins: ["CompileNotes"]),

    // The program
    .target(name: "ExampleChild", dependencies: ["CLinux"], swiftSettings: settings),
    .target(
      name: "Lessons",
      dependencies: [
        "CLibcrypto", "CLinux", "ExampleChild", "NoteFormat", "Notes", "PacketCapture", "STUNCodec",
        "Terminal", "TransportAddress",
      ],
      swiftSettings: settings),
    .target(
      name: "Reader", dependencies: ["CLinux", "Lessons", "NoteFormat", "Terminal"],
      swiftSettings: settings),
    .executableTarget(
      name: "workbook",
      dependencies: [
        "CLinux", "Lessons", "LiveNetwork", "NATConsole", "NATTable", "NoteFormat", "ProtocolTime",
        "Reader", "Terminal", "TransportAddress",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),

    // Tests, in the same order
    .target(
      name: "TestSupport", dependencies: ["CLinux", "Lessons", "Terminal"],
      path: "Tests/TestSupport",
      swiftSettings: settings),
    .testTarget(
      name: "ProtocolTimeTests", dependencies: ["ProtocolTime"], swiftSettings: settings),
    .testTarget(
      name: "TransportAddressTests", dependencies: ["TransportAddress"], swiftSettings: settings),
    .testTarget(
      name: "STUNCodecTests",
      dependencies: ["FuzzTargets", "STUNCodec", "TestSupport", "TransportAddress"],
      swiftSettings: settings),
    .testTarget(
      name: "STUNTests",
      dependencies: ["STUN", "STUNCodec", "NATTable", "TransportAddress", "ProtocolTime"],
      swiftSettings: settings),
    .testTarget(
      name: "PacketCaptureTests", dependencies: ["PacketCapture", "STUNCodec", "TransportAddress"],
      swiftSettings: settings),
    .testTarget(
      name: "NATTableTests",
      dependencies: ["NATTable", "TestSupport", "TransportAddress", "ProtocolTime"],
      swiftSettings: settings),
    .testTarget(
      name: "NATConsoleTests",
      dependencies: ["NATConsole", "NATTable", "TransportAddress", "ProtocolTime"],
      swiftSettings: settings),
    .testTarget(
      name: "LiveNetworkTests",
      dependencies: ["LiveNetwork", "NATTable", "TransportAddress", "ProtocolTime"],
      swiftSettings: settings),
    .testTarget(
      name: "ICETests", dependencies: ["ICE", "TransportAddress"], swiftSettings: settings),
    .testTarget(name: "NoteFormatTests", dependencies: ["NoteFormat"], swiftSettings: settings),
    .testTarget(
      name: "TerminalTests", dependencies: ["Terminal"], exclude: ["Golden"],
      swiftSettings: settings),
    .testTarget(
      name: "LessonsTests",
      dependencies: ["Lessons", "NoteFormat", "Terminal", "TestSupport", "workbook"],
      exclude: ["Golden"],
      swiftSettings: settings),
    .testTarget(
      name: "ReaderTests", dependencies: ["Lessons", "NoteFormat", "Reader", "Terminal"],
      swiftSettings: settings),
    .testTarget(
      name: "InteropTests",
      dependencies: [
        "LiveNetwork", "NATTable", "ProtocolTime", "STUN", "STUNCodec", "TestSupport",
        "TransportAddress", "workbook",
      ],
      exclude: ["Recording"],
      swiftSettings: settings),
    .testTarget(
      name: "CommandTests",
      dependencies: ["Lessons", "NoteFormat", "Terminal", "TestSupport", "workbook"],
      exclude: ["Golden"],
      swiftSettings: settings),
    .target(
      name: "FuzzTargets",
      dependencies: ["NATTable", "PacketCapture", "ProtocolTime", "STUNCodec", "TransportAddress"],
      path: "Fuzz/Targets", swiftSettings: settings),
    .testTarget(name: "FuzzTests", dependencies: ["FuzzTargets"], swiftSettings: settings),
  ]
)
