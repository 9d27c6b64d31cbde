import ICE
import Testing
import TransportAddress

@Suite struct CandidateAttributeTests {
  @Test(
    "A candidate line is read and written back the same",
    arguments: [
      "candidate:1 1 UDP 2130706431 10.0.0.2 5000 typ host",
      "candidate:2 1 UDP 1694498815 203.0.113.7 40000 typ srflx raddr 10.0.0.2 rport 5000",
      "candidate:3 256 UDP 1 2001:db8::1 0 typ relay raddr :: rport 9",
      "candidate:a+/Z 2 TCP 2105458943 198.51.100.4 9 typ host tcptype active",
      "candidate:1 1 UDP 2113937151 1f4712db-ea17-4bcf-a596-105139dfd8bf.local 54596 typ host",
      "candidate:1 1 UDP 1 10.0.0.2 5000 typ prflx generation 0 ufrag 8hhY network-cost 999",
    ])
  func roundTrip(line: String) throws {
    #expect(try CandidateAttribute(parsing: line).description == line)
  }

  @Test("Prefix, case, line ends and doubled spaces are taken as they come")
  func lenient() throws {
    let line = "a=candidate:1  1 udp 2130706431 10.0.0.2 5000 typ HOST \r\n"
    #expect(
      try CandidateAttribute(parsing: line).description
        == "candidate:1 1 UDP 2130706431 10.0.0.2 5000 typ host")
  }

  @Test("A candidate survives its line")
  func candidate() throws {
    for candidate in alice {
      let line = CandidateAttribute(candidate).description
      let read = try #require(CandidateAttribute(parsing: line).candidate)
      #expect(read.address == candidate.address)
      #expect(read.priority == candidate.priority)
      #expect(read.foundation == candidate.foundation)
      #expect(read.relatedAddress == candidate.relatedAddress)
    }
  }

  @Test("A name is no error, and no candidate until it is resolved")
  func name() throws {
    let line = "candidate:1 1 UDP 1 host.local 5000 typ host"
    let attribute = try CandidateAttribute(parsing: line)
    #expect(attribute.host == .name("host.local"))
    #expect(attribute.candidate == nil)
  }

  @Test("A zone behind an address is kept in the line, and gives no candidate (pitfall 43)")
  func zone() throws {
    let line = "candidate:1 1 UDP 1 fe80::1%eth0 5000 typ host"
    let attribute = try CandidateAttribute(parsing: line)
    #expect(attribute.host == .zoned("fe80::1%eth0"))
    #expect(attribute.description == line)
    #expect(attribute.candidate == nil)
  }

  @Test(
    "A transport that is not known is kept in the line, and gives no candidate",
    arguments: ["SSLTCP", "DCCP", "TLS/TCP", "ICMP", "17"])
  func unknownTransport(token: String) throws {
    let line = "candidate:1 1 \(token) 1 10.0.0.2 5000 typ host"
    let attribute = try CandidateAttribute(parsing: line)
    #expect(attribute.transport == .other(token))
    #expect(attribute.description == line)
    #expect(attribute.candidate == nil)
  }

  @Test("Of all IP protocols UDP and TCP alone have a token that is known", arguments: 0...255)
  func transports(number: UInt8) {
    let transport = TransportProtocol(rawValue: number)
    let token = CandidateAttribute.Transport(transport)
    let isKnown = transport == .udp || transport == .tcp
    #expect(token.transportProtocol == (isKnown ? transport : nil))
    #expect(CandidateAttribute.Transport(token: token.description.lowercased()) == token)
    #expect(!token.description.contains(" "))
  }

  @Test("A related address that is none is ignored")
  func relatedName() throws {
    let line = "candidate:1 1 UDP 1 10.0.0.2 5000 typ srflx raddr x.local rport 5000 ufrag a"
    let attribute = try CandidateAttribute(parsing: line)
    #expect(attribute.relatedAddress == nil)
    #expect(attribute.extensions == [.init(name: "ufrag", value: "a")])
  }

  @Test(
    "The first wrong field is named with its offset",
    arguments: [
      ("", 0, .prefix), ("candidat:1", 0, .prefix), ("a=x", 2, .prefix),
      ("candidate:", 10, .foundation), ("candidate:a.b 1", 10, .foundation),
      ("candidate:123456789012345678901234567890123 1", 10, .foundation),
      ("candidate:1 0 UDP", 12, .component), ("candidate:1 257 UDP", 12, .component),
      ("candidate:1 +1 UDP", 12, .component), ("candidate:1 1", 13, .transport),
      ("candidate:1 1 UDP 0", 18, .priority), ("candidate:1 1 UDP 2147483648", 18, .priority),
      ("candidate:1 1 UDP 99999999999999999999", 18, .priority),
      ("candidate:1 1 UDP 1 10.0.0.256 5", 20, .address),
      ("candidate:1 1 UDP 1 fe80::1% 5", 20, .address),
      ("candidate:1 1 UDP 1 10.0.0.1%eth0 5", 20, .address),
      ("candidate:1 1 UDP 1 %eth0 5", 20, .address),
      ("candidate:1 1 UDP 1 10.0.0.2 65536 typ host", 29, .port),
      ("candidate:1 1 UDP 1 10.0.0.2 5000 type host", 34, .typeMark),
      ("candidate:1 1 UDP 1 10.0.0.2 5000 typ guest", 38, .type),
      ("candidate:1 1 UDP 1 10.0.0.2 5000 typ host ufrag", 48, .extensionValue),
    ] as [(String, Int, CandidateParseError.Field)])
  func errors(line: String, offset: Int, field: CandidateParseError.Field) {
    #expect(throws: CandidateParseError(text: line, offset: offset, field: field)) {
      try CandidateAttribute(parsing: line)
    }
  }

  @Test("No prefix of a line and no change of one byte crashes the parser")
  func hostile() {
    let line = Array("candidate:1 1 UDP 2130706431 10.0.0.2 5000 typ srflx raddr ::1 rport 9".utf8)
    for length in 0...line.count {
      _ = try? CandidateAttribute(parsing: String(decoding: line[..<length], as: UTF8.self))
    }
    for index in line.indices {
      for byte in [0, 0x20, 0x2D, 0x39, 0x3A, 0xC3, 0xFF] as [UInt8] {
        var changed = line
        changed[index] = byte
        _ = try? CandidateAttribute(parsing: String(decoding: changed, as: UTF8.self))
      }
    }
  }

  @Test(
    "A control character in a field is an error, as it would begin another line of a description",
    arguments: ["\r\n", "x\ny", "\u{0}", "\t", "\u{7F}"])
  func control(value: String) {
    let line = "candidate:1 1 UDP 1 10.0.0.2 5000 typ host generation \(value) ufrag 8hhY"
    #expect(throws: CandidateParseError(text: line, offset: 54, field: .extensionValue)) {
      try CandidateAttribute(parsing: line)
    }
  }

  @Test("An error reads well")
  func message() {
    let error = CandidateParseError(text: "candidate:1 0", offset: 12, field: .component)
    #expect(
      error.description
        == "expected a component ID from 1 to 256 at byte 12 of \"candidate:1 0\" (RFC 8839 §5.1)")
  }
}
