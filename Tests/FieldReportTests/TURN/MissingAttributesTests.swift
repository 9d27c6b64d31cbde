import STUNCodec
import SansIO
import TURN
import Testing
import TransportAddress

/// Requests that lack something.
@Suite struct MissingAttributesTests {
  /// What is left out, of an otherwise sound request.
  enum Missing: CaseIterable {
    case requestedTransport, permittedPeer, channelNumber, channelPeer

    var method: STUNMethod {
      switch self {
      case .requestedTransport: .allocate
      case .permittedPeer: .createPermission
      case .channelNumber, .channelPeer: .channelBind
      }
    }
  }

  @Test("Each attribute that a request needs is missed with 400", arguments: Missing.allCases)
  func missing(_ missing: Missing) throws {
    var street = RelayStreet()
    var client = try PlainClient(in: &street)
    if missing != .requestedTransport { try client.allocate(in: &street) }
    #expect(
      try client.refusal(missing.method, in: &street) {
        if missing == .channelPeer { try $0.append(channelNumber: .init(rawValue: 0x4000)) }
        if missing == .channelNumber { try $0.append(xorPeerAddress: RelayStreet.bob) }
      } == .badRequest)
    // The mistake has cost nothing.
    if missing == .requestedTransport { try client.allocate(in: &street) }
    #expect(try client.bind(0x4000, to: RelayStreet.bob, in: &street) == nil)
  }

  @Test(
    "Without USERNAME, REALM or NONCE it is 400, without MESSAGE-INTEGRITY 401 (RFC 8489 §9.2.4)",
    arguments: [AttributeType.username, .realm, .nonce, .messageIntegrity])
  func credentials(_ missing: AttributeType) throws {
    var street = RelayStreet()
    let client = try PlainClient(in: &street)
    let bare = try STUNMessage.encode(
      MessageType(.request, .allocate), transactionID: TransactionID(high: 1, low: 1)
    ) { try $0.append(requestedTransport: 17) }
    let challenge = try client.exchange(bare, in: &street)
    let realm = try #require(try challenge.realm)
    let nonce = try #require(try challenge.nonce)
    let key = MessageIntegrityKey(username: "alice", realm: realm, password: "secret")
    let request = try STUNMessage.encode(
      MessageType(.request, .allocate), transactionID: TransactionID(high: 1, low: 2)
    ) {
      try $0.append(requestedTransport: 17)
      if missing != .username { try $0.append(username: "alice") }
      if missing != .realm { try $0.append(realm: realm) }
      if missing != .nonce { try $0.append(nonce: nonce) }
      if missing != .messageIntegrity { try $0.appendMessageIntegrity(key) }
    }
    let expected: ErrorCode = missing == .messageIntegrity ? .unauthenticated : .badRequest
    #expect(try client.exchange(request, in: &street).errorCode == expected)
    #expect(try street.server.allocationCount == 0)
  }
}
