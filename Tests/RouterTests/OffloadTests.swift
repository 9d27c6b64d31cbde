import IPPacket
import NATTable
import SansIO
import TestSupport
import Testing
import TransportAddress

@testable import Router

/// Packets whose checksums a kernel has only begun.
@Suite struct OffloadTests {
  /// The packet as a kernel hands it over: in place of the checksum the sum of the pseudo-header.
  private func begun(_ packet: [UInt8]) -> ([UInt8], Offload) {
    var packet = packet
    var offload = Offload()
    offload.checksumStart = 20
    offload.checksumOffset = packet[9] == 17 ? 6 : 16
    var sum = Checksum()
    sum.add(packet.span, in: 12..<20)
    sum.add(UInt16(packet[9]))
    sum.add(UInt16(packet.count - 20))
    let offset = 20 + offload.checksumOffset
    packet[offset] = UInt8(~sum.value >> 8)
    packet[offset + 1] = UInt8(~sum.value & 0xFF)
    return (packet, offload)
  }

  @Test("A checksum that is begun is right when the receiver completes it, for 2 000 packets")
  func begunChecksums() throws {
    var random = SeededGenerator(seed: 3)
    for _ in 0..<2000 {
      func endpoint(_ address: IPAddress) -> TransportAddress {
        TransportAddress(address, port: .random(in: 1024...65535, using: &random))
      }
      let far = IPAddress.v4(
        IPv4Address(198, 51, 100, .random(in: 1...250, using: &random)))
      var packet = Packet(
        Bool.random(using: &random) ? .udp : .tcp, from: endpoint(host.address), to: endpoint(far))
      if packet.protocol == .tcp { packet.content = .segment(.syn) }
      let payload = (0..<Int.random(in: 0...64, using: &random)).map { UInt8($0) }
      let (bytes, offload) = begun(packet.bytes(payload: payload))

      var bench = Bench(.symmetric)
      let outcome = bench.receive(bytes, from: .inside, offload: offload)
      guard case .forward = outcome.verdict else {
        Issue.record("\(outcome.verdict)")
        return
      }
      var sent = outcome.sent[0].bytes
      let isBegun = offload.begin(sent.span)
      let partial = try #require(isBegun)
      var span = sent.mutableSpan
      span.completeChecksum(partial)
      guard wrongChecksums(of: sent) == [] else {
        Issue.record("\(packet) with \(payload.count) bytes")
        return
      }
    }
  }

  @Test("A segment that is yet to be cut up counts by the length of what it will be cut into")
  func segments() throws {
    var bench = Bench(mtu: (1500, 1500))
    var packet = Packet.tcp(.syn, from: host, to: server).bytes(
      payload: Array(repeating: 1, count: 60_000))
    packet[6] |= 0x40
    packet.updateHeaderChecksum()
    var (bytes, offload) = begun(packet)
    offload.headerLength = 40
    offload.segmentSize = 1460
    let fits = bench.receive(bytes, from: .inside, offload: offload)
    #expect(fits.verdict == .forward(to: .outside, makesMapping: true))
    try bench.router.setMTU(inside: 1500, outside: 1499)
    let outcome = bench.receive(bytes, from: .inside, offload: offload)
    #expect(outcome.verdict == .drop(.tooLarge))
    #expect(outcome.sent.count == 1)
  }

  @Test("What is quoted in an error, or cut up, has its checksum completed first")
  func completed() {
    var bench = Bench(mtu: (1500, 600))
    let plain = datagram(timeToLive: 1)
    let (bytes, offload) = begun(plain)
    let outcome = bench.receive(bytes, from: .inside, offload: offload)
    #expect(Array(outcome.sent[0].bytes.dropFirst(28)) == plain)

    let (large, second) = begun(datagram(count: 1000))
    let pieces = bench.receive(large, from: .inside, offload: second).sent.map(\.bytes)
    #expect(pieces.count == 2)
    #expect(wrongChecksums(ofFragments: pieces) == [])
  }

  @Test("A checksum said to begin outside the packet is left alone")
  func outside() {
    var bench = Bench()
    for (start, offset) in [(0, 6), (19, 6), (20, 200), (4000, 6), (20, -30)] {
      var offload = Offload()
      offload.checksumStart = start
      offload.checksumOffset = offset
      let outcome = bench.receive(datagram(), from: .inside, offload: offload)
      #expect(outcome.sent.allSatisfy { wrongChecksums(of: $0.bytes) == [] })
    }
  }
}
