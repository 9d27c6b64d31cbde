import MulticastDNS
import SansIO
import Testing
import TransportAddress

/// DNS messages, sound and hostile.
@Suite struct DNSResponseTests {
  @Test("A query is the bytes of RFC 1035, without the bit for a unicast response")
  func query() throws {
    let name = try #require(DNSName(multicast: "a.local"))
    #expect(
      DNSQuery(id: 0x1234, name: name, type: .aaaa).bytes
        == [0x12, 0x34, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0] + [1, 0x61, 5] + Array("local".utf8)
        + [0, 0, 28, 0, 1])
  }

  @Test("Records of all sections are read, other types and classes passed over")
  func sections() throws {
    var message = Message()
    message.id = 7
    message.questions = [name("a.local") + [0, 1, 0, 1]]
    message.answers = [
      a("a.local"), record(name("a.local"), DNSRecordType(rawValue: 16), [1, 2, 3]),
      record(name("a.local"), .a, [1, 2, 3, 4], class: 3),
    ]
    message.additional = [aaaa("a.local"), nsec("a.local", hasA: true)]
    let response = try DNSResponse(message.bytes.span)
    #expect(response.id == 7)
    #expect(
      response.records.map(\.data) == [
        .address("192.0.2.7"), .address("2001:db8::7"), .existence(a: true, aaaa: false),
      ])
  }

  @Test(
    "Queries, other opcodes and errors are no responses",
    arguments: [
      (0x0000, .notAResponse), (0xA000, .notAResponse), (0x8403, .responseCode(3)),
    ] as [(UInt16, DNSParseError.Reason)])
  func flags(flags: UInt16, reason: DNSParseError.Reason) {
    var message = Message()
    message.flags = flags
    let bytes = message.bytes
    let error = #expect(throws: DNSParseError.self) { try DNSResponse(bytes.span) }
    #expect(error?.reason == reason)
    #expect(error?.offset == 2)
  }

  @Test("A message that is cut anywhere is refused")
  func truncated() {
    var message = Message()
    message.answers = [a("a.local"), aaaa("a.local")]
    message.additional = [nsec("a.local", hasA: false)]
    let bytes = message.bytes
    for count in bytes.indices {
      let part = Array(bytes[..<count])
      #expect(throws: DNSParseError.self, "\(count)") { try DNSResponse(part.span) }
    }
    #expect((try? DNSResponse(bytes.span))?.records.count == 3)
  }

  @Test("An address of another length is refused")
  func addressLengths() {
    for (type, count) in [(.a, 3), (.a, 16), (.aaaa, 4), (.aaaa, 17)] as [(DNSRecordType, Int)] {
      var message = Message()
      message.answers = [record(name("a.local"), type, Array(repeating: 1, count: count))]
      let bytes = message.bytes
      let error = #expect(throws: DNSParseError.self) { try DNSResponse(bytes.span) }
      #expect(error?.reason == .addressLength(count))
    }
  }

  @Test("Of an NSEC record's bitmap the first block counts, and a malformed one is refused")
  func bitmaps() {
    func read(_ bitmap: [UInt8]) -> DNSResponse.Data? {
      var message = Message()
      message.answers = [record(name("a.local"), .nsec, name("a.local") + bitmap)]
      return (try? DNSResponse(message.bytes.span))?.records.first?.data
    }
    #expect(read([0, 4, 0x40, 0, 0, 8]) == .existence(a: true, aaaa: true))
    #expect(read([]) == .existence(a: false, aaaa: false))
    #expect(read([1, 1, 0x40]) == .existence(a: false, aaaa: false))
    for bitmap in [[0], [0, 0], [0, 33], [0, 4, 0x40, 0, 0]] as [[UInt8]] {
      #expect(read(bitmap) == nil, "\(bitmap)")
    }
  }

  @Test("Whatever the bytes, they are read or refused")
  func hostile() {
    var generator = SeededGenerator(seed: 6762)
    var message = Message()
    message.questions = [name("a.local") + [0, 1, 0, 1]]
    message.answers = [a("a.local"), record([0xC0, 12], .aaaa, Array(repeating: 1, count: 16))]
    message.additional = [nsec("a.local", hasA: true)]
    let sound = message.bytes
    for _ in 0..<20_000 {
      var bytes = sound
      for _ in 0..<Int.random(in: 1...8, using: &generator) {
        let index = Int.random(in: bytes.indices, using: &generator)
        bytes[index] = UInt8.random(in: .min ... .max, using: &generator)
      }
      if Bool.random(using: &generator) {
        bytes.removeLast(Int.random(in: 0..<bytes.count, using: &generator))
      }
      guard let response = try? DNSResponse(bytes.span) else { continue }
      for record in response.records {
        #expect(record.name.bytes.count <= 255)
        _ = record.name.description
      }
    }
  }
}
