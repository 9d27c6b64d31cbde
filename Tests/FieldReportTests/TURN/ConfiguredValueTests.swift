import TURN
import Testing
import TransportAddress

/// A value that cannot be obeyed is an error, and never replaced by another one.
@Suite(.report("T21", "coturn/coturn 151")) struct ConfiguredValueTests {
  @Test("What is obeyed is in force as it was said")
  func obeyed() throws {
    let limits = TURNServer.Limits(allocationsPerUser: 1, permissionsPerAllocation: 1)
    let configuration = try TURNServer.Configuration(
      ipv4: .init("203.0.113.20", ports: 1...2), limits: limits, defaultLifetime: .seconds(1),
      maximumLifetime: .seconds(2))
    #expect(configuration.limits == limits && configuration.ipv4?.ports == 1...2)
    #expect(configuration.defaultLifetime == .seconds(1))
    #expect(configuration.maximumLifetime == .seconds(2))
  }

  @Test("A limit of nothing, port 0 and a lifetime beyond the longest are refused")
  func refused() throws {
    var limits = TURNServer.Limits()
    for limit in [
      \TURNServer.Limits.allocationsPerUser, \.allocationsPerAddress, \.permissionsPerAllocation,
      \.channelsPerAllocation, \.connectionsPerAllocation, \.unprovenResponsesPerSecond,
      \.unprovenResponsesAtOnce,
    ] {
      limits[keyPath: limit] = 0
      #expect(throws: TURNConfigurationError.limitOutOfRange(0)) {
        try TURNServer.Configuration(ipv4: .init("203.0.113.20"), limits: limits)
      }
      limits[keyPath: limit] = 1
    }
    #expect(throws: TURNConfigurationError.portZero) {
      try TURNServer.RelayedAddress("203.0.113.20", ports: 0...9)
    }
    #expect(throws: TURNConfigurationError.lifetimeOutOfRange(.seconds(3601))) {
      try TURNServer.Configuration(
        ipv4: .init("203.0.113.20"), defaultLifetime: .seconds(3601))
    }
    #expect(throws: TURNConfigurationError.prefixLengthOutOfRange(33, bitCount: 32)) {
      try PeerPolicy.Block("10.0.0.0", prefixLength: 33)
    }
  }
}
