import NATTable
import Router
import SansIO
import Testing
import TransportAddress

@testable import Simulator

/// Many seeds with every fault of links, in a process of their own.
@Suite struct SeedTests {
  @Test("A thousand seeds with every fault: no crash, and each table is consistent")
  func thousandSeeds() async {
    let log = SeedLog()
    let result = await #expect(processExitsWith: .success) { [path = log.path as String] in
      var echoCount = 0
      SeedLog(path).run(below: 1000) { seed in
        var (net, alice, server) = busyNetwork(seed: seed, link: badLink, packets: 15)
        net.run(until: .seconds(5))
        net.expectInvariants(Seeds.replay(seed, test: "thousandSeeds"))
        // An echo is of a packet that came.
        let sent = Set(net.texts(receivedBy: server))
        #expect(
          sent.isSuperset(of: net.texts(receivedBy: alice)),
          Seeds.replay(seed, test: "thousandSeeds"))
        echoCount += net.received(by: alice).count
      }
      #expect(Seeds.isReplay || echoCount > 3000)
    }
    if result == nil { Issue.record(log.crash()) }
    log.remove()
  }

  @Test("A thousand seeds through NATs behind a carrier's, by UDP and TCP at once")
  func thousandNests() async {
    let log = SeedLog()
    let result = await #expect(processExitsWith: .success) { [path = log.path as String] in
      var learned = 0
      SeedLog(path).run(below: 1000) { seed in
        let (world, hosts) = nest(seed: seed)
        var net = world
        net.run(until: .seconds(20))
        net.expectInvariants(Seeds.replay(seed, test: "thousandNests"))
        for host in hosts {
          // Through however many NATs, the server sees the outermost one's address.
          guard
            let mapped = net.program(on: host, as: STUNClientEndpoint.self)?.mappedAddress
          else { continue }
          learned += 1
          #expect(
            mapped.address == "198.51.100.1", Seeds.replay(seed, test: "thousandNests"))
        }
        // Bytes of a stream arrive in order, if not all.
        let stream = net.program(on: hosts[0], as: StreamScriptEndpoint.self)?.received ?? []
        #expect(
          Array("through two NATs, in order".utf8).starts(with: stream),
          Seeds.replay(seed, test: "thousandNests"))
      }
      #expect(Seeds.isReplay || learned > 1500)
    }
    if result == nil { Issue.record(log.crash()) }
    log.remove()
  }

  @Test("A seed that crashes is named, with the command that runs it alone")
  func crash() async throws {
    let log = SeedLog()
    defer { log.remove() }
    await #expect(processExitsWith: .failure) { [path = log.path as String] in
      SeedLog(path).run(below: 1000) { seed in precondition(seed != 617, "the one that crashes") }
    }
    let seed = try #require(log.last())
    #expect(seed == 617)
    #expect(
      "\(log.crash())".contains(
        "SIMULATOR_SEED=617 swift test --filter 'SimulatorTests.*/crash'"))
  }
}

/// Three hosts at a home behind a carrier's NAT, a STUN server and an echo, over links with faults.
private func nest(seed: UInt64) -> (Network, [HostID]) {
  var net = Network(seed: seed)
  let cgn = net.place(.mobile, "cgn")
  let home = net.router("home", nat: .symmetric, behind: cgn, link: badLink)
  let cone = net.router("cone", nat: .portRestrictedCone, behind: cgn, link: badLink)
  var hosts: [HostID] = []
  for (number, router) in [home, home, cone].enumerated() {
    let host = net.host("host \(number)", behind: router, link: badLink)
    net.run(.stunClient(of: "203.0.113.9:3478"), on: host)
    net.run(.stream("through two NATs, in order", to: "203.0.113.9:80"), on: host)
    hosts.append(host)
  }
  let server = net.host("server", at: "203.0.113.9", link: badLink, running: .stunServer)
  net.run(.streamEcho(port: 80), on: server)
  return (net, hosts)
}

extension Network {
  /// What holds at every moment, whatever links do.
  fileprivate func expectInvariants(_ comment: Comment) {
    for router in routers where router.nat != nil {
      #expect(router.nat?.table.inconsistency() == nil, comment)
    }
    // What one packet can become is known from the trace, without exception.
    for (packet, ends) in trace.ends where ends > 1 {
      Issue.record("packet \(packet) came to \(ends) ends; \(comment)")
    }
    // Whatever was sent is delivered, dropped, lost, taken in, or still on its way.
    let open = trace.ends.count { $0.value == 0 }
    #expect(open == flightCount, comment)
  }
}

extension Trace {
  /// How many times each packet came to an end: it was delivered, dropped, lost, or taken in.
  fileprivate var ends: [PacketID: Int] {
    var ends: [PacketID: Int] = [:]
    for event in events {
      guard let packet = event.packet else { continue }
      switch event.kind {
      case .delivered, .dropped, .lost, .consumed: ends[packet, default: 0] += 1
      case .duplicated(_, let copy): ends[copy, default: 0] += 0
      default: ends[packet, default: 0] += 0
      }
    }
    return ends
  }
}
