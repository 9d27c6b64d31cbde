import FoundationEssentials
import Glibc
import IPPacket
import SansIO
import TestSupport
import Testing
import TransportAddress

@testable import NATTable

/// The kernel as oracle: the same packets through it and through the preset must come out as the
/// same bytes, or not at all.
@Suite(.serialized, .waitsForChildren, .timeLimit(.minutes(2)))
struct KernelTests {
  @Test(
    "12 000 packets of UDP, TCP and ICMP come out of the kernel and of `linux` as the same bytes",
    .needsNetworks("nft", "tshark"))
  func linux() throws {
    try compare("masquerade", .linux, packets: 12_000, number: 1)
  }

  @Test(
    "2 000 packets come out of `masquerade fully-random` and of `linux-random` alike",
    .needsNetworks("nft", "tshark"))
  func linuxRandom() throws {
    try compare("masquerade fully-random", .linuxRandom, packets: 2000, number: 2)
  }

  @Test(
    "12 000 packets come out of a router with an open INPUT chain and of its preset alike",
    .needsNetworks("nft", "tshark"))
  func linuxOpenInput() throws {
    try compare("masquerade", .linuxOpenInput, packets: 12_000, number: 3, acceptsInput: true)
  }

  @Test(
    "12 000 packets come out of Docker's rules on a host without a firewall and of `docker` alike",
    .needsNetworks("nft", "tshark"))
  func docker() throws {
    // As Docker writes them: -A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE.
    try compare(
      "ip saddr 10.0.0.0/24 masquerade", .docker, packets: 12_000, number: 6, acceptsInput: true,
      forwardsAnswersOnly: true)
  }

  @Test(
    "The peer's packet first, then the host's: only behind an open INPUT chain is the port lost",
    .needsNetworks("nft"),
    arguments: [false, true])
  func earlyPacket(acceptsInput: Bool) throws {
    let kernel = try KernelRouter(
      "masquerade", number: acceptsInput ? 5 : 4, acceptsInput: acceptsInput)
    var table = NATTable(acceptsInput ? .linuxOpenInput : .linux, external: "203.0.113.7")
    let early = Packet(from: "198.51.100.1:3478", to: "203.0.113.7:5000")
    let packet = Packet(from: "10.0.0.2:5000", to: "198.51.100.1:3478")
    #expect(kernel.inbound(early.bytes()) == nil)
    #expect(table.inbound(early, at: .zero).packet == nil)
    let theirs = try #require(kernel.outbound(packet.bytes()))
    let ours = try #require(table.outbound(packet, at: .zero).packet)
    let isKept = try Packet(parsing: theirs.span).source.port == 5000
    #expect(isKept == !acceptsInput)
    #expect(isKept == (ours.source.port == 5000))
  }

  private func compare(
    _ masquerade: String, _ preset: NATTable.Configuration, packets: Int, number: Int,
    acceptsInput: Bool = false, forwardsAnswersOnly: Bool = false
  ) throws {
    let kernel = try KernelRouter(
      masquerade, number: number, acceptsInput: acceptsInput,
      forwardsAnswersOnly: forwardsAnswersOnly)
    var table = NATTable(preset, external: "203.0.113.7")
    var traffic = Traffic(seed: UInt64(number))
    var forwarded = 0
    var dropped = 0
    var capture: [[UInt8]] = []
    let start = ContinuousClock.now
    for index in 0..<packets {
      let (packet, fromInside) = traffic.next()
      let bytes = packet.bytes(payload: Array("packet \(index)".utf8))
      let theirs = fromInside ? kernel.outbound(bytes) : kernel.inbound(bytes)
      // Where the preset leaves a port to chance it shall draw the kernel's: then all that
      // follows must agree, and a port that the preset would never draw shows.
      if fromInside, let theirs, let seen = try? Packet(parsing: theirs.span) {
        table.random = .drawing(port: seen.source.port, for: packet)
      }
      var ours: [UInt8]? = bytes
      var span = ours!.mutableSpan
      _ = HopLimit.decrement(&span)
      let verdict = fromInside ? table.outbound(&span, at: .zero) : table.inbound(&span, at: .zero)
      if verdict != .forward { ours = nil }
      guard ours == theirs else {
        let seen = theirs.flatMap { try? Packet(parsing: $0.span).description } ?? "dropped"
        let mine = ours.flatMap { try? Packet(parsing: $0.span).description } ?? "\(verdict)"
        Issue.record("packet \(index), \(packet): the kernel: \(seen), the preset: \(mine)")
        return
      }
      if let ours {
        forwarded += 1
        capture.append(ours)
        traffic.passed(packet, as: try Packet(parsing: ours.span), fromInside: fromInside)
      } else {
        dropped += 1
      }
    }
    // The kernel's shortest time is 30 s; the table's clock stood still.
    #expect(ContinuousClock.now - start < .seconds(25))
    #expect(forwarded > packets / 3)
    #expect(dropped > packets / 50)
    try verifyWithTShark(capture)
  }

  /// Has tshark verify the checksums.
  private func verifyWithTShark(_ packets: [[UInt8]]) throws {
    let folder = try Folder()
    defer { folder.remove() }
    let file = folder.path + "/kernel.pcap"
    try Data(rawCapture(packets)).write(to: URL(filePath: file))
    let checksums = try TsharkChecksums(file)
    #expect(checksums.frames == packets.count)
    #expect(checksums.bad.isEmpty, "\(checksums.bad.prefix(5))")
    #expect(checksums.good["ip", default: 0] >= packets.count)
  }
}

extension SeededGenerator {
  /// The generator that next draws what makes the preset begin its search at a port.
  static func drawing(port: UInt16, for packet: Packet) -> SeededGenerator {
    let first: UInt16 =
      switch (packet.protocol, packet.source.port) {
      case (.icmp, _): 0
      case (_, 0..<512): 1
      case (_, 512..<1024): 600
      default: 1024
      }
    // SplitMix64 backwards: the shifts and the multiplications undone in turn.
    var word = UInt64(port &- first)
    word ^= word >> 31 ^ word >> 62
    word = word &* 0x3196_42B2_D24D_8EC3
    word ^= word >> 27 ^ word >> 54
    word = word &* 0x96DE_1B17_3F11_9089
    word ^= word >> 30 ^ word >> 60
    return SeededGenerator(seed: word &- 0x9E37_79B9_7F4A_7C15)
  }
}
