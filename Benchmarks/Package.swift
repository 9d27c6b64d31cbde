// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableExperimentalFeature("Lifetimes"),
]

/// What is measured, apart from the package that everybody builds.
let package = Package(
  name: "benchmarks",
  dependencies: [
    .package(name: "pathfinder", path: ".."),
    // Its traits would bring other allocators; ours counts for itself.
    .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
  ],
  targets: [
    .target(name: "CAllocationCounter"),
    .target(name: "ProcessorTime", swiftSettings: settings),
    .target(
      name: "STUNWorks",
      dependencies: [
        .product(name: "SansIO", package: "pathfinder"),
        .product(name: "STUN", package: "pathfinder"),
        .product(name: "STUNCodec", package: "pathfinder"),
        .product(name: "TransportAddress", package: "pathfinder"),
      ],
      swiftSettings: settings),
    .target(
      name: "FlatMap",
      dependencies: [.product(name: "TransportAddress", package: "pathfinder")],
      swiftSettings: settings),
    // Beside other programs: see `compare`
    .executableTarget(
      name: "STUNBenchmark", dependencies: ["CAllocationCounter", "STUNWorks"],
      swiftSettings: settings),
    .executableTarget(
      name: "NATBenchmark",
      dependencies: [
        "CAllocationCounter", "FlatMap", "ProcessorTime",
        .product(name: "NATTable", package: "pathfinder"),
        .product(name: "IPPacket", package: "pathfinder"),
        .product(name: "SansIO", package: "pathfinder"),
        .product(name: "TransportAddress", package: "pathfinder"),
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "SimulatorBenchmark",
      dependencies: [
        "CAllocationCounter", "ProcessorTime",
        .product(name: "NATTable", package: "pathfinder"),
        .product(name: "SansIO", package: "pathfinder"),
        .product(name: "Simulator", package: "pathfinder"),
        .product(name: "TransportAddress", package: "pathfinder"),
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "ICEBenchmark",
      dependencies: [
        "CAllocationCounter", "ProcessorTime",
        .product(name: "Calls", package: "pathfinder"),
        .product(name: "Connections", package: "pathfinder"),
        .product(name: "ICE", package: "pathfinder"),
        .product(name: "NATTable", package: "pathfinder"),
        .product(name: "SansIO", package: "pathfinder"),
        .product(name: "TransportAddress", package: "pathfinder"),
      ],
      swiftSettings: settings),
    // Writes the capture that `compare decode` reads
    .executableTarget(
      name: "CaptureGenerator",
      dependencies: [
        .product(name: "Capture", package: "pathfinder"),
        .product(name: "STUNCodec", package: "pathfinder"),
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "RelayBenchmark",
      dependencies: [
        "CAllocationCounter", "ProcessorTime",
        .product(name: "Relay", package: "pathfinder"),
        .product(name: "SansIO", package: "pathfinder"),
        .product(name: "Sockets", package: "pathfinder"),
        .product(name: "STUN", package: "pathfinder"),
        .product(name: "STUNCodec", package: "pathfinder"),
        .product(name: "TransportAddress", package: "pathfinder"),
        .product(name: "TURN", package: "pathfinder"),
      ],
      swiftSettings: settings),
    // Clients and a peer for `compare turn`
    .executableTarget(name: "TURNGenerator", linkerSettings: [.linkedLibrary("crypto")]),
    // Against thresholds: see `check`. The tool looks for suites in a folder named Benchmarks.
    .executableTarget(
      name: "STUNSuite",
      dependencies: [
        "CAllocationCounter", "STUNWorks", .product(name: "Benchmark", package: "benchmark"),
      ],
      path: "STUNSuite", swiftSettings: settings,
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]),
  ]
)
