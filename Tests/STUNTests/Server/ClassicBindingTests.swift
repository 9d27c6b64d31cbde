import STUN
import STUNCodec
import SansIO
import Testing
import TransportAddress

/// Requests without the magic cookie (RFC 3489, RFC 5389 §12.2).
@Suite struct ClassicBindingTests {
  /// As libnice asks: 16 bytes of transaction ID behind type and length.
  static let request: [UInt8] = [0, 1, 0, 0] + Array(0x40...0x4F)

  @Test(
    "The response has the whole transaction ID and the address as it is",
    arguments: [client, "[2001:db8::7]:40000"])
  func response(client: TransportAddress) throws {
    let response = try #require(answer(to: Self.request, from: client))
    #expect(Array(response[..<2]) == [1, 1])
    #expect(response[4..<20] == Self.request[4..<20])
    let message = try STUNMessage(modern(response))
    #expect(try message.mappedAddress == client)
    #expect(try message.xorMappedAddress == nil)
    #expect(message.verifyFingerprint() == .absent)
  }

  @Test("CHANGE-REQUEST and RESPONSE-ADDRESS get 420", arguments: [2, 3] as [UInt8])
  func unknown(type: UInt8) throws {
    var request = Self.request + [0, type, 0, 4, 0, 0, 0, 6]
    request[3] = 8
    let response = try #require(answer(to: request))
    let message = try STUNMessage(modern(response))
    #expect(message.type == .bindingErrorResponse)
    #expect(try message.errorCode == .unknownAttribute)
    #expect(
      try message.unknownAttributes == [AttributeType(rawValue: UInt16(type))])
    #expect(response[4..<20] == request[4..<20])
  }

  @Test("USERNAME, which classic clients may send, is no reason to refuse")
  func username() throws {
    var request = Self.request + [0, 6, 0, 4] + Array("user".utf8)
    request[3] = 8
    let response = try #require(answer(to: request))
    #expect(try STUNMessage(modern(response)).type == .bindingSuccessResponse)
  }

  @Test("Nothing else is taken for one: every byte of type and length counts")
  func others() throws {
    let modern = try bindingRequest()
    #expect(answer(to: modern) == nil)
    #expect(answer(to: []) == nil)
    for count in 0..<20 {
      let cut = Array(Self.request.prefix(count))
      #expect(answer(to: cut) == nil)
    }
    for index in 0..<4 {
      for bit in 0..<8 {
        var other = Self.request
        other[index] ^= 1 << bit
        #expect(answer(to: other) == nil, "\(other)")
      }
    }
    var fingerprint = try bindingRequest()
    fingerprint[4] ^= 1
    #expect(answer(to: fingerprint) == nil)
  }

  @Test("A server that asks for no proof answers, and one that does is silent")
  func server() throws {
    var open = BindingServer(.init(STUNTests.server))
    open.received(Self.request.span, from: client, to: STUNTests.server, at: .zero)
    let expected = try #require(answer(to: Self.request))
    #expect(open.nextAction() == .send(expected, from: STUNTests.server, to: client))
    #expect(try atOnce(&open, byteCount: 1500) == expected)
    #expect(try atOnce(&open, byteCount: expected.count) == expected)
    #expect(try atOnce(&open, byteCount: expected.count - 1) == nil)
    #expect(open.drops == [.cannotEncode(.bufferTooSmall): 1])

    let password = try Authenticator.ShortTerm(username: .equal(to: "user"), password: "pass")
    var closed = BindingServer(
      .init(STUNTests.server), authenticator: Authenticator(.shortTerm(password)))
    closed.received(Self.request.span, from: client, to: STUNTests.server, at: .zero)
    #expect(closed.nextAction() == nil)
    #expect(closed.drops == [.notSTUN: 1])
  }

  private func answer(
    to request: [UInt8], from client: TransportAddress = STUNTests.client
  ) -> [UInt8]? {
    ClassicBinding.response(to: request.span, from: client)
  }

  private func atOnce(_ binding: inout BindingServer, byteCount: Int) throws -> [UInt8]? {
    var buffer = [UInt8](repeating: 0xEE, count: byteCount)
    var span = buffer.mutableSpan
    let answer = binding.respond(
      to: Self.request.span, from: client, to: STUNTests.server, at: .zero,
      into: span.mutableBytes)
    return answer.map { Array(buffer.prefix($0.byteCount)) }
  }

  /// The same message with the magic cookie, as this codec reads it.
  private func modern(_ message: [UInt8]) -> [UInt8] {
    message[..<4] + [0x21, 0x12, 0xA4, 0x42] + message[8...]
  }
}
