import Testing
import TransportAddress

@testable import Answer

@Suite struct ReachableAddressesChecks {
  @Test("An address of the Internet is of use")
  func global() {
    #expect(
      reachable(["203.0.113.20", "11.22.33.44"]) == ["203.0.113.20", "11.22.33.44"],
      "Both are unique in the Internet, the first one in these notes")
  }

  @Test("A private address is not")
  func privateAddress() {
    #expect(
      reachable(["10.0.0.2", "203.0.113.20", "192.168.1.20"]) == ["203.0.113.20"],
      "Every house may have 10.0.0.2 and 192.168.1.20")
  }

  @Test("Nor is one that stays within the device or its network")
  func local() {
    #expect(reachable(["127.0.0.1"]) == [], "Loopback: nothing leaves the device")
    #expect(reachable(["169.254.7.7"]) == [], "Link-local: no router passes it on")
    #expect(reachable(["0.0.0.0"]) == [], "Unspecified: no address yet")
  }

  @Test("Nor is one between a provider's NAT and its customers")
  func shared() {
    #expect(
      reachable(["100.64.3.9"]) == [], "100.64.0.0/10 is used by many providers at the same time")
  }

  @Test("Of an IPv6 host's addresses the global one is of use")
  func ipv6() {
    #expect(
      reachable(["fe80::1", "fd12:3456::1", "2001:db8::1", "::1"]) == ["2001:db8::1"],
      "fe80::1 is link-local, fd12:3456::1 unique local, and ::1 loopback")
  }

  @Test("A host without such an address has none")
  func none() {
    #expect(reachable(["10.0.0.2", "fe80::2"]) == [], "Alice's laptop: a stranger needs her box's")
    #expect(reachable([]) == [], "Of no addresses none is of use")
  }
}
