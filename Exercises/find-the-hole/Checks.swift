import Testing
import TransportAddress

@testable import Answer

@Suite struct FindTheHoleChecks {
  let forbidden: Set<AddressClass> = [
    .loopback, .unspecified, .thisNetwork, .private, .linkLocal, .uniqueLocal,
  ]

  @Test("A policy that refuses what it should has no hole")
  func none() {
    #expect(
      holes(
        in: { $0.classification != .loopback }, among: ["198.51.100.2", "127.0.0.1", "::1"],
        forbidden: forbidden) == [],
      "Bob's box may be reached, and the relay's own host is refused")
  }

  @Test("A private address that is allowed is a hole")
  func privateAddress() {
    #expect(
      holes(
        in: { $0.classification != .loopback }, among: ["127.0.0.1", "10.0.1.2", "198.51.100.2"],
        forbidden: forbidden) == ["10.0.1.2"],
      "The policy refuses the relay's own host, and forgets the network that it stands in")
  }

  @Test("0.0.0.0 is a hole where only 127.0.0.1 is refused")
  func unspecified() {
    #expect(
      holes(in: { $0 != "127.0.0.1" }, among: ["127.0.0.1", "0.0.0.0"], forbidden: forbidden)
        == ["0.0.0.0"],
      "It is the story of CVE-2020-26262: both lead to the relay's own host")
  }

  @Test("An address that carries a forbidden one is a hole")
  func carried() {
    #expect(
      holes(
        in: { $0 != "127.0.0.1" && $0 != "::1" },
        among: ["127.0.0.1", "::1", "::ffff:127.0.0.1", "64:ff9b::10.0.0.5"], forbidden: forbidden)
        == ["::ffff:127.0.0.1", "64:ff9b::10.0.0.5"],
      "Both carry an address of IPv4 that leads inside")
  }

  @Test("An address that carries a harmless one is no hole")
  func harmless() {
    #expect(
      holes(
        in: { _ in true }, among: ["::ffff:8.8.8.8", "2001:db8::1"], forbidden: forbidden) == [],
      "8.8.8.8 is an address of the Internet, and 2001:db8::1 carries none")
  }
}
