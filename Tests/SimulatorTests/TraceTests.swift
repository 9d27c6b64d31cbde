import Capture
import NATTable
import Router
import SansIO
import Testing
import TransportAddress

@testable import Simulator

@Suite struct TraceTests {
  /// Alice asks a STUN server from behind two NATs, over links that lose packets.
  static func scene(seed: UInt64) -> Network {
    var net = Network(seed: seed)
    let cgn = net.place(.mobile, "cgn")
    let home = net.router("home", nat: .symmetric, behind: cgn, link: badLink)
    for number in 0..<4 {
      net.host(
        "host \(number)", behind: home, link: badLink,
        running: .stunClient(of: "203.0.113.9:3478"))
    }
    net.host("stun.example", at: "203.0.113.9", link: badLink, running: .stunServer)
    net.run(until: .seconds(700))
    return net
  }

  /// Twenty hosts that send at the same instant, so that their mappings expire at the same instant.
  static var crowd: Trace {
    var net = Network(seed: 1)
    let office = net.router("office", nat: .symmetric)
    for number in 0..<20 {
      net.host(
        "host \(number)", behind: office,
        running: .script(.init(at: .zero, send: "hello", to: "203.0.113.9:7")))
    }
    net.run(until: .seconds(400))
    return net.trace
  }

  @Test("The same seed gives the same trace byte for byte, and another seed another")
  func repeatable() {
    let first = Self.scene(seed: 1).trace
    #expect(first == Self.scene(seed: 1).trace)
    #expect(first.json == Self.scene(seed: 1).trace.json)
    #expect(first != Self.scene(seed: 2).trace)
  }

  @Test("A process with another hash seed gives the same trace")
  func otherProcess() async {
    // Swift seeds its hashes anew in each process: a trace that depended on the order of a
    // dictionary would differ.
    let here = Self.scene(seed: 1).trace.json + Self.crowd.json
    await #expect(processExitsWith: .success) { [here = here as String] in
      precondition(TraceTests.scene(seed: 1).trace.json + TraceTests.crowd.json == here)
    }
  }

  @Test("The tables that the trace gives for the last moment are those of the NATs")
  func tables() {
    for seed in 0..<100 as Range<UInt64> {
      var (net, _, _) = busyNetwork(seed: seed, link: badLink, packets: 30)
      net.run(until: .milliseconds(Int64(20 + seed)))
      // A moment with an event at every NAT, as tables are given by the time of an event.
      let time = net.trace.events.last?.time ?? .zero
      let real = net.routers.compactMap(\.nat).map { nat in
        var table = nat.table
        table.expire(at: time)
        return table.mappings
      }
      #expect(net.trace.tables.map(\.mappings) == real, "seed \(seed)")
    }
  }

  @Test("Before the first event all tables are empty, and stepping forward fills them")
  func stepping() {
    let trace = Self.scene(seed: 1).trace
    #expect(trace.tables(at: -1).allSatisfy { $0.mappings.isEmpty })
    var index = -1
    var steps = 0
    while let next = trace.nextTableChange(after: index) {
      #expect(trace.tables(at: next).map(\.mappings) != trace.tables(at: next - 1).map(\.mappings))
      index = next
      steps += 1
    }
    // Four hosts behind two NATs: eight mappings come and go.
    #expect(steps == 16)
    #expect(trace.nextDrop(after: trace.events.count - 1) == nil)
  }

  @Test("A mapping's new lifetime is a change of its own kind")
  func refreshed() {
    var net = Network(seed: 1)
    let home = net.router("home", nat: .portRestrictedCone)
    let lines: [ScriptEndpoint.Line] = [
      .init(at: .zero, send: "a", to: "203.0.113.9:7"),
      .init(at: .seconds(1), send: "b", to: "203.0.113.9:7"),
      .init(at: .seconds(2), send: "c", to: "203.0.113.9:8"),
    ]
    net.host("alice", behind: home, running: ScriptEndpoint(lines))
    net.host("server", at: "203.0.113.9", running: ScriptEndpoint(port: 7))
    net.run()
    let kinds = net.trace.events.compactMap { event -> String? in
      if case .table = event.kind { event.kind.name } else { nil }
    }
    // The last is for the ICMP error that the closed port sends back: it changes nothing.
    #expect(kinds == ["mapping made", "mapping refreshed", "mapping changed"])
  }

  @Test("A filter that has expired is in no table, though its mapping lives on")
  func expiredFilter() throws {
    var net = Network(seed: 1)
    let home = net.router("home", nat: .portRestrictedCone)
    let lines: [ScriptEndpoint.Line] = [
      .init(at: .zero, send: "a", to: "203.0.113.9:7"),
      .init(at: .seconds(200), send: "b", to: "203.0.113.9:8"),
    ]
    net.host("alice", behind: home, running: ScriptEndpoint(lines))
    // Something that happens elsewhere, as moments are those of events.
    net.host(
      "stranger", running: .script(.init(at: .seconds(301), send: "c", to: "203.0.113.9:7")))
    net.run()
    let before = try #require(net.trace.events.lastIndex { $0.time < .seconds(300) })
    #expect(net.trace.tables(at: before)[0].mappings.map(\.filters.count) == [2])
    let filters = net.trace.tables[0].mappings.flatMap(\.filters)
    #expect(filters.map(\.scope) == [.endpoint("203.0.113.9:8")])
  }

  @Test("Mappings that expire at once are gone in the order of the table")
  func crowdLeaves() {
    let gone = Self.crowd.events.compactMap { event -> TransportAddress? in
      if case .table(.removed(let mapping)) = event.kind { mapping.inside } else { nil }
    }
    #expect(gone == (2...21).map { TransportAddress(.v4(IPv4Address(10, 0, 0, $0)), port: 5000) })
  }

  @Test("A packet that a filter drops on its way back inside has made a mapping all the same")
  func dropMakesMapping() {
    var net = Network(seed: 1)
    let home = net.router("home", nat: .symmetric)
    net.host(
      "alice", behind: home,
      running: .script(.init(at: .zero, send: "hello", to: "198.51.100.1:6000")))
    net.run()
    #expect(net.trace.dropReasons == [.router(.table(.noMapping))])
    #expect(net.trace.tables[0].mappings.map(\.inside) == ["10.0.0.2:5000"])
  }

  @Test("A packet's events tell its way: sent, translated, routed, delivered")
  func way() {
    let trace = Self.straight
    let events = trace.events(of: PacketID(1))
    #expect(events.map(\.kind.name) == ["sent", "forwarded", "forwarded", "delivered"])
    #expect(
      events.map { trace.nodes[$0.node.index].name } == ["alice", "home", "Internet", "server"])
  }

  private static var straight: Trace {
    var net = Network(seed: 1)
    let home = net.router("home", nat: .portRestrictedCone)
    net.host(
      "alice", behind: home,
      running: .script(.init(at: .milliseconds(1500), send: "hello", to: "203.0.113.9:7")))
    net.host("server", at: "203.0.113.9", running: .echo(port: 7))
    net.run()
    return net.trace
  }

  @Test("A capture of an interface is what Capture would have written, and what it reads")
  func pcap() throws {
    let trace = Self.straight
    let home = try #require(trace.node(named: "home"))
    for side in NATRouter.Side.allCases {
      let file = trace.pcap(of: home, side)
      var writer = CaptureWriter(.pcap)
      var expected = writer.header(CapturedInterface(linkType: .raw))
      var count = 0
      for event in trace.events(at: home) {
        for passage in event.kind.passages where passage.side == side {
          expected += writer.frame(
            CapturedFrame(
              number: count, time: 946_684_800_000_000_000 + event.time.nanoseconds,
              linkType: .raw, bytes: passage.bytes,
              originalByteCount: passage.bytes.count))
          count += 1
        }
      }
      #expect(file == expected)
      // Out and back.
      #expect(count == 2)
    }
    let server = try #require(trace.node(named: "server"))
    #expect(trace.pcap(of: server).count == 24 + 2 * (16 + 28 + 5))
  }

  @Test("The JSON has a line for each node and event, with texts quoted")
  func json() {
    var net = Network(seed: 1)
    net.host("a \"b\"\n", running: .script(.init(at: .zero, send: "x", to: "203.0.113.9:7")))
    net.run()
    let lines = net.trace.json.split(separator: "\n")
    #expect(lines.count == 1 + net.trace.nodes.count + net.trace.events.count)
    #expect(
      lines[2].hasPrefix(
        #"{"name":"a \"b\"\u000a","kind":"host","parent":"Internet","address":"198.51.100.1"}"#))
    #expect(
      lines[3].hasPrefix(
        #"{"time":0,"node":"a \"b\"\u000a","event":"sent","packet":1,"side":"outside","bytes":"4500"#
      ))
    #expect(lines[4].hasPrefix(#"{"time":0.0005,"node":"Internet","event":"dropped","packet":1,"#))
  }
}
