import ByteOrder

extension RTCPPacket {
  /// Reads a compound packet, all of it or nothing.
  ///
  /// What RFC 3550 A.2 asks for is checked: a report comes first, the version is 2 throughout, the lengths
  /// add up, and only the last packet is padded. What a profile has put behind report blocks is left out,
  /// and so is the reason of a goodbye.
  /// - Throws: for bytes that are none. Unknown types are no errors.
  /// - Complexity: O(*n*) in the bytes.
  public static func compound(_ bytes: Span<UInt8>) throws(RTPError) -> [RTCPPacket] {
    let raw = bytes.bytes
    var packets: [RTCPPacket] = []
    var start = 0
    repeat {
      let rest = raw.byteCount - start
      guard rest >= 4 else { throw RTPError(.controlHeaderTruncated, at: start, found: rest) }
      let first = bytes[start]
      guard first >> 6 == 2 else {
        throw RTPError(.wrongVersion, at: start, expected: 2, found: Int(first >> 6))
      }
      let type = bytes[start + 1]
      guard start > 0 || type == 200 || type == 201 else {
        throw RTPError(.noReport, at: 1, found: Int(type))
      }
      let length = 4 * (Int(raw.bigEndian16(at: start + 2)) + 1)
      guard length <= rest else {
        throw RTPError(.controlTruncated, at: start, expected: length, found: rest)
      }
      var end = start + length
      if first & 0x20 != 0 {
        guard length == rest else { throw RTPError(.paddedInside, at: start) }
        let padding = Int(bytes[end - 1])
        // Whole words, as what is padded is a multiple of 4 (RFC 3550 §6.4.1).
        guard length > 4, padding > 0, padding % 4 == 0, padding <= length - 4 else {
          throw RTPError(.wrongPadding, at: end - 1, expected: length - 4, found: padding)
        }
        end -= padding
      }
      packets.append(
        try packet(
          raw.extracting((start + 4)..<end), type: type, count: first & 0x1F, at: start + 4))
      start += length
    } while start < raw.byteCount
    return packets
  }

  /// Reads a compound packet, all of it or nothing.
  ///
  /// - Throws: for bytes that are none.
  public static func compound(_ bytes: [UInt8]) throws(RTPError) -> [RTCPPacket] {
    try compound(bytes.span)
  }

  private static func packet(
    _ content: RawSpan, type: UInt8, count: UInt8, at offset: Int
  ) throws(RTPError) -> RTCPPacket {
    func demand(_ byteCount: Int) throws(RTPError) {
      guard content.byteCount >= byteCount else {
        throw RTPError(
          .contentTruncated, at: offset, expected: byteCount, found: content.byteCount)
      }
    }
    let blocksByteCount = Int(count) * ReportBlock.byteCount
    switch type {
    case 200:
      try demand(24 + blocksByteCount)
      let info = SenderInfo(
        time: NTPTime(
          seconds: content.bigEndian32(at: 4), fraction: content.bigEndian32(at: 8)),
        timestamp: content.bigEndian32(at: 12), packetCount: content.bigEndian32(at: 16),
        byteCount: content.bigEndian32(at: 20))
      return .senderReport(
        source: content.bigEndian32(at: 0), info, blocks(content, from: 24, Int(count)))
    case 201:
      try demand(4 + blocksByteCount)
      return .receiverReport(
        source: content.bigEndian32(at: 0), blocks(content, from: 4, Int(count)))
    case 202: return .sourceDescription(try descriptions(content, Int(count), at: offset))
    case 203:
      try demand(4 * Int(count))
      return .goodbye((0..<Int(count)).map { content.bigEndian32(at: 4 * $0) })
    default:
      return .other(
        type: type, count: count,
        content: content.byteOffsets.map { content.byte(at: $0) })
    }
  }

  private static func blocks(_ content: RawSpan, from start: Int, _ count: Int) -> [ReportBlock] {
    (0..<count).map { index in
      let at = start + index * ReportBlock.byteCount
      let lost = content.bigEndian32(at: at + 4)
      return ReportBlock(
        source: content.bigEndian32(at: at), fractionLost: UInt8(truncatingIfNeeded: lost >> 24),
        // 24 bits with a sign.
        cumulativeLost: Int32(bitPattern: lost << 8) >> 8,
        highestSequenceNumber: content.bigEndian32(at: at + 8),
        jitter: content.bigEndian32(at: at + 12),
        lastSenderReport: content.bigEndian32(at: at + 16),
        delaySinceLastSenderReport: content.bigEndian32(at: at + 20))
    }
  }

  /// Chunks of a source and its items, each padded with 1 to 4 bytes of 0 to whole words.
  private static func descriptions(
    _ content: RawSpan, _ count: Int, at offset: Int
  ) throws(RTPError) -> [SourceDescription] {
    var descriptions: [SourceDescription] = []
    var at = 0
    while descriptions.count < count {
      guard content.byteCount - at >= 4 else {
        throw RTPError(.malformedDescription, at: offset + at)
      }
      var description = SourceDescription(
        source: content.bigEndian32(at: at), canonicalName: nil)
      at += 4
      while true {
        guard at < content.byteCount else {
          throw RTPError(.malformedDescription, at: offset + at)
        }
        let item = content.byte(at: at)
        if item == 0 { break }
        guard at + 1 < content.byteCount,
          content.byteCount - at - 2 >= Int(content.byte(at: at + 1))
        else { throw RTPError(.malformedDescription, at: offset + at) }
        let end = at + 2 + Int(content.byte(at: at + 1))
        if item == 1 {
          let name = ((at + 2)..<end).map { content.byte(at: $0) }
          guard let text = String(validating: name, as: UTF8.self) else {
            throw RTPError(.malformedDescription, at: offset + at)
          }
          description.canonicalName = text
        }
        at = end
      }
      at = (at + 4) & ~3
      descriptions.append(description)
    }
    return descriptions
  }
}

extension RawSpan {
  /// A byte; traps past the end.
  func byte(at offset: Int) -> UInt8 { unsafeLoad(fromByteOffset: offset, as: UInt8.self) }
}
