import STUN
import STUNCodec
import SansIO
import TURN
import Testing
import TransportAddress

/// A list that denies 127.0.0.0/8, and peers that are 127.0.0.1 in another form (CVE-2026-27624).
@Suite(.report("T11", "CVE-2026-27624, coturn/coturn 1945")) struct CarriedAddressTests {
  private static let client = FiveTuple(
    .udp, local: "203.0.113.20:3478", remote: "198.51.100.77:5000")

  @Test(
    "A peer that carries an address of the relay's own host is refused, and nothing is sent to it",
    arguments: [
      "::ffff:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::7f00:1", "2002:7f00:1::1", "::127.0.0.1",
      "2001:0:7f00:1::1", "2001:0:c000:201:0:0:80ff:fffe", "2001:db8::5efe:7f00:1",
      "2001:db8::200:5efe:7f00:1", "::ffff:203.0.113.20", "::ffff:0.0.0.0",
    ] as [IPv6Address])
  func refused(address: IPv6Address) throws {
    var generator = SeededGenerator(seed: 11)
    // The list is its operator's: no class of addresses is refused by itself.
    var policy = PeerPolicy(denied: [
      try .init("127.0.0.0", prefixLength: 8), try .init("0.0.0.0", prefixLength: 8),
    ])
    policy.refusedClasses = []
    var server = TURNServer(
      try .init(
        ipv4: .init("203.0.113.20"), ipv6: .init("2001:db8::20"), policy: policy),
      authenticator: Authenticator(.open), using: &generator)
    let peer = TransportAddress(.v6(address), port: 8080)
    var code: ErrorCode?
    /// Sends a message, and notes with which code it is refused.
    func send(
      _ type: MessageType, _ body: (inout STUNMessageBuilder) throws -> Void
    ) throws -> TURNServer.Verdict {
      let id = TransactionID.random(using: &generator)
      let bytes = try STUNMessage.encode(type, transactionID: id) { try body(&$0) }
      let verdict = server.received(
        bytes.span, on: Self.client, at: .zero, using: &generator)
      while let action = server.nextAction() {
        switch action {
        case .open(let address): server.opened(address)
        case .send(let response, _): code = try STUNMessage(response).errorCode
        case .close, .connection: break
        }
      }
      return verdict
    }
    _ = try send(MessageType(.request, .allocate)) {
      try $0.append(requestedTransport: 17)
      try $0.append(requestedAddressFamily: .ipv6)
    }
    #expect(code == nil)
    _ = try send(MessageType(.request, .createPermission)) { try $0.append(xorPeerAddress: peer) }
    #expect(code == .forbidden)
    code = nil
    _ = try send(MessageType(.request, .channelBind)) {
      try $0.append(channelNumber: .init(rawValue: 0x4000))
      try $0.append(xorPeerAddress: peer)
    }
    #expect(code == .forbidden)
    let verdict = try send(MessageType(.indication, .send)) {
      try $0.append(xorPeerAddress: peer)
      try $0.append(data: [1].span.bytes)
    }
    #expect(verdict == .drop(.noPermission))
  }
}
