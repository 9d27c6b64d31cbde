import NATTable
import Testing
import TransportAddress

@testable import LiveNetwork

@Suite struct FragmentationTests {
  /// Puts pieces together again, as their receiver does.
  private func whole(_ pieces: [[UInt8]]) -> [UInt8] {
    var data: [UInt8] = []
    for piece in pieces {
      let length = Int(piece[0] & 0xF) * 4
      let offset = (Int(piece[6] & 0x1F) << 8 | Int(piece[7])) * 8
      data += Array(repeating: 0, count: max(0, offset + piece.count - length - data.count))
      data.replaceSubrange(offset..<offset + piece.count - length, with: piece[length...])
    }
    return data
  }

  @Test("The pieces of a datagram fit the link and make up the datagram again, for every size")
  func pieces() {
    for count in [1, 1372, 1373, 1380, 2000, 4000, 60_000] {
      for mtu in [68, 576, 1280, 1499] {
        let packet = datagram(count: count)
        let pieces = Fragmentation.pieces(of: packet.span, mtu: mtu)
        #expect(pieces.allSatisfy { $0.count <= mtu && $0.hasRightChecksums })
        #expect(pieces.allSatisfy { Int($0[2]) << 8 | Int($0[3]) == $0.count })
        #expect(pieces.dropLast().allSatisfy { $0[6] & 0x20 != 0 })
        #expect(pieces.last.map { $0[6] & 0x20 } == 0)
        #expect(whole(pieces) == Array(packet.dropFirst(20)))
      }
    }
  }

  @Test("A piece can be cut up once more")
  func again() {
    let packet = datagram(count: 5000)
    let pieces = Fragmentation.pieces(of: packet.span, mtu: 1500).flatMap {
      Fragmentation.pieces(of: $0.span, mtu: 600)
    }
    #expect(whole(pieces) == Array(packet.dropFirst(20)))
    #expect(pieces.count { $0[6] & 0x20 == 0 } == 1)
  }

  @Test("Of the options only those that say so are in every piece (RFC 791 §3.1)")
  func options() {
    // Record route, which is not copied, and router alert, which is.
    let options: [UInt8] = [7, 7, 4, 0, 0, 0, 0, 0x94, 4, 0, 0, 0]
    var packet = datagram(count: 1000)
    packet.insert(contentsOf: options, at: 20)
    packet[0] = 0x48
    packet[2] = UInt8(packet.count >> 8)
    packet[3] = UInt8(packet.count & 0xFF)
    packet.sealHeader()
    let pieces = Fragmentation.pieces(of: packet.span, mtu: 576)
    #expect(Array(pieces[0][20..<32]) == options)
    #expect(Array(pieces[1][20..<32]) == [1, 1, 1, 1, 1, 1, 1, 0x94, 4, 0, 0, 0])
    #expect(pieces.allSatisfy { $0.hasRightChecksums })
    #expect(whole(pieces) == Array(packet.dropFirst(32)))
  }

  @Test("The router cuts up what is too large for the next link and may be cut (REQ-13a)")
  func router() throws {
    var bench = Bench(mtu: (inside: 1500, outside: 1280))
    let outcome = bench.receive(datagram(count: 1400), from: .inside)
    #expect(outcome.verdict == .cutUp(makesMapping: true))
    #expect(outcome.sent.count == 2)
    #expect(outcome.sent.allSatisfy { $0.side == .outside && $0.bytes.count <= 1280 })
    let data = whole(outcome.sent.map(\.bytes))
    #expect(data.count == 1408)
    // The whole datagram's checksum covers the translated addresses and ports.
    var checksum = Checksum()
    checksum.add(data.span, in: 0..<data.count)
    let first = outcome.sent[0].bytes
    checksum.add(first.span, in: 12..<20)
    checksum.add(17)
    checksum.add(1408)
    #expect(checksum.value == 0)
  }
}
