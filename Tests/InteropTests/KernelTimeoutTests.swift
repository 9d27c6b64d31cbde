import Glibc
import IPPacket
import NATTable
import SansIO
import TestSupport
import Testing
import TransportAddress

/// The kernel's times for TCP beside the preset's, state by state.
@Suite(.serialized, .waitsForChildren, .timeLimit(.minutes(1)))
struct KernelTimeoutTests {
  static let host: TransportAddress = "10.0.0.2:5000"
  static let server: TransportAddress = "198.51.100.1:80"

  /// Segments of connections as hosts may have them; `true` for those from the inside.
  static let connections: [(name: String, segments: [(TCPFlags, Bool)])] = [
    (
      "opened, used and closed from the inside",
      [
        (.syn, true), (.syn, true), ([.syn, .ack], false), (.ack, true), (.ack, false),
        ([.fin, .ack], true), (.ack, false), ([.fin, .ack], false), (.ack, true), (.ack, false),
      ]
    ),
    (
      "closed from the outside, both FINs at once",
      [
        (.syn, true), ([.syn, .ack], false), (.ack, true), ([.fin, .ack], false),
        ([.fin, .ack], true), (.ack, false), (.ack, true),
      ]
    ),
    ("refused", [(.syn, true), ([.rst, .ack], false)]),
    (
      "aborted by the outside", [(.syn, true), ([.syn, .ack], false), (.ack, true), (.rst, false)]
    ),
    (
      "aborted and opened anew",
      [
        (.syn, true), ([.syn, .ack], false), (.ack, true), ([.rst, .ack], true), (.syn, true),
        ([.syn, .ack], false), (.ack, true),
      ]
    ),
    (
      "opened by both sides",
      [(.syn, true), (.syn, false), ([.syn, .ack], true), ([.syn, .ack], false), (.ack, true)]
    ),
    ("older than the table", [(.ack, true), (.ack, true), (.ack, false), (.ack, true)]),
  ]

  @Test(
    "After each segment of seven connections the kernel and `linux` will forget it at one time",
    .needsNetworks("nft", "conntrack"))
  func states() throws {
    let kernel = try KernelRouter("masquerade", number: 3)
    for (number, (name, segments)) in Self.connections.enumerated() {
      var table = NATTable(.linux, external: "203.0.113.7")
      // A port of its own, so that what the kernel remembers of others is no matter.
      let host = TransportAddress(Self.host.address, port: 5000 + UInt16(number))
      let outside = TransportAddress("203.0.113.7", port: host.port)
      for (index, (flags, fromInside)) in segments.enumerated() {
        let packet: Packet =
          fromInside
          ? .tcp(flags, from: host, to: Self.server) : .tcp(flags, from: Self.server, to: outside)
        let theirs =
          fromInside ? kernel.outbound(packet.bytes()) : kernel.inbound(packet.bytes())
        let ours =
          fromInside ? table.outbound(packet, at: .zero) : table.inbound(packet, at: .zero)
        let step = "\(name), segment \(index): \(flags)"
        #expect((theirs != nil) == (ours.packet != nil), "\(step)")
        table.expire(at: .zero)
        let remaining = table.mappings.first.map { table.time.duration(to: $0.expires) }
        let kernels = try kernel.remainingSeconds(port: host.port)
        // The kernel counts whole seconds, and some may have passed.
        switch (remaining, kernels) {
        case (nil, nil): break
        case (let remaining?, let kernels?):
          #expect(
            (0...2).contains(Int(remaining.components.seconds) - kernels),
            "\(step): ours \(remaining), the kernel's \(kernels) s")
        default: Issue.record("\(step): ours \(remaining as Any), the kernel's \(kernels as Any)")
        }
      }
    }
  }

  @Test(
    "The preset's times are the ones that the kernel has when nobody changes them",
    .needsNetworks("nft"))
  func defaults() throws {
    let kernel = try KernelRouter("masquerade", number: 4)
    let timeouts = NATTable.Configuration.linux.timeouts
    let states = try #require(timeouts.tcpStates)
    let names: [(String, Duration)] = [
      ("tcp_timeout_syn_sent", states.synSent), ("tcp_timeout_syn_recv", states.synReceived),
      ("tcp_timeout_established", timeouts.tcpEstablished),
      ("tcp_timeout_fin_wait", states.finWait), ("tcp_timeout_close_wait", states.closeWait),
      ("tcp_timeout_last_ack", states.lastAck), ("tcp_timeout_time_wait", states.timeWait),
      ("tcp_timeout_close", states.close),
      ("tcp_timeout_unacknowledged", states.unacknowledged),
      ("udp_timeout", timeouts.udpUnanswered), ("udp_timeout_stream", timeouts.udp),
      ("icmp_timeout", timeouts.icmp),
    ]
    for (name, expected) in names {
      #expect(try kernel.setting("nf_conntrack_\(name)") == expected.components.seconds, "\(name)")
    }
  }
}

extension KernelRouter {
  /// How long the kernel will still remember the TCP connection of an inside port; nil for none.
  func remainingSeconds(port: UInt16) throws -> Int? {
    let listed = try run("conntrack -L -p tcp --orig-port-src \(port) 2>/dev/null || true")
    // tcp      6 119 SYN_SENT src=10.0.0.2 …
    let words = listed.split(whereSeparator: \.isWhitespace)
    return words.count > 2 && words[0] == "tcp" ? Int(words[2]) : nil
  }

  /// A setting of the kernel's connection tracking.
  func setting(_ name: String) throws -> Int64? {
    Int64(try run("cat /proc/sys/net/netfilter/\(name)").split(separator: "\n").first ?? "")
  }
}
