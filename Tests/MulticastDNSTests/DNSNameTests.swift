import MulticastDNS
import Testing
import TransportAddress

/// Names that are asked for, and names in messages.
@Suite struct DNSNameTests {
  @Test(
    "One label and .local is asked for by multicast, in any case of letters",
    arguments: [
      "a.local", "A.LOCAL", "4a0c6d7e-1f.local", String(repeating: "x", count: 63) + ".local",
    ])
  func multicast(text: String) throws {
    let name = try #require(DNSName(multicast: text))
    #expect(name.description == text)
    #expect(name == DNSName(multicast: text.lowercased()))
    #expect(Set([name]).contains(try #require(DNSName(multicast: text.uppercased()))))
  }

  @Test(
    "Names with more labels, without one, and outside of .local are not asked for",
    arguments: [
      "", ".", "local", ".local", "a.b.local", "a.local.", "a..local", "a.example", "a.locale",
      String(repeating: "x", count: 64) + ".local",
    ])
  func others(text: String) {
    #expect(DNSName(multicast: text) == nil)
  }

  @Test("A name may end with a pointer to an earlier part of the message")
  func pointer() throws {
    var message = Message()
    // Byte 12 begins the first record's name, byte 14 its ".local".
    message.answers = [
      a("a.local"), record([1] + Array("b".utf8) + [0xC0, 14], .a, [192, 0, 2, 8]),
      record([0xC0, 12], .a, [192, 0, 2, 9]),
    ]
    let response = try DNSResponse(message.bytes.span)
    #expect(response.records.map(\.name.description) == ["a.local", "b.local", "a.local"])
    #expect(
      response.records.map(\.data) == [
        .address("192.0.2.7"), .address("192.0.2.8"), .address("192.0.2.9"),
      ])
  }

  @Test(
    "A pointer to itself, forwards, in a circle and behind the end is refused",
    arguments: [
      [0xC0, 12], [0xC0, 14], [0xFF, 0xFF], [1, 0x61, 0xC0, 12], [1, 0x61, 0xC0, 14],
      [0xC0], [1, 0x61, 0xC0],
    ] as [[UInt8]])
  func loops(owner: [UInt8]) {
    var message = Message()
    message.answers = [owner]
    let bytes = message.bytes
    #expect(throws: DNSParseError.self) { try DNSResponse(bytes.span) }
    message.answers = [record(owner, .a, [192, 0, 2, 7])]
    let whole = message.bytes
    #expect(throws: DNSParseError.self) { try DNSResponse(whole.span) }
  }

  @Test("A chain of pointers, each one step back, ends at the limit and not at the message's")
  func chain() {
    var message = Message()
    // Records of a type that is passed over hold the chain.
    var links: [UInt8] = name("a.local")
    let first = 12 + 1 + 10
    var target = first
    for _ in 0..<200 {
      let here = first + links.count
      links += [0xC0 | UInt8(target >> 8), UInt8(truncatingIfNeeded: target)]
      target = here
    }
    let last = [0xC0 | UInt8(target >> 8), UInt8(truncatingIfNeeded: target)]
    message.answers = [
      record([0], DNSRecordType(rawValue: 16), links), record(last, .a, [192, 0, 2, 7]),
    ]
    let bytes = message.bytes
    let error = #expect(throws: DNSParseError.self) { try DNSResponse(bytes.span) }
    #expect(error?.reason == .pointer)
  }

  @Test("A name of more than 255 bytes and a label of an unknown kind are refused")
  func malformed() {
    for owner in [
      name(Array(repeating: String(repeating: "x", count: 63), count: 4).joined(separator: ".")),
      [0x40, 0x61], [0x80, 0x61],
    ] as [[UInt8]] {
      var message = Message()
      message.answers = [record(owner, .a, [192, 0, 2, 7])]
      let bytes = message.bytes
      let error = #expect(throws: DNSParseError.self) { try DNSResponse(bytes.span) }
      #expect(error?.reason == .name)
    }
  }
}
