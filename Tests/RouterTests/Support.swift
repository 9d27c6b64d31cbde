import IPPacket
import NATTable
import SansIO
import Testing
import TransportAddress

@testable import Router

let host: TransportAddress = "10.0.0.2:5000"
let server: TransportAddress = "198.51.100.1:3478"
let external: IPv4Address = "203.0.113.7"
let gateway: IPv4Address = "10.0.0.1"

/// A router that keeps what it sends.
struct Bench {
  var router: NATRouter
  var now: Instant = .zero

  init(
    _ configuration: NATTable.Configuration = .fullCone,
    mtu: (inside: Int, outside: Int) = (1500, 1500)
  ) {
    router = try! NATRouter(
      NATTable(configuration, external: [.v4(external)]), gateway: gateway, mtu: mtu)
  }

  /// What comes of a packet: the verdict, and the packets that go out because of it, in order.
  struct Outcome {
    var verdict: NATRouter.Verdict
    var sent: [NATRouter.Outgoing]
    /// Only one packet, read.
    func only() throws -> Packet {
      try #require(sent.count == 1)
      return try read(sent[0].bytes)
    }
  }

  mutating func receive(
    _ bytes: [UInt8], from side: NATRouter.Side, offload: Offload = .none
  ) -> Outcome {
    var bytes = bytes
    var span = bytes.mutableSpan
    let verdict = router.received(&span, from: side, offload: offload, at: now)
    var sent: [NATRouter.Outgoing] = []
    if case .forward(let target, _) = verdict {
      sent.append(.init(side: target, bytes: bytes))
    }
    return Outcome(verdict: verdict, sent: sent + takeOutgoing())
  }

  mutating func receive(_ packet: Packet, from side: NATRouter.Side) -> Outcome {
    receive(packet.bytes(), from: side)
  }

  mutating func takeOutgoing() -> [NATRouter.Outgoing] {
    var sent: [NATRouter.Outgoing] = []
    while case .send(let packet)? = router.nextAction() { sent.append(packet) }
    return sent
  }
}

func read(_ bytes: [UInt8]) throws -> Packet { try Packet(parsing: bytes.span) }

/// A datagram of so many bytes of payload.
func datagram(
  from source: TransportAddress = host, to destination: TransportAddress = server,
  count: Int = 100, timeToLive: UInt8 = 64, mustNotFragment: Bool = false
) -> [UInt8] {
  let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
  var bytes = Packet(from: source, to: destination).bytes(payload: payload, timeToLive: timeToLive)
  if mustNotFragment {
    bytes[6] |= 0x40
    bytes.updateHeaderChecksum()
  }
  return bytes
}

extension [UInt8] {
  /// Makes the checksum of the header right.
  mutating func updateHeaderChecksum() {
    self[10] = 0
    self[11] = 0
    var checksum = Checksum()
    checksum.add(span, in: 0..<Int(self[0] & 0xF) * 4)
    self[10] = UInt8(checksum.value >> 8)
    self[11] = UInt8(checksum.value & 0xFF)
  }
}
