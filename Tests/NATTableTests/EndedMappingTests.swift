import IPPacket
import NATTable
import SansIO
import Testing
import TransportAddress

/// Mappings that have ended, for those that watch a table.
@Suite struct EndedMappingTests {
  private static func table(_ configuration: NATTable.Configuration) -> NATTable {
    var table = NATTable(configuration, external: ["203.0.113.7"], randomSeed: 1)
    table.keepsEndedMappings = true
    return table
  }

  private static func send(
    _ table: inout NATTable, from source: TransportAddress, at now: Instant
  ) {
    _ = table.outbound(Packet(.udp, from: source, to: "198.51.100.1:9"), at: now)
  }

  @Test(
    "Each mapping is told once, when it ends, as it was; whether its port is kept back or not",
    arguments: [Duration.zero, .seconds(60)])
  func ended(portReuseDelay: Duration) throws {
    var configuration = NATTable.Configuration.portRestrictedCone
    configuration.portReuseDelay = portReuseDelay
    var table = Self.table(configuration)
    Self.send(&table, from: "10.0.0.2:5000", at: .zero)
    Self.send(&table, from: "10.0.0.3:5000", at: .milliseconds(1))
    let before = table.mappings
    let ends = before.map(\.expires)
    try #require(ends.count == 2)
    table.expire(at: ends[0])
    // A new one in the place of the one that is gone: their number has not changed.
    Self.send(&table, from: "10.0.0.4:5000", at: ends[0])
    #expect(table.count == 2)
    let first = table.takeEndedMappings()
    #expect(first == [before[0]])
    let again = table.takeEndedMappings()
    #expect(again == [])
    table.expire(at: ends[1])
    let second = table.takeEndedMappings()
    #expect(second == [before[1]])
    table.expire(at: ends[1].advanced(by: .seconds(120)))
    let last = table.takeEndedMappings()
    #expect(last == [])
  }

  @Test("A table that is not asked to keeps none, and a copy has its own")
  func kept() {
    var table = Self.table(.portRestrictedCone)
    Self.send(&table, from: "10.0.0.2:5000", at: .zero)
    var copy = table
    table.keepsEndedMappings = false
    table.expire(at: .milliseconds(3_600_000))
    copy.expire(at: .milliseconds(3_600_000))
    let forgotten = table.takeEndedMappings()
    #expect(forgotten == [])
    let copied = copy.takeEndedMappings()
    #expect(copied.count == 1)
  }
}
