import Glibc
import IPPacket
import SansIO
import TestSupport
import Testing
import TransportAddress

@testable import NATTable

@Suite struct MemoryTests {
  @Test("A mapping is stored in 64 bytes, so that with its indexes it has at most 128")
  func entrySize() {
    #expect(MemoryLayout<MappingEntry>.stride == 64)
    #expect(MemoryLayout<SlotBucket>.stride == 64)
    // Its deadline, slot and place in the order of expiry; and a third of a bucket of the index, of
    // which few overflow. It has its port's slot too, or a sixth of a bucket in two more indexes.
    let (order, index, other) = (8 + 4 + 4, 64 / 3 + 1, 64 / 6 + 3)
    #expect(64 + order + index + 2 * other <= 128)
  }

  /// Without optimisation the compiler's own accessors allocate, which says nothing of a table.
  static let isOptimised = { !_isDebugAssertConfiguration() }()

  @Test(
    "Packets of known flows, new flows in old places and drops allocate nothing",
    .enabled(if: isOptimised, "measured in optimised builds: swift test -c release"))
  func packets() async {
    await #expect(processExitsWith: .success) {
      for configuration in [NATTable.Configuration.portRestrictedCone, .symmetric, .linux] {
        var nat = NATTable(configuration, external: external)
        var now = Instant.zero
        let rounds = {
          var port = UInt16(5000)
          while port < 5100 {
            let endpoint = TransportAddress(host.address, port: port)
            port += 1
            let verdict = nat.outbound(Packet(from: endpoint, to: server), at: now)
            guard case .forward(let sent) = verdict else { _exit(1) }
            guard nat.inbound(sent.reply, at: now).packet?.destination == endpoint else { _exit(2) }
            guard nat.inbound(Packet(from: stranger, to: sent.source), at: now).packet == nil
            else { _exit(3) }
            guard nat.outbound(.tcp(.syn, from: endpoint, to: server), at: now).packet != nil
            else { _exit(4) }
          }
          now = now.advanced(by: .seconds(1_000_000))
          guard nat.expire(at: now) == 200 else { _exit(5) }
        }
        if configuration == .linux { withoutMemory(rounds) } else { rounds() }
      }
      _exit(0)
    }
  }

  @Test("A table of 100 000 mappings finds each of them, and forgets them all")
  func large() {
    let addresses = (0..<5).map { IPAddress.v4(IPv4Address(203, 0, 113, $0)) }
    var nat = NATTable(.fullCone, external: addresses)
    var outsides: [TransportAddress] = []
    for number in UInt32(0)..<100_000 {
      let inside = TransportAddress(
        .v4(IPv4Address(rawValue: 0x0A00_0000 + number / 60)), port: UInt16(2000 + number % 60))
      guard let outside = nat.send(from: inside, to: server) else {
        Issue.record("\(number) mappings, and no more")
        return
      }
      outsides.append(outside)
    }
    #expect(Set(outsides).count == 100_000)
    for number in stride(from: 0, to: 100_000, by: 997) {
      let inside = nat.receive(from: server, to: outsides[number])
      #expect(inside?.port == UInt16(2000 + number % 60))
    }
    #expect(nat.expire(at: .seconds(300)) == 100_000)
  }
}
