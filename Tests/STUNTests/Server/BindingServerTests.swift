import STUN
import STUNCodec
import SansIO
import Testing
import TransportAddress

@Suite struct BindingServerTests {
  @Test("It says where the request came from, under the request's ID")
  func binding() throws {
    var binding = try BindingServer(
      .init(server), writer: ResponseWriter(software: "pathfinder"))
    let request = try bindingRequest()
    let reply = try #require(
      try binding.reply(to: request, from: client, to: server, at: .zero))
    #expect(reply.message.type == .bindingSuccessResponse)
    #expect(try reply.message.transactionID == STUNMessage(request).transactionID)
    #expect(try reply.message.xorMappedAddress == client)
    #expect(try reply.message.mappedAddress == client)
    #expect(try reply.message.responseOrigin == server)
    #expect(try reply.message.software == "pathfinder")
    #expect(reply.message.verifyFingerprint() == .verified)
    #expect(reply.from == server && reply.to == client)
  }

  // Pitfall 16.
  @Test("With one address it sends no OTHER-ADDRESS and refuses CHANGE-REQUEST with 420")
  func oneAddress() throws {
    var binding = BindingServer(.init(server))
    let plain = try #require(
      try binding.reply(to: bindingRequest(), from: client, to: server, at: .zero))
    #expect(try plain.message.otherAddress == nil)
    let change = try bindingRequest(id: TransactionID(high: 1, low: 3)) {
      try $0.append(changeRequest: .port)
    }
    let refusal = try #require(
      try binding.reply(to: change, from: client, to: server, at: .zero))
    #expect(try refusal.message.errorCode == .unknownAttribute)
    #expect(try refusal.message.unknownAttributes == [.changeRequest])
    #expect(refusal.from == server)
  }

  @Test(
    "A second address that shares address or port with the first, or is of another family, is thrown",
    arguments: ["198.51.100.1:3479", "198.51.100.2:3478", "[2001:db8::1]:3479"])
  func wrongAlternate(alternate: TransportAddress) throws {
    #expect(throws: STUNConfigurationError.wrongAlternateAddress) {
      try BindingServer.Addresses(server, alternate: alternate)
    }
    #expect(
      try BindingServer.Addresses(server, alternate: otherServer).alternate == otherServer)
  }

  @Test(
    "CHANGE-REQUEST decides from where it answers, wherever it was asked (RFC 5780, table 1)",
    arguments: [ChangeRequest(), .ip, .port, [.ip, .port]])
  func changeRequest(change: ChangeRequest) throws {
    var binding = try BindingServer(.init(server, alternate: otherServer))
    var low: UInt64 = 0
    for address in [server.address, otherServer.address] {
      for port in [server.port, otherServer.port] {
        let local = TransportAddress(address, port: port)
        let other = TransportAddress(
          address == server.address ? otherServer.address : server.address,
          port: port == server.port ? otherServer.port : server.port)
        low += 1
        let request = try bindingRequest(id: TransactionID(high: 7, low: low)) {
          try $0.append(changeRequest: change)
        }
        let reply = try #require(
          try binding.reply(to: request, from: client, to: local, at: .zero))
        let origin = TransportAddress(
          change.contains(.ip) ? other.address : local.address,
          port: change.contains(.port) ? other.port : local.port)
        #expect(reply.from == origin)
        #expect(try reply.message.responseOrigin == origin)
        #expect(try reply.message.otherAddress == other)
      }
    }
  }

  @Test("RESPONSE-PORT sends the response to that port of the same host")
  func responsePort() throws {
    var binding = BindingServer(.init(server))
    let request = try bindingRequest { try $0.append(responsePort: 40000) }
    let reply = try #require(
      try binding.reply(to: request, from: client, to: server, at: .zero))
    #expect(reply.to == "10.0.0.2:40000")
    #expect(try reply.message.xorMappedAddress == client)
  }

  @Test("PADDING comes back, never more than was sent; with RESPONSE-PORT it is a bad request")
  func padding() throws {
    var binding = BindingServer(.init(server))
    let request = try bindingRequest { try $0.append(paddingByteCount: 100) }
    let padded = try #require(
      try binding.reply(to: request, from: client, to: server, at: .zero))
    #expect(padded.message.value(of: .padding)?.count == 100)
    let both = try bindingRequest(id: TransactionID(high: 9, low: 9)) {
      try $0.append(paddingByteCount: 100)
      try $0.append(responsePort: 1)
    }
    let refusal = try #require(
      try binding.reply(to: both, from: client, to: server, at: .zero))
    #expect(try refusal.message.errorCode == .badRequest)
    #expect(refusal.to == client)
  }

  @Test("Unknown comprehension-required attributes are refused with 420, optional ones are not")
  func unknown() throws {
    var binding = BindingServer(.init(server))
    let request = try bindingRequest {
      try $0.append(AttributeType(rawValue: 0x7F00), bytes: [])
      try $0.append(AttributeType(rawValue: 0xFF00), bytes: [])
    }
    let reply = try #require(
      try binding.reply(to: request, from: client, to: server, at: .zero))
    #expect(try reply.message.errorCode == .unknownAttribute)
    #expect(try reply.message.unknownAttributes?.map(\.rawValue) == [0x7F00])
  }

  @Test("A request that comes again gets the same bytes again")
  func duplicate() throws {
    var binding = try BindingServer(.init(server, alternate: otherServer))
    let request = try bindingRequest { try $0.append(changeRequest: [.ip, .port]) }
    let first = try binding.reply(to: request, from: client, to: server, at: .zero)
    let second = try binding.reply(to: request, from: client, to: server, at: .seconds(30))
    #expect(first != nil && first == second)
  }

  @Test("A response that does not fit the caller's buffer is dropped and counted")
  func smallBuffer() throws {
    var binding = BindingServer(.init(server))
    let request = try bindingRequest()
    let whole = try #require(
      try binding.replyAtOnce(to: request, from: client, to: server, at: .zero))
    for byteCount in [0, 19, 20, whole.bytes.count - 1] {
      #expect(
        try binding.replyAtOnce(
          to: request, from: client, to: server, at: .zero, byteCount: byteCount) == nil)
    }
    #expect(binding.drops == [.cannotEncode(.bufferTooSmall): 4])
    #expect(
      try binding.replyAtOnce(
        to: request, from: client, to: server, at: .zero, byteCount: whole.bytes.count) == whole)
  }

  @Test(
    "What is no request, or no STUN, or damaged, is met with silence and counted",
    arguments: Silence.allCases)
  func silence(packet: Silence) throws {
    var binding = BindingServer(.init(server))
    #expect(try binding.reply(to: packet.bytes, from: client, to: server, at: .zero) == nil)
    #expect(binding.drops == [packet.reason: 1])
  }

  enum Silence: CaseIterable {
    case rtp, damaged, indication, successResponse, errorResponse, otherMethod

    var reason: BindingServer.DropReason {
      switch self {
      case .rtp: .notSTUN
      case .damaged: .wrongFingerprint
      case .indication, .successResponse, .errorResponse: .notARequest
      case .otherMethod: .unknownMethod
      }
    }

    var bytes: [UInt8] {
      get throws {
        let id = TransactionID(high: 1, low: 1)
        switch self {
        case .rtp: return [0x80, 0]
        case .damaged:
          var bytes = try bindingRequest()
          bytes[bytes.count - 1] ^= 1
          return bytes
        case .indication: return STUNMessage.encode(.bindingIndication, transactionID: id)
        case .successResponse:
          return STUNMessage.encode(.bindingSuccessResponse, transactionID: id)
        case .errorResponse: return STUNMessage.encode(.bindingErrorResponse, transactionID: id)
        case .otherMethod:
          return STUNMessage.encode(MessageType(.request, .allocate), transactionID: id)
        }
      }
    }
  }

  @Test("A hundred requests get a hundred responses")
  func hundred() throws {
    var binding = BindingServer(.init(server))
    for low in 0..<100 {
      let request = try bindingRequest(id: TransactionID(high: 2, low: UInt64(low)))
      #expect(try binding.reply(to: request, from: client, to: server, at: .zero) != nil)
    }
    #expect(binding.drops.total == 0)
  }
}
