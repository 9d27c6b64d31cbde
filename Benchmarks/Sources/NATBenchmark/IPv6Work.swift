import IPPacket
import NATTable
import SansIO
import TransportAddress

/// The bytes of packets of known flows through a NAT64, in both directions and with an error about
/// one, and through a prefix translation, which knows no flows.
struct IPv6Work {
  private let traffic: Traffic
  private let packets: [Packet]
  private let external: [IPv4Address]

  init(_ traffic: Traffic) {
    self.traffic = traffic
    external = traffic.external.map { Self.v4($0) }
    let prefix = EmbeddedIPv4Prefix.wellKnown
    let server = TransportAddress(
      .v6(prefix.address(for: Self.v4(Traffic.server.address))), port: Traffic.server.port)
    packets = traffic.order.map { endpoint in
      let host = IPv6Address(
        high: 0x2001_0DB8_0001_0000, low: UInt64(Self.v4(endpoint.address).rawValue))
      return Packet(from: TransportAddress(.v6(host), port: endpoint.port), to: server)
    }
  }

  private static func v4(_ address: IPAddress) -> IPv4Address {
    guard case .v4(let address) = address else { fatalError("the traffic is of IPv4") }
    return address
  }

  func measure() {
    measureNAT64()
    guard
      let prefixes = PrefixTranslation(
        inside: "2001:db8:1::", outside: "2001:db8:2::", length: 48)
    else { fatalError("no such prefixes") }
    send("nat66-out", packets) { bytes, _, _ in prefixes.outbound(&bytes) == .forward }
  }

  private func measureNAT64() {
    var nat = NAT64(external: external)
    let sent = packets.map { packet in
      guard let sent = nat.outbound(packet, at: .zero).packet else {
        fatalError("a packet was dropped")
      }
      return sent
    }
    send("nat64-out", packets) { bytes, output, now in
      if case .forward = nat.outbound(&bytes, into: &output, at: now) { true } else { false }
    }
    send("nat64-in", sent.map(\.reply)) { bytes, output, now in
      if case .forward = nat.inbound(bytes.span, into: &output, at: now) { true } else { false }
    }
    let errors = sent.map { Packet.error(.timeExceeded, from: "192.0.2.254", about: $0) }
    send("nat64-error", errors) { bytes, output, now in
      if case .forward = nat.inbound(bytes.span, into: &output, at: now) { true } else { false }
    }
  }

  @inline(__always)
  private func send(
    _ work: String, _ packets: [Packet],
    _ translate: (inout MutableSpan<UInt8>, inout MutableSpan<UInt8>, Instant) -> Bool
  ) {
    let length = packets[0].bytes().count
    let templates = packets.flatMap { $0.bytes() }
    var frames = templates
    var buffer = [UInt8](repeating: 0, count: 200)
    var now = Instant.zero
    var clock = Stopwatch()
    for _ in 0..<traffic.rounds {
      frames.replaceSubrange(0..<frames.count, with: templates)
      clock.start()
      frames.withUnsafeMutableBufferPointer { frames in
        var output = buffer.mutableSpan
        var place = 0
        while place < frames.count {
          let frame = UnsafeMutableBufferPointer(rebasing: frames[place..<place + length])
          var bytes = frame.mutableSpan
          now.nanoseconds += 1000
          precondition(translate(&bytes, &output, now), "a packet was dropped")
          place += length
        }
      }
      clock.stop(after: packets.count)
    }
    clock.report("ours", "\(work)-\(traffic.name)")
  }
}
