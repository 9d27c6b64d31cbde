import NATTable
import TransportAddress

/// Cutting up a packet that is larger than a link takes (RFC 791 §3.2).
enum Fragmentation {
  /// The pieces in order, each with its own header; a piece may be cut up again elsewhere.
  ///
  /// - Parameter mtu: the largest piece; at least 68 is assumed, which every link takes (RFC 791 §3.2).
  static func pieces(of packet: Span<UInt8>, mtu: Int) -> [[UInt8]] {
    guard let header = IPv4Header(packet) else { return [] }
    // The offset counts units of eight bytes, so every piece but the last has whole ones.
    let room = max(8, (max(68, mtu) - header.headerLength) & ~7)
    let moreFollow = packet.networkWord(at: 6) & 0x2000
    let first = (0..<header.headerLength).map { packet[$0] }
    let later = withoutUncopiedOptions(first)
    var pieces: [[UInt8]] = []
    var start = header.headerLength
    while start < header.totalLength {
      let end = min(start + room, header.totalLength)
      var piece = start == header.headerLength ? first : later
      let offset = (header.fragmentOffset + start - header.headerLength) / 8
      let isLast = end == header.totalLength
      put(UInt16(header.headerLength + end - start), at: 2, in: &piece)
      put(UInt16(offset & 0x1FFF) | (isLast ? moreFollow : 0x2000), at: 6, in: &piece)
      put(0, at: 10, in: &piece)
      var checksum = Checksum()
      checksum.add(piece.span, in: 0..<piece.count)
      put(checksum.value, at: 10, in: &piece)
      piece.reserveCapacity(piece.count + end - start)
      for index in start..<end { piece.append(packet[index]) }
      pieces.append(piece)
      start = end
    }
    return pieces
  }

  /// The header with "no operation" for each option that only the first piece has (RFC 791 §3.1).
  private static func withoutUncopiedOptions(_ header: [UInt8]) -> [UInt8] {
    var header = header
    var place = 20
    while place < header.count, header[place] != 0 {
      let isSingle = header[place] == 1
      let length = isSingle ? 1 : place + 1 < header.count ? Int(header[place + 1]) : 0
      guard length > 0, place + length <= header.count else { break }
      // The topmost bit of an option says whether it is copied.
      if header[place] & 0x80 == 0 {
        for index in place..<place + length { header[index] = 1 }
      }
      place += length
    }
    return header
  }

  private static func put(_ word: UInt16, at offset: Int, in bytes: inout [UInt8]) {
    bytes[offset] = UInt8(word >> 8)
    bytes[offset + 1] = UInt8(word & 0xFF)
  }
}
