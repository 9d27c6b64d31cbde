// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableExperimentalFeature("Lifetimes"),
]

/// What is measured beside other programs, apart from the package that everybody builds.
let package = Package(
  name: "benchmarks",
  dependencies: [.package(name: "pathfinder", path: "..")],
  targets: [
    .target(name: "CAllocationCounter"),
    .target(
      name: "FlatMap",
      dependencies: [.product(name: "TransportAddress", package: "pathfinder")],
      swiftSettings: settings),
    .executableTarget(
      name: "NATBenchmark",
      dependencies: [
        "CAllocationCounter", "FlatMap",
        .product(name: "NATTable", package: "pathfinder"),
        .product(name: "ProtocolTime", package: "pathfinder"),
        .product(name: "TransportAddress", package: "pathfinder"),
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "STUNBenchmark",
      dependencies: [
        "CAllocationCounter",
        .product(name: "STUNCodec", package: "pathfinder"),
        .product(name: "TransportAddress", package: "pathfinder"),
      ],
      swiftSettings: settings),
  ]
)
