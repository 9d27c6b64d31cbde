import Glibc
import STUN
import STUNCodec
import SansIO
import TURN
import TestSupport
import Testing
import TransportAddress

/// The data path allocates nothing.
@Suite struct NoAllocationTests {
  @Test("Relaying by channel and by indication allocates nothing, either way")
  func relay() async {
    await #expect(processExitsWith: .success) {
      var server = try TestServer()
      var client = try RawClient()
      let relayed = try client.allocate(&server)
      let other: TransportAddress = "203.0.113.9:9"
      try client.permit(&server, other)
      guard try client.bind(&server, 0x4000, to: peer) == nil else { _exit(1) }
      let channelData = try ChannelData.encode([1, 2, 3, 4], channel: .init(rawValue: 0x4000))
      let indication = try client.send([1, 2, 3, 4], to: other)
      var buffer = [UInt8](repeating: 0, count: 100)
      withoutMemory {
        guard
          case .relay = server.server.received(
            channelData.span, on: alice, at: .zero, using: &server.generator)
        else { _exit(2) }
        guard
          case .relay = server.server.received(
            indication.span, on: alice, at: .zero, using: &server.generator)
        else { _exit(3) }
        var span = buffer.mutableSpan
        guard
          case .deliver(44..<52, alice) = server.server.receivedFromPeer(
            &span, payload: 48..<52, from: peer, to: relayed, at: .zero,
            using: &server.generator)
        else { _exit(4) }
        guard
          case .deliver(12..<52, alice) = server.server.receivedFromPeer(
            &span, payload: 48..<52, from: other, to: relayed, at: .zero,
            using: &server.generator)
        else { _exit(5) }
      }
      _exit(0)
    }
  }
}
