import IPPacket
import NATTable
import SansIO
import Testing
import TransportAddress

/// The presets of routers by their names, as far as their makers say what they do.
@Suite struct RouterPresetTests {
  @Test("pf gives each flow a random port from 50001 on, pfSense one to each inside endpoint")
  func ports() throws {
    var seen: Set<UInt16> = []
    for seed in UInt64(0)..<50 {
      var flows = NATTable(.pf, external: [external], randomSeed: seed)
      let first = try flows.opens(from: host, to: server)
      #expect(try flows.opens(from: host, to: stranger) != first)
      #expect(first.port >= 50_001)
      var endpoints = NATTable(.pfSense, external: [external], randomSeed: seed)
      let only = try endpoints.opens(from: host, to: server)
      #expect(endpoints.send(from: host, to: stranger) == only)
      #expect(endpoints.send(from: host, to: serverOtherPort) == only)
      #expect(only.port >= 1024)
      seen.insert(only.port)
    }
    #expect(seen.count > 45 && seen.contains { $0 < 50_001 })
  }

  @Test("pfSense lets only those endpoints in that were sent to, whatever the mapping")
  func filtering() throws {
    var nat = NATTable(.pfSense, external: external)
    let outside = try nat.opens(from: host, to: server)
    #expect(nat.receive(from: server, to: outside) == host)
    #expect(nat.receive(from: serverOtherPort, to: outside) == nil)
    #expect(nat.receive(from: stranger, to: outside) == nil)
    _ = nat.send(from: host, to: stranger)
    #expect(nat.receive(from: stranger, to: outside) == host)
  }

  @Test("No two hosts behind pfSense have one port, whomever they send to")
  func noOverloading() throws {
    var configuration = NATTable.Configuration.pfSense
    configuration.ports = 5000...5001
    var nat = NATTable(configuration, external: external)
    let first = try nat.opens(from: host, to: server)
    let second = try nat.opens(from: neighbour, to: stranger)
    #expect(Set([first.port, second.port]) == [5000, 5001])
    #expect(nat.send(from: .init(host.address, port: 6000), to: server) == nil)
  }

  @Test(
    "pf and pfSense forget a flow without an answer after 30 s, one with answers after 60 s",
    arguments: [NATTable.Configuration.pf, .pfSense])
  func times(preset: NATTable.Configuration) throws {
    var nat = NATTable(preset, external: external)
    let silent = try nat.opens(from: host, to: server)
    #expect(nat.receive(from: server, to: silent, at: .seconds(30)) == nil)
    let outside = try nat.opens(from: host, to: server, at: .seconds(100))
    #expect(nat.receive(from: server, to: outside, at: .seconds(129)) == host)
    #expect(nat.receive(from: server, to: outside, at: .seconds(188)) == host)
    #expect(nat.receive(from: server, to: outside, at: .seconds(248)) == nil)
  }

  @Test("A container keeps its port, unless the peer's packet was there first")
  func container() throws {
    var nat = NATTable(.docker, external: external)
    #expect(nat.send(from: host, to: server) == "203.0.113.7:5000")
    #expect(nat.inbound(Packet(from: stranger, to: "203.0.113.7:5000"), at: .zero).packet == nil)
    #expect(try nat.opens(from: host, to: stranger).port != 5000)
  }
}
