import Testing
import TransportAddress

@testable import Answer

@Suite struct HowManyTranslateChecks {
  @Test("Where the server sees the device's own address, nothing translates")
  func none() {
    #expect(
      natCount(device: "203.0.113.20", box: "203.0.113.1", seen: "203.0.113.20") == 0,
      "The packet arrived with the address that the device wrote on it")
    #expect(
      natCount(device: "2001:db8::20", box: "2001:db8::1", seen: "2001:db8::20") == 0,
      "With IPv6 a device has a global address, and the box leaves it alone")
  }

  @Test("Where it sees the box's, one NAT does")
  func one() {
    #expect(
      natCount(device: "10.0.0.2", box: "198.51.100.1", seen: "198.51.100.1") == 1,
      "The box wrote its own address over the device's, and nobody wrote over that")
  }

  @Test("Where it sees another, there are two at least")
  func two() {
    #expect(
      natCount(device: "10.0.0.2", box: "100.64.3.9", seen: "198.51.100.1") == 2,
      "100.64.3.9 left the house, and the provider's NAT wrote 198.51.100.1 over it")
  }

  @Test("What kind of address the box has decides nothing")
  func kinds() {
    #expect(
      natCount(device: "10.0.0.2", box: "203.0.113.7", seen: "198.51.100.1") == 2,
      "The box has a public address, and yet the server sees another")
    #expect(
      natCount(device: "10.0.0.2", box: "192.168.100.4", seen: "198.51.100.1") == 2,
      "Some providers use private addresses between their NAT and the boxes")
    #expect(
      natCount(device: "10.0.0.2", box: "100.64.3.9", seen: "100.64.3.9") == 1,
      "This server stands within the provider's network: the packet never left it")
  }
}
