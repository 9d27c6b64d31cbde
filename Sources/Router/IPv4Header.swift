import IPPacket
import TransportAddress

/// The fields of an IPv4 header that a router looks at besides the addresses (RFC 791 §3.1).
///
/// They are read and not verified: whether the whole is a packet is for the table to say, which a
/// packet with wrong fields does not pass.
struct IPv4Header {
  var headerLength: Int
  var totalLength: Int
  var mustNotFragment: Bool
  var timeToLive: UInt8
  var `protocol`: UInt8
  var source: IPv4Address
  var destination: IPv4Address

  /// nil if it is another version, or too short for a header.
  init?(_ bytes: Span<UInt8>) {
    guard bytes.count >= 20, bytes[0] >> 4 == 4 else { return nil }
    headerLength = Int(bytes[0] & 0xF) * 4
    totalLength = Int(bytes.networkWord(at: 2))
    guard headerLength >= 20, headerLength <= totalLength, totalLength <= bytes.count else {
      return nil
    }
    mustNotFragment = bytes.networkWord(at: 6) & 0x4000 != 0
    timeToLive = bytes[8]
    `protocol` = bytes[9]
    source = bytes.networkAddress(at: 12)
    destination = bytes.networkAddress(at: 16)
  }

  /// The length that counts on a link: of what a long segment will be cut into, where it is one.
  func length(_ offload: Offload) -> Int {
    offload.segmentSize > 0
      ? min(totalLength, offload.headerLength + offload.segmentSize) : totalLength
  }

  /// Whether no router may forward it: to a group, to everybody, from or to this link alone.
  var isLinkLocal: Bool {
    destination.isForLinksOnly || source.isForLinksOnly
  }
}

extension IPv4Address {
  /// This network, loopback, link-local, groups, reserved and everybody (RFC 6890 §2.2.2).
  fileprivate var isForLinksOnly: Bool {
    let first = rawValue >> 24
    return first == 0 || first == 127 || first >= 224 || rawValue >> 16 == 0xA9FE
  }
}

extension Span<UInt8> {
  /// Whether this is an IPv6 packet that no router may forward: from or to this link, or to a group.
  var isLinkLocalV6: Bool {
    guard count >= 40, self[0] >> 4 == 6 else { return false }
    func isLinkLocal(_ offset: Int) -> Bool {
      self[offset] == 0xFE && self[offset + 1] & 0xC0 == 0x80
    }
    return self[24] == 0xFF || isLinkLocal(8) || isLinkLocal(24)
  }
}

/// Network order; every caller has checked the length.
extension Span<UInt8> {
  func networkWord(at offset: Int) -> UInt16 {
    UInt16(self[offset]) << 8 | UInt16(self[offset + 1])
  }

  func networkAddress(at offset: Int) -> IPv4Address {
    IPv4Address(self[offset], self[offset + 1], self[offset + 2], self[offset + 3])
  }
}

extension MutableSpan<UInt8> {
  mutating func putNetworkWord(_ word: UInt16, at offset: Int) {
    self[offset] = UInt8(truncatingIfNeeded: word >> 8)
    self[offset + 1] = UInt8(truncatingIfNeeded: word)
  }
}
