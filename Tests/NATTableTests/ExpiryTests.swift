import NATTable
import SansIO
import Testing
import TransportAddress

@Suite struct ExpiryTests {
  @Test("A mapping's port is free again when the mapping has expired")
  func portComesBack() {
    var nat = NATTable(.fullCone, external: external)
    _ = nat.send(from: host, to: server)
    #expect(nat.send(from: neighbour, to: server, at: .seconds(300)) == "203.0.113.7:5000")
    #expect(nat.receive(from: server, to: "203.0.113.7:5000", at: .seconds(300)) == neighbour)
  }

  @Test("Only what has expired goes, and it is counted")
  func onlyExpired() {
    var nat = NATTable(.portRestrictedCone, external: external)
    for second in Int64(0)..<10 {
      let inside = TransportAddress(host.address, port: UInt16(6000 + second))
      _ = nat.send(from: inside, to: server, at: .seconds(second))
    }
    #expect(nat.expire(at: .seconds(299)) == 0)
    #expect(nat.expire(at: .seconds(304)) == 5)
    #expect(nat.count == 5)
    #expect(nat.nextDeadline == .seconds(305))
  }

  @Test("A remote that is no longer sent to loses its leave before the mapping ends")
  func filterExpires() {
    var nat = NATTable(.portRestrictedCone, external: external)
    _ = nat.send(from: host, to: server, at: .zero)
    _ = nat.send(from: host, to: stranger, at: .seconds(200))
    #expect(nat.receive(from: server, to: "203.0.113.7:5000", at: .seconds(300)) == nil)
    #expect(nat.receive(from: stranger, to: "203.0.113.7:5000", at: .seconds(300)) == host)
    #expect(nat.nextDeadline == .seconds(500))
  }

  @Test("A new mapping in an old one's place does not inherit its filter")
  func filtersEndWithTheirMapping() {
    var nat = NATTable(.portRestrictedCone, external: external)
    _ = nat.send(from: host, to: server, at: .zero)
    _ = nat.send(from: neighbour, to: stranger, at: .seconds(300))
    #expect(nat.receive(from: server, to: "203.0.113.7:5000", at: .seconds(300)) == nil)
  }

  @Test("Time does not run backwards: an early stamp shortens no mapping")
  func monotonic() {
    var nat = NATTable(.fullCone, external: external)
    _ = nat.send(from: host, to: server, at: .seconds(100))
    _ = nat.send(from: host, to: server, at: .seconds(50))
    #expect(nat.time == .seconds(100))
    #expect(nat.nextDeadline == .seconds(400))
    nat.expire(at: Instant(nanoseconds: .min))
    #expect(nat.time == .seconds(100))
  }

  @Test("Times and timeouts without bound do not crash")
  func extremes() {
    for timeout in [Duration.seconds(Int64.max), .seconds(-1), .zero] {
      var configuration = NATTable.Configuration()
      configuration.mappingTimeout = timeout
      var nat = NATTable(configuration, external: external)
      for nanoseconds in [Int64.min, -1, 0, .max, .max] {
        #expect(
          nat.send(from: host, to: server, at: Instant(nanoseconds: nanoseconds))
            == "203.0.113.7:5000")
      }
    }
  }
}
