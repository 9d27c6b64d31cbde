import NATTable
import Testing
import TransportAddress

@testable import Simulator

@Suite struct FlightTests {
  /// A host behind a NAT, and an echo on the Internet.
  private func world() -> (Network, HostID) {
    var net = Network(seed: 1)
    let home = net.router("home", nat: .portRestrictedCone)
    let alice = net.host("alice", behind: home, running: ScriptEndpoint(port: 5000))
    net.host("echo", at: "203.0.113.9", running: .echo(port: 7))
    return (net, alice)
  }

  private func send(_ text: String, from host: HostID, in net: inout Network) {
    net.tell(host, ScriptEndpoint.self) { script, _, _ in
      script.send(Array(text.utf8), to: "203.0.113.9:7")
    }
  }

  @Test("A packet gets the place of one that has ended")
  func places() {
    var (net, alice) = world()
    for _ in 0..<100 {
      send("a", from: alice, in: &net)
      #expect(net.flightCount == 1)
      net.run()
      #expect(net.flightCount == 0)
    }
    #expect(net.flights.count <= 2)
  }

  @Test("What the trace has recorded is not overwritten by a later packet at the same place")
  func recorded() {
    var (net, alice) = world()
    send("first", from: alice, in: &net)
    net.run(for: .milliseconds(1))
    net.isTracing = false
    net.run()
    let before = net.trace
    let sent = net.packets(sentBy: "alice")
    send("later", from: alice, in: &net)
    net.run()
    #expect(net.trace == before)
    #expect(net.packets(sentBy: "alice") == sent)
    #expect(sent.count == 1 && String(decoding: sent[0].suffix(5), as: UTF8.self) == "first")
  }

  @Test("A copy of a network has packets of its own")
  func copies() {
    var (net, alice) = world()
    net.isTracing = false
    send("first", from: alice, in: &net)
    net.run(for: .milliseconds(1))
    var other = net
    let bytes = other.flights.map(\.bytes)
    net.run()
    send("later", from: alice, in: &net)
    net.run()
    #expect(other.flights.map(\.bytes) == bytes)
    #expect(other.flightCount == 1)
    other.run()
    #expect(other.received(by: alice).count == 1)
  }

  @Test("The memory of few packets is kept")
  func memory() {
    var (net, alice) = world()
    net.isTracing = false
    net.tell(alice, ScriptEndpoint.self) { script, _, _ in
      for _ in 0..<2000 { script.send([1, 2, 3], to: "203.0.113.9:7") }
    }
    #expect(net.flightCount == 2000)
    net.run()
    #expect(net.flights.count { !$0.bytes.isEmpty } <= 1024)
  }
}
