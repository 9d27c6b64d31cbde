import NATTable
import SansIO
import Simulator
import Testing
import TransportAddress

/// What the notes print.
@Suite struct NotePictureTests {
  /// Alice calls an address from home; Bob waits in his cabin.
  private static func call(_ peer: TransportAddress) -> Network {
    var net = Network(seed: 1)
    let home = net.router("home", nat: .portRestrictedCone)
    let cabin = net.router("cabin", nat: .portRestrictedCone)
    net.host("alice", behind: home)
    net.host("bob", behind: cabin, running: .waiting(toSay: "Hello, Alice!"))
    net.run(.call("Hello, Bob!", to: peer), on: "alice")
    net.run()
    return net
  }

  @Test("A packet that the Internet has no way for ends at the Internet's own line")
  func noRoute() {
    let expected = """
                  alice                      home                      Internet
                10.0.0.2                 198.51.100.1
                    │                    "Hello, Bob!"                     │
         0.0 ms     ├──────────────────────────╋──────────────────────────✗│
           from     │            10.0.0.2:5000 ┃ 198.51.100.1:5000         │
                ✗ Internet: the Internet has no route to this address      │
                  (RFC 1918 §3)                ┃                           │
                 ┃ NAT   ╋ a new mapping   ✗ dropped or lost
      """
    #expect(Ladder(Self.call("10.0.1.2:5000").trace).text(width: 74) == expected)
  }

  @Test("The map shows who is where, and nothing of how NATs behave")
  func map() {
    let expected = """
      Internet
      ├─ home      NAT       198.51.100.1 ┃ 10.0.0.1
      │  └─ alice  host      10.0.0.2
      └─ cabin     NAT       198.51.100.2 ┃ 10.0.1.1
         └─ bob    host      10.0.1.2
      """
    #expect(
      Topology(Self.call("10.0.1.2:5000").trace).text(showingBehavior: false) == expected)
  }

  @Test("A packet is shown with its headers and its payload")
  func datagram() {
    let net = Self.call("10.0.1.2:5000")
    let expected = """
      ┌ IP header, 20 bytes
      │ from 10.0.0.2 to 10.0.1.2
      │ TTL 64, carries UDP, checksum 0x25c3
      ├ UDP header, 8 bytes
      │ from port 5000 to port 5000, checksum 0xef11
      ├ payload, 11 bytes
      │ Hello, Bob!
      └
      """
    #expect(net.packets(sentBy: "alice").map { PacketPage($0).text() } == [expected])
    #expect(net.packets(deliveredTo: "bob") == [])
  }

  @Test("A TCP segment is shown with its flags, and its arrow with the text that it carries")
  func segment() {
    var net = Network(seed: 1)
    net.host(
      "alice", running: .stream("Hello, Bob!", to: "198.51.100.2:5000", closes: false))
    net.host("bob", running: .streamListener(port: 5000))
    net.run()
    let pages = net.packets(sentBy: "alice").map { PacketPage($0).text() }
    #expect(pages.first?.contains("from port 5000 to port 5000, SYN, checksum 0x") == true)
    #expect(pages.first?.contains("├ payload, 0 bytes\n│ (nothing)\n") == true)
    #expect(pages.last?.contains("├ payload, 11 bytes\n│ Hello, Bob!\n") == true)
    #expect(Ladder(net.trace).text(width: 74).contains(" TCP \"Hello, Bob!\" "))
  }

  @Test("What is no IPv4 packet is told by its length")
  func otherBytes() {
    #expect(PacketPage([0x45, 0]).text() == "2 bytes that are no IPv4 packet")
    #expect(PacketPage([]).text() == "0 bytes that are no IPv4 packet")
  }

  @Test("A call program answers each caller once, and keeps what it has heard")
  func answers() {
    var net = Network(seed: 1)
    let alice = net.host("alice")
    let bob = net.host("bob")
    net.run(.waiting(toSay: "Hello, Alice!"), on: bob)
    net.run(.call("Hello, Bob!", to: "198.51.100.2:5000"), on: alice)
    let isAtRest = net.run()
    #expect(isAtRest)
    #expect(net.program(on: alice, as: CallEndpoint.self)?.heard == ["Hello, Alice!"])
    #expect(net.program(on: bob, as: CallEndpoint.self)?.heard == ["Hello, Bob!"])
    #expect(net.packetCount == 2)
  }
}
