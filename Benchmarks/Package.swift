// swift-tools-version: 6.2
import PackageDescription

/// What is measured beside other programs, apart from the package that everybody builds.
let package = Package(
  name: "benchmarks",
  dependencies: [.package(name: "pathfinder", path: "..")],
  targets: [
    .target(name: "CAllocationCounter"),
    .executableTarget(
      name: "STUNBenchmark",
      dependencies: [
        "CAllocationCounter",
        .product(name: "STUNCodec", package: "pathfinder"),
        .product(name: "TransportAddress", package: "pathfinder"),
      ],
      swiftSettings: [
        .swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableExperimentalFeature("Lifetimes"),
      ]),
  ]
)
