import NATConsole
import Simulator
import Testing

@testable import WorldConsole

/// IPv6 in a world's lines.
@Suite struct IPv6LineTests {
  @Test("IPv6 beside a NAT's IPv4 is drawn by a word, and its firewall lets in answers only")
  func dualStack() throws {
    let words = try WorldTests.run([
      "router home symmetric ipv6", "host alice behind home",
      "host stun.example at 203.0.113.9 ipv6 2001:db8::9 running stun",
      "host new ipv6-only", "ask alice:5000 stun.example", "ask alice:5000 2001:db8::9",
      "send alice:5000 > new:1", "send new:1 > alice:9", "ask new:2 stun.example",
    ]).words
    #expect(
      words[0] == ["home is a NAT on the Internet at 198.51.100.1, with IPv6 from 2001:db8:1::1."])
    #expect(words[1] == ["alice is a host behind home at 10.0.0.2 and 2001:db8:1::2."])
    #expect(words[3] == ["new is a host on the Internet at 2001:db8::2."])
    #expect(words[4].last?.hasSuffix("the STUN server sees 198.51.100.1:5000.") == true)
    #expect(words[5].last?.hasSuffix("the STUN server sees [2001:db8:1::2]:5000.") == true)
    #expect(words[6][0].contains("to [2001:db8::2]:1; new drops it"))
    #expect(words[7][0].contains("home drops it: the firewall lets in answers only"))
    #expect(words[8].last?.hasSuffix("the STUN server sees [2001:db8::2]:2.") == true)
  }

  @Test("A host behind a NAT64 reaches an IPv4 server by its name or its address")
  func nat64() throws {
    let words = try WorldTests.run([
      "nat64 mobile", "host phone behind mobile", "host stun.example at 203.0.113.9 running stun",
      "ask phone:5000 stun.example", "ask phone:6000 203.0.113.9", "table mobile",
      "send phone:5000 > 203.0.113.9:9",
    ]).words
    #expect(words[0] == ["mobile is a NAT64 on the Internet at 198.51.100.1."])
    #expect(words[1] == ["phone is a host behind mobile at 2001:db8:1::2."])
    #expect(words[3][0].contains("from [2001:db8:1::2]:5000 to [64:ff9b::203.0.113.9]:3478"))
    #expect(words[3].last?.hasSuffix("the STUN server sees 198.51.100.1:5000.") == true)
    #expect(words[4].last?.hasSuffix("the STUN server sees 198.51.100.1:6000.") == true)
    #expect(words[5].contains { $0.contains("[2001:db8:1::2]:5000") })
    #expect(words[6][0].contains("to [64:ff9b::203.0.113.9]:9"))
  }

  @Test("A NAT64 has another prefix, an address and a policy where the line says so")
  func nat64Parts() throws {
    let words = try WorldTests.run([
      "nat64 mobile prefix 64:ff9b:1::/96 at 198.51.100.9 answers-only",
      "host phone behind mobile", "firewall office web-only ipv6 2001:db8:9::1",
      "host desk behind office", "host far at 203.0.113.9 ipv6 running echo 7",
      "send phone:5000 > 203.0.113.9:7", "send far:9 > phone:1", "send desk:1 > far:7",
    ]).words
    #expect(words[0] == ["mobile is a NAT64 on the Internet at 198.51.100.9."])
    #expect(words[3] == ["desk is a host behind office at 198.19.1.2 and 2001:db8:9::2."])
    #expect(words[4] == ["far is a host on the Internet at 203.0.113.9 and 2001:db8::2."])
    #expect(words[5][0].contains("to [64:ff9b:1::cb00:7109]:7"))
    #expect(words[6][0].contains("mobile drops it: the firewall lets in answers only"))
    #expect(words[7][0].contains("office drops it: the firewall forbids UDP to this port"))
  }

  @Test(
    "What is wrong with IPv6 is told at its column",
    arguments: [
      ("host x at 2001:db8::7", 11, "its address: an IPv6 address stands behind 'ipv6'"),
      ("host x behind old ipv6", 6, "\"x\" has IPv6, and the network of old has none"),
      (
        "host x behind mobile at 10.0.0.2", 6,
        "\"x\" has IPv4, and the network of mobile has IPv6 alone"
      ),
      (
        "host x behind mobile ipv4-only", 6,
        "\"x\" has IPv4, and the network of mobile has IPv6 alone"
      ),
      (
        "host x at 203.0.113.4 ipv6-only", 6,
        "\"x\" has an address of another family than it is to have"
      ),
      (
        "host x ipv6 fd00::1", 6,
        "fd00::1 is no address of a host in the network of Internet"
      ),
      ("router x symmetric behind old ipv6", 8, "\"x\" has IPv6, and the network of old has none"),
      (
        "nat64 x behind old", 9,
        "prefix, at, mapping, filtering, timer, answers-only, no-udp, web-only, open, "
          + "latency, jitter, loss, duplication, reordering, rate or mtu should stand here"
      ),
      (
        "nat64 x prefix 64:ff9b::/33", 16,
        "a prefix has 32, 40, 48, 56, 64 or 96 bits, such as 64:ff9b:1::/48 (RFC 6052 §2.2)"
      ),
      (
        "nat64 x prefix", 15,
        "a prefix has 32, 40, 48, 56, 64 or 96 bits, such as 64:ff9b:1::/48 (RFC 6052 §2.2)"
      ),
    ])
  func ipv6Errors(line: String, column: Int, message: String) throws {
    var world = try WorldTests.run(["router old symmetric", "nat64 mobile"]).world
    let before = world.network.trace
    #expect(throws: ConsoleError(column: column, message: message)) { try world.obey(line) }
    #expect(world.network.trace == before)
  }
}
