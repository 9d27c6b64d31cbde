import Calls
import STUN
import STUNCodec
import SansIO
import Simulator
import TURN
import Testing
import TransportAddress

/// 438 may answer any request, and each time the new nonce is taken up (RFC 8489 §9.2.5).
@Suite(.report("T17", "aiortc/aioice 28 and 29, pion/turn 102")) struct StaleNonceTests {
  /// A request, and what must be done before it.
  enum Ask: CaseIterable {
    case allocate, refresh, delete, permission, permissionRefresh, channelBind, channelRefresh

    var method: STUNMethod {
      switch self {
      case .allocate: .allocate
      case .refresh, .delete: .refresh
      case .permission, .permissionRefresh: .createPermission
      case .channelBind, .channelRefresh: .channelBind
      }
    }

    @_lifetime(message: copy message)
    func append(to message: inout STUNMessageBuilder) throws {
      switch self {
      case .allocate: try message.append(requestedTransport: 17)
      case .refresh: break
      case .delete: try message.append(lifetime: 0)
      case .permission, .permissionRefresh: try message.append(xorPeerAddress: RelayStreet.bob)
      case .channelBind, .channelRefresh:
        try message.append(channelNumber: .init(rawValue: 0x4000))
        try message.append(xorPeerAddress: RelayStreet.bob)
      }
    }
  }

  @Test(
    "A stale nonce is told by 438 with a fresh one, and the request succeeds with that",
    arguments: Ask.allCases)
  func server(ask: Ask) throws {
    var street = RelayStreet(nonceLifetime: .seconds(60))
    var client = try PlainClient(in: &street)
    if ask == .allocate {
      // It knows a nonce, and has no allocation.
      #expect(try client.refusal(.refresh, in: &street) == .allocationMismatch)
    } else {
      try client.allocate(in: &street)
    }
    if ask == .permissionRefresh { try client.permit(RelayStreet.bob, in: &street) }
    if ask == .channelRefresh {
      #expect(try client.bind(0x4000, to: RelayStreet.bob, in: &street) == nil)
    }
    street.network.run(for: .seconds(61))
    let stale = try client.exchange(
      client.request(ask.method) { try ask.append(to: &$0) }, in: &street)
    #expect(try stale.errorCode == .staleNonce)
    var attempt = LongTermSession.Attempt()
    let isWorthIt = client.challenged(by: stale, .staleNonce, &attempt)
    #expect(isWorthIt)
    let fresh = try client.exchange(
      client.request(ask.method) { try ask.append(to: &$0) }, in: &street)
    #expect(fresh.type == MessageType(.successResponse, ask.method))
    #expect(try street.server.allocationCount == (ask == .delete ? 0 : 1))
  }

  @Test("With nonces of a second, half an hour of data goes through, and 438 comes to everything")
  func client() throws {
    var street = RelayStreet(nonceLifetime: .seconds(1))
    let alice = street.network.host(
      "alice", running: .turnClient(of: RelayStreet.server, "alice", password: "secret"))
    street.network.run(for: .seconds(5))
    for _ in 0..<360 {
      street.network.tell(alice, TURNClientEndpoint.self) { client, now, generator in
        client.send([1], to: RelayStreet.bob, at: now, using: &generator)
      }
      street.network.run(for: .seconds(5))
    }
    #expect(street.received(by: street.bobsHost).count == 360)
    for method in [STUNMethod.createPermission, .channelBind, .refresh] {
      #expect(street.errorCount(.staleNonce, method, to: "alice") > 0, "\(method)")
    }
    #expect(street.drops.isEmpty)
  }
}
