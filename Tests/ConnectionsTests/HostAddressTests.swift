import Connections
import Testing
import TransportAddress

@Suite struct HostAddressTests {
  @Test("Families take turns, global addresses first; loopback and link-local ones are left out")
  func order() {
    #expect(
      candidateAddresses(of: [
        "127.0.0.1", "::1", "fe80::1", "169.254.0.1", "10.0.0.2", "192.0.2.1", "fd00::1",
        "2001:db8::1",
      ]) == ["2001:db8::1", "192.0.2.1", "fd00::1", "10.0.0.2"])
  }

  @Test("Loopback is taken where there is nothing else")
  func loopback() {
    #expect(candidateAddresses(of: ["127.0.0.1", "::1", "fe80::1"]) == ["::1", "127.0.0.1"])
  }
}
