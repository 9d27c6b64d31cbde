// swift-tools-version: 6.2
import PackageDescription

/// What the table of mappings costs, beside one probe of a flat hash map with the same keys.
let package = Package(
  name: "nat-benchmark",
  dependencies: [.package(name: "pathfinder", path: "../..")],
  targets: [
    .executableTarget(
      name: "NATBenchmark",
      dependencies: [
        .product(name: "NATTable", package: "pathfinder"),
        .product(name: "TransportAddress", package: "pathfinder"),
        .product(name: "ProtocolTime", package: "pathfinder"),
      ],
      swiftSettings: [.swiftLanguageMode(.v6), .enableUpcomingFeature("MemberImportVisibility")])
  ]
)
