internal import IPPacket

/// A tunnel over UDP: how long its header is, and what follows.
///
/// A port is no proof, for STUN may use any of them: a header must be sound as well.
struct Tunnel {
  enum Content {
    case ethernet, ip, mpls
  }

  let headerByteCount: Int
  let content: Content

  private init(_ headerByteCount: Int, _ content: Content) {
    self.headerByteCount = headerByteCount
    self.content = content
  }

  /// Looks at a datagram's payload, from `start` to the end of `bytes`; nil where it is no tunnel.
  init?(_ bytes: Span<UInt8>, at start: Int, _ source: UInt16, _ destination: UInt16) {
    guard bytes.count - start > 8, bytes.doubleWord(at: start + 4) != 0x2112_A442 else {
      return nil
    }
    func isPort(_ number: UInt16) -> Bool { source == number || destination == number }
    let found: Tunnel? =
      if destination == 4789 || destination == 8472 || destination == 4790 {
        Self.vxlan(bytes, start)
      } else if destination == 6081 {
        Self.geneve(bytes, start)
      } else if isPort(2152) {
        Self.gtp(bytes, start)
      } else if isPort(3544) {
        Self.teredo(bytes, start)
      } else if destination == 6635 {
        // RFC 7510 §3: a label with a TTL.
        bytes[start] < 0x40 ? nil : Tunnel(0, .mpls)
      } else {
        nil
      }
    guard let found else { return nil }
    self = found
  }

  // RFC 7348 §5: only the I flag, reserved bits of zero. The generic extension has a next protocol.
  private static func vxlan(_ bytes: Span<UInt8>, _ start: Int) -> Tunnel? {
    guard bytes[start + 7] == 0, bytes[start + 1] == 0, bytes[start + 2] == 0 else { return nil }
    switch (bytes[start], bytes[start + 3]) {
    case (0x08, 0), (0x0C, 3): return Tunnel(8, .ethernet)
    case (0x0C, 1), (0x0C, 2): return Tunnel(8, .ip)
    default: return nil
    }
  }

  // RFC 8926 §3.4: version 0, the options' length in words, reserved bits of zero.
  private static func geneve(_ bytes: Span<UInt8>, _ start: Int) -> Tunnel? {
    guard bytes[start] < 0x40, bytes[start + 1] & 0x3F == 0, bytes[start + 7] == 0 else {
      return nil
    }
    let length = 8 + Int(bytes[start]) * 4
    switch bytes.word(at: start + 2) {
    case 0x6558: return Tunnel(length, .ethernet)
    case 0x0800, 0x86DD: return Tunnel(length, .ip)
    default: return nil
    }
  }

  // 3GPP TS 29.281 §5.1: version 1, message type 255 (G-PDU), a length without the first 8 bytes.
  private static func gtp(_ bytes: Span<UInt8>, _ start: Int) -> Tunnel? {
    let flags = bytes[start]
    guard flags & 0xF8 == 0x30, bytes[start + 1] == 0xFF else { return nil }
    var length = 8
    if flags & 7 != 0 {
      length += 4
      guard bytes.count - start >= length else { return nil }
      var next = flags & 4 == 0 ? 0 : bytes[start + 11]
      // Each extension begins with its length in words and ends with the next one's type.
      while next != 0 {
        guard bytes.count - start > length else { return nil }
        let size = Int(bytes[start + length]) * 4
        guard size > 0, bytes.count - start >= length + size else { return nil }
        length += size
        next = bytes[start + length - 1]
      }
    }
    return isIP(bytes, start + length) ? Tunnel(length, .ip) : nil
  }

  // RFC 4380 §5.1.1: an authentication and an origin may stand before the IPv6 packet.
  private static func teredo(_ bytes: Span<UInt8>, _ start: Int) -> Tunnel? {
    var at = start
    if bytes.word(at: at) == 1 {
      at += 13 + Int(bytes[at + 2]) + Int(bytes[at + 3])
    }
    guard bytes.count - at >= 2 else { return nil }
    if bytes.word(at: at) == 0 { at += 8 }
    guard bytes.count - at >= 40, bytes[at] >> 4 == 6,
      Int(bytes.word(at: at + 4)) + 40 >= bytes.count - at
    else { return nil }
    return Tunnel(at - start, .ip)
  }

  private static func isIP(_ bytes: Span<UInt8>, _ at: Int) -> Bool {
    at < bytes.count && (bytes[at] >> 4 == 4 || bytes[at] >> 4 == 6)
  }
}
