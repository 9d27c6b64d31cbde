import Testing
import TransportAddress

@testable import Answer

@Suite struct ReadACandidateLineChecks {
  @Test("A packet goes to the candidate's own address and port")
  func host() {
    #expect(
      destination(of: "candidate:1 1 UDP 2130706431 10.0.0.2 5000 typ host") == "10.0.0.2:5000",
      "The fifth word is the address, and the sixth the port")
    #expect(
      destination(of: "candidate:7 1 UDP 2130706431 2001:db8::2 5000 typ host")
        == "[2001:db8::2]:5000", "It may be an address of IPv6 as well")
  }

  @Test("The related address is not sent to")
  func related() {
    #expect(
      destination(
        of: "candidate:2 1 UDP 1694498815 198.51.100.1 5000 typ srflx raddr 10.0.0.2 rport 5000")
        == "198.51.100.1:5000", "raddr and rport are for whoever looks for a fault")
  }

  @Test("Browsers write the protocol in small letters, and more words at the end")
  func browser() {
    #expect(
      destination(
        of: "a=candidate:2896278100 1 udp 2122260223 192.168.1.5 56790 typ host generation 0 "
          + "network-id 1 network-cost 10") == "192.168.1.5:56790",
      "This is a line of Chromium's, as it stands in a description")
  }

  @Test("A candidate of TCP, or with a name for an address, gives nil")
  func unusable() {
    #expect(
      destination(of: "candidate:8 1 TCP 2105524479 192.168.1.20 9 typ host tcptype active") == nil,
      "It is one for TCP")
    #expect(
      destination(
        of: "candidate:1 1 udp 2113937151 1f4712db-ea17-4bcf-a596-105139dfd8bf.local 51472 typ host"
      )
        == nil, "A name is no address: mDNS would have to be asked")
  }

  @Test("What is no candidate gives nil, and does not crash")
  func strangers() {
    #expect(destination(of: "") == nil, "An empty line")
    #expect(destination(of: "a=ice-ufrag:4ZcD") == nil, "A line about something else")
    #expect(destination(of: "candidate:1 1 UDP 2130706431 10.0.0.2") == nil, "It is cut short")
    #expect(
      destination(of: "hello:1 1 UDP 2130706431 10.0.0.2 5000 typ host") == nil,
      "It does not begin with candidate:")
    #expect(
      destination(of: "candidate:1 1 UDP 2130706431 10.0.0.2 70000 typ host") == nil,
      "There is no port 70000")
  }

  @Test("A type that nobody knows gives nil")
  func type() {
    #expect(
      destination(of: "candidate:1 1 UDP 2130706431 10.0.0.2 5000 typ moon") == nil,
      "A line with an unknown type is passed over (RFC 8839 §5.1)")
  }
}
