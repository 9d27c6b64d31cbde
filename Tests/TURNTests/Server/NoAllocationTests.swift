import Glibc
import STUN
import STUNCodec
import SansIO
import TURN
import Testing
import TransportAddress

/// The data path allocates nothing.
///
/// Memory is taken away in a child process, as `TestSupport` does it; that target needs the whole
/// program, and these tests do not.
@Suite struct NoAllocationTests {
  /// Calls `body` twice, the second time without a byte of memory to be had.
  static func withoutMemory(_ body: () -> Void) {
    body()
    var limit = rlimit(rlim_cur: 0, rlim_max: .max)
    guard setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0 else { _exit(10) }
    var size = 1 << 24
    while size > 16 {
      while let taken = malloc(size) { last = taken }
      size -= size > 4096 ? size / 2 : 16
    }
    while let taken = malloc(16) { last = taken }
    body()
  }

  /// Memory that nothing keeps the optimizer need not take.
  nonisolated(unsafe) static var last: UnsafeMutableRawPointer?

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
      NoAllocationTests.withoutMemory {
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
