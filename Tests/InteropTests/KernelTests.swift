import FoundationEssentials
import Glibc
import ProtocolTime
import TestSupport
import Testing
import TransportAddress

@testable import NATTable

/// The kernel as oracle: the same packets through it and through the preset must come out as the
/// same bytes, or not at all.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct KernelTests {
  static let canRun = KernelRouter.isAvailable || KernelRouter.isRequired

  @Test(
    "12 000 packets of UDP, TCP and ICMP come out of the kernel and of `linux` as the same bytes",
    .enabled(if: canRun, "needs root, /dev/net/tun, iproute2 and nftables"))
  func linux() throws {
    try compare("masquerade", .linux, packets: 12_000, number: 1)
  }

  @Test(
    "2 000 packets come out of `masquerade fully-random` and of `linux-random` alike",
    .enabled(if: canRun, "needs root, /dev/net/tun, iproute2 and nftables"))
  func linuxRandom() throws {
    try compare("masquerade fully-random", .linuxRandom, packets: 2000, number: 2)
  }

  private func compare(
    _ masquerade: String, _ preset: NATTable.Configuration, packets: Int, number: Int
  ) throws {
    let kernel = try KernelRouter(masquerade, number: number)
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

  /// Has tshark verify the checksums, where it is installed.
  private func verifyWithTShark(_ packets: [[UInt8]]) throws {
    guard try Program.run("/bin/sh", ["-c", "command -v tshark"]).exitCode == 0 else { return }
    let file = "/tmp/pathfinder-\(getpid()).pcap"
    defer { try? FileManager.default.removeItem(atPath: file) }
    try Data(pcap(packets)).write(to: URL(filePath: file))
    let fields = ["ip", "udp", "tcp", "icmp"].map { "\($0).checksum.status" }
    let result = try Program.run(
      "/bin/sh",
      [
        "-c",
        "tshark -r \(file) -o ip.check_checksum:TRUE -o udp.check_checksum:TRUE "
          + "-o tcp.check_checksum:TRUE -T fields \(fields.map { "-e \($0)" }.joined(separator: " "))",
      ])
    let lines = result.output.split(separator: "\n")
    #expect(lines.count == packets.count)
    // In these fields 1 is good and 0 is bad; 2 says that the packet in an error is cut off.
    let bad = lines.count { $0.split { "\t,".contains($0) }.contains("0") }
    #expect(bad == 0, "tshark finds wrong checksums in \(bad) packets")
    #expect(lines.allSatisfy { $0.contains("1") })
  }

  /// A capture file of raw IP packets.
  private func pcap(_ packets: [[UInt8]]) -> [UInt8] {
    func little(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(value >> ($0 * 8) & 255) } }
    var file = little(0xA1B2_C3D4) + [2, 0, 4, 0] + little(0) + little(0)
    file += little(65535) + little(101)  // LINKTYPE_RAW
    for packet in packets {
      let length = little(UInt32(packet.count))
      file += little(0) + little(0) + length + length + packet
    }
    return file
  }
}

extension PortGenerator {
  /// The generator that next draws what makes the preset begin its search at a port.
  static func drawing(port: UInt16, for packet: Packet) -> PortGenerator {
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
    return PortGenerator(state: word &- 0x9E37_79B9_7F4A_7C15)
  }
}
