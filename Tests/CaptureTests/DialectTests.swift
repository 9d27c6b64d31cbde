import Capture
import STUNCodec
import Testing
import TransportAddress

/// Messages of other specifications than RFC 8489, as captures hold them.
@Suite struct DialectTests {
  /// A Binding request of Teams' kind: attributes that are not padded, lengths that are no multiple of 4.
  let microsoft = hex(
    """
    00 01 00 29  21 12 a4 42  41 42 43 44 45 46 47 48 49 4a 4b 4c
    00 06 00 09  62 62 62 62 3a 61 61 61 61
    80 08 00 04  00 00 00 06
    80 55 00 04  00 01 00 00
    80 70 00 04  00 00 00 02
    80 06 00 00
    """)

  let whatsApp = hex(
    """
    00 03 00 1a  21 12 a4 42  41 42 43 44 45 46 47 48 49 4a 4b 4c
    40 00 00 05  01 02 03 04 05
    40 02 00 01  07
    40 24 00 04  00 00 00 01
    """)

  func lenient(_ bytes: [UInt8]) throws -> LenientMessage {
    try #require(LenientMessage(bytes))
  }

  @Test("Microsoft's unpadded attributes are read, and the broken section is told")
  func unpadded() throws {
    let message = try lenient(microsoft)
    #expect(message.dialect == .microsoft)
    #expect(message.isUnpadded)
    #expect(
      message.attributes.map { message.dialect.name(of: $0.type) } == [
        "USERNAME", "MS-VERSION", "MS-SERVICE-QUALITY", "MS-IMPLEMENTATION-VERSION", "MS-0x8006",
      ])
    #expect(message.attributes.map(\.value.count) == [9, 4, 4, 4, 0])
    #expect(message.problems.map(\.byteOffset) == [2, 33])
    #expect(message.problems[0].explanation.contains("multiple of 4 (RFC 8489 §5)"))
    #expect(message.problems[1].explanation.contains("(RFC 8489 §14)"))
  }

  @Test("WhatsApp's attributes are read and named")
  func whatsAppMessage() throws {
    let message = try lenient(whatsApp)
    #expect(message.dialect == .whatsApp)
    #expect(message.type.method == .allocate)
    #expect(
      message.attributes.map { message.dialect.name(of: $0.type) }
        == ["WHATSAPP-4000", "WHATSAPP-4002", "WHATSAPP-4024"])
  }

  @Test("MS-TURN without a cookie is found by the cookie in its first attribute")
  func turn() throws {
    let bytes = hex(
      """
      01 15 00 14  01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10
      00 0f 00 04  72 c6 4b c6
      00 08 00 08  01 02 03 04 05 06 07 08
      """)
    let found = messages([frame(ipv4(udp(bytes)))])
    let header = try #require(found.first?.header)
    #expect(header.methodName == "Data")
    #expect(header.messageClass == .indication)
    #expect(header.transactionID.description == "0102030405060708090a0b0c0d0e0f10")
  }

  @Test("A message in Microsoft's multiplexed TURN frame is found with its session")
  func multiplexed() throws {
    let bytes: [UInt8] = [0xFF, 0x10] + bigEndian(8 + response.count) + [1, 2, 3, 4, 5, 6, 7, 8]
    let found = messages([
      frame(ipv4(udp(bytes + response))), frame(ipv4(udp(bytes + response + [0]))),
    ])
    #expect(found.map(\.framing) == [.multiplexedTURN(sessionID: 0x0102_0304_0506_0708)])
    #expect(found.first?.bytes == response)
  }

  @Test("Requests and responses of a dialect make transactions")
  func transaction() throws {
    var success = microsoft
    success[0] = 1
    let summaries = TransactionSummary.transactions(
      in: messages([
        frame(ipv4(udp(microsoft)), number: 1, time: 0),
        frame(ipv4(udpBack(success), back: true), number: 2, time: 30_000_000),
      ]))
    #expect(summaries.map(\.responseFrame) == [2])
    #expect(summaries.map(\.roundTripTime) == [30_000_000])
  }

  // MARK: - Classic STUN

  let classicRequest = hex(
    "0001000801ccda1156d95962278603047116cc350003000400000000")
  let classicEmpty = hex("0001000001ccda1156d95962278603047116cc35")
  let classicResponse = hex(
    """
    0101 0024 01ccda1156d95962278603047116cc35
    0001 0008 0001 9c40 cb007107
    0004 0008 0001 0d96 c6336401
    0005 0008 0001 0d97 c6336402
    """)

  @Test("Classic STUN is found by its attributes, or because both directions were captured")
  func classic() throws {
    let request = frame(ipv4(udp(classicRequest)), number: 1)
    let empty = frame(ipv4(udp(classicEmpty)), number: 1)
    let emptyResponse = hex("0101000001ccda1156d95962278603047116cc35")
    let success = frame(ipv4(udpBack(classicResponse), back: true), number: 2)
    let bareSuccess = frame(ipv4(udpBack(emptyResponse), back: true), number: 2)
    #expect(messages([request]).map(\.frameNumber) == [1])
    #expect(messages([success]).map(\.frameNumber) == [2])
    #expect(messages([request, success]).map(\.frameNumber) == [1, 2])
    // Without attributes one of them alone may be anything.
    #expect(messages([empty]).isEmpty)
    #expect(messages([bareSuccess]).isEmpty)
    #expect(messages([empty, bareSuccess]).map(\.frameNumber) == [1, 2])
    #expect(messages([empty, frame(ipv4(udp(emptyResponse)), number: 2)]).isEmpty)
    let summaries = TransactionSummary.transactions(in: messages([request, success]))
    #expect(summaries.map { $0.facts.mappedAddress?.description } == ["203.0.113.7:40000"])
  }

  @Test("What is not exact is not classic STUN", arguments: [0, 1, 3, 20, 23, 24])
  func almostClassic(damaged: Int) {
    var bytes = classicRequest
    bytes[damaged] ^= 0x11
    #expect(messages([frame(ipv4(udp(bytes)))]).isEmpty)
    #expect(messages([frame(ipv4(udp(classicRequest + [0])))]).isEmpty)
  }

  @Test("The names of RFC 3489 are told, also beside the magic cookie")
  func names() throws {
    let message = try lenient(classicResponse)
    #expect(
      message.attributes.map { message.dialect.name(of: $0.type) }
        == ["MAPPED-ADDRESS", "SOURCE-ADDRESS", "CHANGED-ADDRESS"])
    #expect(Dialect.standard.name(of: AttributeType(rawValue: 4)) == "SOURCE-ADDRESS")
    #expect(Dialect.standard.name(of: AttributeType(rawValue: 0x7F00)) == "0x7F00")
  }

  @Test("Whatever bytes come, reading them leniently ends, and keeps within them")
  func anything() {
    var state: UInt64 = 1
    for _ in 0..<20_000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let count = Int(state >> 33 % 60)
      var bytes = Array(response.prefix(count))
      if count > 0 {
        bytes[Int(state >> 40) % count] = UInt8(truncatingIfNeeded: state >> 50)
        bytes[Int(state >> 20) % count] = UInt8(truncatingIfNeeded: state >> 10)
      }
      guard let message = LenientMessage(bytes) else { continue }
      #expect(message.attributes.allSatisfy { $0.byteOffset + 4 + $0.value.count <= bytes.count })
    }
  }
}
