import IPPacket
import NATTable
import SansIO
import TestSupport
import Testing
import TransportAddress

/// RFC 6864: whoever changes an IPv4 packet's source answers for its Identification.
@Suite struct IdentificationTests {
  private func send(_ packet: [UInt8], _ nat: inout NATTable) -> [UInt8]? {
    var bytes = packet
    var span = bytes.mutableSpan
    return nat.outbound(&span, at: .zero) == .forward ? bytes : nil
  }

  private func number(_ bytes: [UInt8]) -> UInt16 { UInt16(bytes[4]) << 8 | UInt16(bytes[5]) }

  @Test("§5.3.1: datagrams of hosts that share an address have numbers of the NAT's own")
  func unique() throws {
    var nat = NATTable(external: external)
    var seen: Set<UInt16> = []
    for source in [host, neighbour] {
      for _ in 0..<1000 {
        // Every host says 7.
        var bytes = Packet(from: source, to: server).bytes(payload: [1, 2, 3])
        bytes[5] = 7
        let sent = try #require(send(withChecksums(bytes), &nat))
        #expect(wrongChecksums(of: sent) == [])
        #expect(seen.insert(number(sent)).inserted)
      }
    }
  }

  @Test("§4.1: a datagram that must stay whole keeps what stands there, which means nothing")
  func atomic() throws {
    var nat = NATTable(external: external)
    var bytes = Packet(from: host, to: server).bytes()
    bytes[4...6] = [0x12, 0x34, 0x40]
    let sent = try #require(send(withChecksums(bytes), &nat))
    #expect(number(sent) == 0x1234)
  }

  @Test("§5.3.1: the fragments of a datagram keep a number in common, in any order")
  func fragments() throws {
    for order in [[0, 1, 2], [0, 2, 1]] {
      var nat = NATTable(external: external)
      var numbers: [UInt16] = []
      for source in [host, neighbour] {
        var datagram = Packet(from: source, to: server).bytes(
          payload: Array(repeating: 1, count: 2500))
        datagram[5] = 7
        let fragments = Fragmentation(mtu: 1000).fragments(of: withChecksums(datagram).span)
        var mine: Set<UInt16> = []
        for index in order {
          let sent = try #require(send(fragments[index], &nat))
          #expect(withChecksums(sent) == sent)
          mine.insert(number(sent))
        }
        #expect(mine.count == 1)
        numbers += mine
      }
      #expect(numbers[0] != numbers[1])
    }
  }

  /// Orders in which three fragments come in which the first is there twice.
  static let duplicated = [
    [0, 0, 1, 2], [0, 1, 0, 2], [0, 1, 2, 0], [1, 0, 0, 2], [1, 0, 2, 0], [1, 2, 0, 0],
    [2, 0, 1, 0],
  ]

  @Test("REQ-14: a first fragment that comes twice keeps its number", arguments: duplicated)
  func duplicatedFirst(order: [Int]) throws {
    var nat = NATTable(external: external)
    let datagram = Packet(from: host, to: server).bytes(
      payload: Array(repeating: 1, count: 2500))
    let fragments = Fragmentation(mtu: 1000).fragments(of: datagram.span)
    var queued: [Int] = []
    var numbers: [UInt16] = []
    for index in order {
      guard let sent = send(fragments[index], &nat) else {
        queued.append(index)
        continue
      }
      numbers.append(number(sent))
      while nat.nextAction() != nil {
        for index in queued { numbers.append(number(try #require(send(fragments[index], &nat)))) }
        queued = []
      }
    }
    #expect(numbers.count == order.count)
    #expect(Set(numbers).count == 1)
  }

  @Test("REQ-14: a duplicate that is dropped does not stop the datagram's other fragments")
  func droppedDuplicate() throws {
    var configuration = NATTable.Configuration.portRestrictedCone
    configuration.mappingTimeout = .seconds(1)
    var nat = NATTable(configuration, external: external)
    let outside = try nat.opens(from: host, to: server)
    let datagram = Packet(from: server, to: outside).bytes(
      payload: Array(repeating: 1, count: 2500))
    let fragments = Fragmentation(mtu: 1000).fragments(of: datagram.span)
    func receive(_ index: Int, at now: Instant) -> NATTable.ByteVerdict {
      var bytes = fragments[index]
      var span = bytes.mutableSpan
      return nat.inbound(&span, at: now)
    }
    #expect(receive(0, at: .zero) == .forward)
    #expect(receive(0, at: .seconds(2)) == .drop(.noMapping))
    #expect(receive(1, at: .seconds(2)) == .forward)
  }

  @Test("The kernel changes no Identification, and says so")
  func linux() throws {
    var nat = NATTable(.linux, external: external)
    var bytes = Packet(from: host, to: server).bytes()
    bytes[5] = 7
    #expect(number(try #require(send(withChecksums(bytes), &nat))) == 7)
    #expect(NATTable.Configuration.linux.unmetRequirements.contains(.identification))
  }

  @Test("A busy destination does not use up the numbers of another")
  func generator() {
    var generator = IdentificationGenerator(seed: 1)
    let source: IPv4Address = "203.0.113.7"
    let first = generator.next(from: source, to: "198.51.100.1", .udp)
    var seen: Set<UInt16> = [first]
    for _ in 1..<65536 {
      seen.insert(generator.next(from: source, to: "198.51.100.1", .udp))
      _ = generator.next(from: source, to: "192.0.2.9", .udp)
    }
    #expect(seen.count == 65536)
  }
}
