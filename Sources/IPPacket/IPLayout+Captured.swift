internal import TransportAddress

extension IPLayout {
  /// Finds the parts of an IP header in a captured packet, which may be cut off anywhere after it.
  ///
  /// Lengths and checksums that the network card was to fill in are no error: a length of 0 stands
  /// for all that was there. IPv6's extension headers are stepped over up to a fragment header, after
  /// which the fragment's payload begins (RFC 8200 §4).
  ///
  /// - Parameters:
  ///   - missing: how many bytes after the last of `bytes` the capture did not keep.
  /// - Returns: the layout, and how many bytes of the packet the capture did not keep.
  package static func captured(
    _ bytes: Span<UInt8>, at start: Int, missing: Int
  ) throws(PacketError) -> (layout: IPLayout, missing: Int) {
    guard start < bytes.count else { throw PacketError(offset: start, reason: .truncated) }
    let isV6 = bytes[start] >> 4 == 6
    guard isV6 || bytes[start] >> 4 == 4 else {
      throw PacketError(offset: start, reason: .unknownVersion)
    }
    let headerLength = isV6 ? 40 : Int(bytes[start] & 0xF) * 4
    guard headerLength >= 20 else { throw PacketError(offset: start, reason: .headerTooShort) }
    guard bytes.count - start >= headerLength else {
      throw PacketError(offset: bytes.count, reason: .truncated)
    }
    let stated = Int(bytes.word(at: start + (isV6 ? 4 : 2)))
    let left = bytes.count - start + missing
    let length = stated == 0 ? left : isV6 ? 40 + stated : stated
    guard length >= headerLength else {
      throw PacketError(offset: start + 2, reason: .headerTooShort)
    }
    var layout = IPLayout(
      start: start, isV6: isV6,
      protocol: TransportProtocol(rawValue: bytes[start + (isV6 ? 6 : 9)]),
      transport: start + headerLength, end: min(start + length, bytes.count), fragment: nil)
    if isV6 {
      try layout.stepOverExtensions(bytes)
    } else {
      let flags = bytes.word(at: start + 6)
      if flags & 0x3FFF != 0 {
        layout.fragment = Fragment(
          identification: UInt32(bytes.word(at: start + 4)), offset: (flags & 0x1FFF) << 3,
          moreFollow: flags & 0x2000 != 0)
      }
    }
    return (layout, start + length - layout.end)
  }

  private mutating func stepOverExtensions(_ bytes: Span<UInt8>) throws(PacketError) {
    var headers = 0
    while true {
      var length = try extensionLength(bytes)
      // Authentication counts in words of four bytes (RFC 4302 §2.2); mobility, HIP and Shim6 count
      // as the others do.
      switch `protocol`.rawValue {
      case 51 where end - transport >= 8: length = (Int(bytes[transport + 1]) + 2) * 4
      case 135 where end - transport >= 8, 139 where end - transport >= 8,
        140 where end - transport >= 8:
        length = (Int(bytes[transport + 1]) + 1) * 8
      default: break
      }
      guard let length else { return }
      headers += 1
      guard headers <= 8 else {
        throw PacketError(offset: transport, reason: .tooManyExtensionHeaders)
      }
      guard end - transport >= length else { throw PacketError(offset: end, reason: .truncated) }
      `protocol` = TransportProtocol(rawValue: bytes[transport])
      transport += length
      if let fragment {
        if fragment.offset > 0 || fragment.moreFollow { return }
        // A header that cuts off nothing is stepped over like any other (RFC 8200 §4.5).
        self.fragment = nil
      }
    }
  }
}
