internal import IPPacket

/// Links and the tunnels that are not UDP's.
extension FrameDissector {
  mutating func link(
    _ bytes: Span<UInt8>, _ walk: inout Walk, _ type: LinkType
  ) throws(UnreadReason) -> FrameContents {
    switch type {
    case .ethernet: return try ethernet(bytes, &walk)
    case .raw, .rawDLT, .rawOpenBSD: return try ip(bytes, &walk)
    case .ipv4, .ipv6:
      guard walk.count > 0 else { throw .cut }
      guard bytes[walk.position] >> 4 == (type == .ipv4 ? 4 : 6) else { throw .damaged }
      return try ip(bytes, &walk)
    case .null, .loop: return try loopback(bytes, &walk)
    case .linuxCooked:
      try walk.skip(14)
      return try etherType(bytes, &walk, try walk.word(bytes))
    case .linuxCooked2:
      let type = try walk.word(bytes)
      try walk.skip(18)
      return try etherType(bytes, &walk, type)
    case .ppp, .pppHDLC: return try ppp(bytes, &walk)
    case .pppWithDirection:
      try walk.skip(1)
      return try ppp(bytes, &walk)
    case .pppEthernet: return try pppoe(bytes, &walk)
    case .ciscoHDLC:
      try walk.skip(2)
      return try etherType(bytes, &walk, try walk.word(bytes))
    case .llc: return try llc(bytes, &walk)
    case .wireless: return try wireless(bytes, &walk, isPadded: false)
    case .radiotap: return try radiotap(bytes, &walk)
    case .nflog: return try nflog(bytes, &walk)
    default: throw .linkType(type)
    }
  }

  private mutating func loopback(
    _ bytes: Span<UInt8>, _ walk: inout Walk
  ) throws(UnreadReason) -> FrameContents {
    // AF_INET is 2 everywhere; AF_INET6 is 10, 24, 28 or 30, in either byte order.
    let family = try walk.doubleWord(bytes)
    switch max(family & 0xFF, family >> 24) {
    case 2, 10, 24, 28, 30: return try ip(bytes, &walk)
    default: throw .otherNetwork
    }
  }

  mutating func ethernet(
    _ bytes: Span<UInt8>, _ walk: inout Walk
  ) throws(UnreadReason) -> FrameContents {
    try walk.descend()
    try walk.skip(12)
    return try etherType(bytes, &walk, try walk.word(bytes))
  }

  /// What an EtherType announces, after any VLAN tags.
  private mutating func etherType(
    _ bytes: Span<UInt8>, _ walk: inout Walk, _ type: UInt16
  ) throws(UnreadReason) -> FrameContents {
    var type = type
    // Tags may be stacked; each is two bytes and then the next type (IEEE 802.1Q).
    while type == 0x8100 || type == 0x88A8 || type == 0x9100 || type == 0x9200 {
      try walk.skip(2)
      type = try walk.word(bytes)
    }
    switch type {
    case 0x0800, 0x86DD: return try ip(bytes, &walk)
    case 0x8847, 0x8848: return try mpls(bytes, &walk)
    case 0x8864: return try pppoe(bytes, &walk)
    case 0x6558: return try ethernet(bytes, &walk)
    case 0x880B: return try ppp(bytes, &walk)
    case 0x88E7:
      // Provider backbone bridging: a service tag, then a whole Ethernet frame (IEEE 802.1ah).
      try walk.skip(4)
      return try ethernet(bytes, &walk)
    // Small numbers are lengths, as IEEE 802.3 has them; Linux's "cooked" frames have 4 for LLC.
    case 4, 8..<0x0600: return try llc(bytes, &walk)
    default: throw .etherType(type)
    }
  }

  /// LLC with SNAP (IEEE 802.2, RFC 1042).
  private mutating func llc(
    _ bytes: Span<UInt8>, _ walk: inout Walk
  ) throws(UnreadReason) -> FrameContents {
    let access = try walk.word(bytes)
    _ = try walk.byte(bytes)
    switch access {
    case 0xAAAA:
      // 00:00:00 says that an EtherType follows, and so does 00:00:F8.
      let organization = UInt32(try walk.byte(bytes)) << 16 | UInt32(try walk.word(bytes))
      guard organization == 0 || organization == 0xF8 else { throw .otherNetwork }
      try walk.descend()
      return try etherType(bytes, &walk, try walk.word(bytes))
    case 0x0606: return try ip(bytes, &walk)
    default: throw .otherNetwork
    }
  }

  /// A PPPoE session: version and type, code, session, length (RFC 2516 §4).
  private mutating func pppoe(
    _ bytes: Span<UInt8>, _ walk: inout Walk
  ) throws(UnreadReason) -> FrameContents {
    try walk.skip(6)
    return try ppp(bytes, &walk)
  }

  /// PPP: address and control, which may be missing, and the protocol (RFC 1661 §2, RFC 1662 §3.1).
  private mutating func ppp(
    _ bytes: Span<UInt8>, _ walk: inout Walk
  ) throws(UnreadReason) -> FrameContents {
    try walk.descend()
    guard walk.count >= 2 else { throw .cut }
    switch bytes.word(at: walk.position) {
    case 0xFF03: try walk.skip(2)
    case 0x0F00, 0x8F00:
      // Cisco's HDLC on the same kind of line
      try walk.skip(2)
      return try etherType(bytes, &walk, try walk.word(bytes))
    default: break
    }
    // A protocol of one byte is odd (RFC 1661 §6.5).
    var number = UInt16(try walk.byte(bytes))
    if number & 1 == 0 { number = number << 8 | UInt16(try walk.byte(bytes)) }
    switch number {
    case 0x0021, 0x0057: return try ip(bytes, &walk)
    case 0x0281, 0x0283: return try mpls(bytes, &walk)
    default: throw .otherNetwork
    }
  }

  /// Labels of four bytes, up to the one at the bottom of the stack (RFC 3032 §2.1).
  mutating func mpls(
    _ bytes: Span<UInt8>, _ walk: inout Walk
  ) throws(UnreadReason) -> FrameContents {
    try walk.descend()
    while try walk.doubleWord(bytes) & 0x100 == 0 {}
    guard walk.count > 0 else { throw .cut }
    // The labels do not say what follows: IP shows its version, a pseudowire begins with a control
    // word of zeros (RFC 4385 §3), and otherwise it is Ethernet.
    switch bytes[walk.position] >> 4 {
    case 4, 6: return try ip(bytes, &walk)
    case 0:
      try walk.skip(4)
      return try ethernet(bytes, &walk)
    default: return try ethernet(bytes, &walk)
    }
  }

  /// GRE: flags and version, the EtherType, and what the flags announce (RFC 2784 §2, RFC 2890 §2).
  mutating func gre(
    _ bytes: Span<UInt8>, _ walk: inout Walk
  ) throws(UnreadReason) -> FrameContents {
    let flags = try walk.word(bytes)
    let type = try walk.word(bytes)
    // Source routes of RFC 1701 are not followed.
    guard flags & 0x4000 == 0 else { throw .otherNetwork }
    if flags & 0x8000 != 0 { try walk.skip(4) }
    if flags & 0x2000 != 0 { try walk.skip(4) }
    if flags & 0x1000 != 0 { try walk.skip(4) }
    // PPTP's version adds an acknowledgment (RFC 2637 §4.1).
    if flags & 7 == 1, flags & 0x80 != 0 { try walk.skip(4) }
    try walk.descend()
    guard type == 0x88BE else { return try etherType(bytes, &walk, type) }
    // ERSPAN's second version has a header of its own, and then a sequence number.
    if flags & 0x1000 != 0 { try walk.skip(8) }
    return try ethernet(bytes, &walk)
  }

  /// What Linux's netfilter logs: a family, then attributes of length, type and value.
  private mutating func nflog(
    _ bytes: Span<UInt8>, _ walk: inout Walk
  ) throws(UnreadReason) -> FrameContents {
    try walk.skip(4)
    while walk.count >= 4 {
      // Both numbers are in the byte order of the host; types are small, so their place tells it.
      let (first, second) = (bytes.word(at: walk.position), bytes.word(at: walk.position + 2))
      let isBigEndian = second < 0x100
      let length = Int(isBigEndian ? first : first.byteSwapped)
      let type = isBigEndian ? second : second.byteSwapped
      guard length >= 4 else { throw .damaged }
      // NFULA_PAYLOAD
      if type == 9 {
        try walk.skip(4)
        return try ip(bytes, &walk)
      }
      try walk.skip((length + 3) & ~3)
    }
    throw .cut
  }

  /// IEEE 802.11 after a header that says how long it is, lowest byte first.
  private mutating func radiotap(
    _ bytes: Span<UInt8>, _ walk: inout Walk
  ) throws(UnreadReason) -> FrameContents {
    guard walk.count >= 8 else { throw .cut }
    let start = walk.position
    let length = Int(bytes.word(at: start + 2).byteSwapped)
    let present = bytes.doubleWord(at: start + 4).byteSwapped
    guard length >= 8 else { throw .damaged }
    try walk.skip(length)
    // The flags come first, or after a time that is aligned to eight bytes; more words of what is
    // present may stand before.
    var fields = start + 8
    var word = present
    while word & 0x8000_0000 != 0, fields + 4 <= walk.position {
      word = bytes.doubleWord(at: fields).byteSwapped
      fields += 4
    }
    if present & 1 != 0 { fields = start + ((fields - start + 7) & ~7) + 8 }
    let isPadded = present & 2 != 0 && fields < walk.position && bytes[fields] & 0x20 != 0
    return try wireless(bytes, &walk, isPadded: isPadded)
  }

  /// A data frame of IEEE 802.11, if it is not encrypted (IEEE 802.11 §9.3.2).
  private mutating func wireless(
    _ bytes: Span<UInt8>, _ walk: inout Walk, isPadded: Bool
  ) throws(UnreadReason) -> FrameContents {
    guard walk.count >= 24 else { throw .cut }
    let (control, flags) = (bytes[walk.position], bytes[walk.position + 1])
    let fragment = bytes[walk.position + 22] & 0xF
    // Type 2 is data; 0x40 says that there is none. Protected frames and fragments are not opened.
    guard control & 0x0C == 0x08, control & 0x40 == 0, flags & 0x44 == 0, fragment == 0 else {
      throw .wireless
    }
    var length = 24
    // Both "to" and "from" the distribution system: a fourth address
    if flags & 3 == 3 { length += 6 }
    if control & 0x80 != 0 {
      guard walk.count > length else { throw .cut }
      // Several frames in one are not opened.
      guard bytes[walk.position + length] & 0x80 == 0 else { throw .wireless }
      length += flags & 0x80 != 0 ? 6 : 2
    }
    try walk.skip(isPadded ? (length + 3) & ~3 : length)
    return try llc(bytes, &walk)
  }
}
