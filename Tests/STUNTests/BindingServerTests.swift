import STUN
import STUNCodec
import SansIO
import Testing
import TransportAddress

@Suite struct BindingServerTests {
  @Test("It says where the request came from, under the request's ID")
  func binding() throws {
    var binding = BindingServer(.init(server), software: "pathfinder")
    let request = try bindingRequest()
    let reply = try #require(unpack(binding.received(request, from: client, to: server, at: .zero)))
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
      try unpack(binding.received(bindingRequest(), from: client, to: server, at: .zero)))
    #expect(try plain.message.otherAddress == nil)
    let change = try bindingRequest(id: TransactionID(high: 1, low: 3)) {
      try $0.append(changeRequest: .port)
    }
    let refusal = try #require(
      unpack(binding.received(change, from: client, to: server, at: .zero)))
    #expect(try refusal.message.errorCode == .unknownAttribute)
    #expect(try refusal.message.unknownAttributes == [.changeRequest])
    #expect(refusal.from == server)
  }

  @Test("A second address that shares address or port with the first counts as none")
  func halfAlternate() {
    #expect(BindingServer.Addresses(server, alternate: "198.51.100.1:3479").alternate == nil)
    #expect(BindingServer.Addresses(server, alternate: "198.51.100.2:3478").alternate == nil)
    #expect(BindingServer.Addresses(server, alternate: otherServer).alternate == otherServer)
  }

  @Test(
    "CHANGE-REQUEST decides from where it answers, wherever it was asked (RFC 5780, table 1)",
    arguments: [ChangeRequest(), .ip, .port, [.ip, .port]])
  func changeRequest(change: ChangeRequest) throws {
    var binding = BindingServer(.init(server, alternate: otherServer))
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
          unpack(binding.received(request, from: client, to: local, at: .zero)))
        let origin = TransportAddress(
          change.contains(.ip) ? other.address : local.address,
          port: change.contains(.port) ? other.port : local.port)
        #expect(reply.from == origin)
        #expect(try reply.message.responseOrigin == origin)
        #expect(try reply.message.otherAddress == other)
      }
    }
  }

  @Test("RESPONSE-PORT sends the answer to that port of the same host")
  func responsePort() throws {
    var binding = BindingServer(.init(server))
    let request = try bindingRequest { try $0.append(responsePort: 40000) }
    let reply = try #require(unpack(binding.received(request, from: client, to: server, at: .zero)))
    #expect(reply.to == "10.0.0.2:40000")
    #expect(try reply.message.xorMappedAddress == client)
  }

  @Test("PADDING comes back, never more than was sent; with RESPONSE-PORT it is a bad request")
  func padding() throws {
    var binding = BindingServer(.init(server))
    let request = try bindingRequest { try $0.append(paddingByteCount: 100) }
    let padded = try #require(
      unpack(binding.received(request, from: client, to: server, at: .zero)))
    #expect(padded.message.value(of: .padding)?.count == 100)
    let both = try bindingRequest(id: TransactionID(high: 9, low: 9)) {
      try $0.append(paddingByteCount: 100)
      try $0.append(responsePort: 1)
    }
    let refusal = try #require(unpack(binding.received(both, from: client, to: server, at: .zero)))
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
    let reply = try #require(unpack(binding.received(request, from: client, to: server, at: .zero)))
    #expect(try reply.message.errorCode == .unknownAttribute)
    #expect(try reply.message.unknownAttributes?.map(\.rawValue) == [0x7F00])
  }

  @Test("A request that comes again gets the same bytes again")
  func duplicate() throws {
    var binding = BindingServer(.init(server, alternate: otherServer))
    let request = try bindingRequest { try $0.append(changeRequest: [.ip, .port]) }
    let first = binding.received(request, from: client, to: server, at: .zero)
    let second = binding.received(request, from: client, to: server, at: .seconds(30))
    #expect(first == second)
  }

  @Test("What is no request, or no STUN, or damaged, is met with silence")
  func silence() throws {
    var binding = BindingServer(.init(server))
    var damaged = try bindingRequest()
    damaged[damaged.count - 1] ^= 1
    let id = TransactionID(high: 1, low: 1)
    let cases: [([UInt8], BindingServer.Reason)] = [
      (damaged, .wrongFingerprint),
      (STUNMessage.encode(.bindingIndication, transactionID: id), .notARequest),
      (STUNMessage.encode(.bindingSuccessResponse, transactionID: id), .notARequest),
      (STUNMessage.encode(MessageType(.request, .allocate), transactionID: id), .unknownMethod),
    ]
    for (bytes, reason) in cases {
      #expect(binding.received(bytes, from: client, to: server, at: .zero) == .ignore(reason))
    }
    guard case .ignore(.notSTUN) = binding.received([0x80, 0], from: client, to: server, at: .zero)
    else {
      Issue.record("RTP was answered")
      return
    }
  }
}
