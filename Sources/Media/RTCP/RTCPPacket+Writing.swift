extension RTCPPacket {
  /// Appends the packet to a buffer.
  ///
  /// - Precondition: it has at most 31 blocks or sources, names of at most 255 bytes, and content of whole
  ///   words.
  /// - Complexity: O(*n*) in the bytes.
  public func append(to buffer: inout [UInt8]) {
    let start = buffer.count
    buffer += [0, type, 0, 0]
    let count: Int
    switch self {
    case .senderReport(let source, let info, let blocks):
      count = blocks.count
      buffer.appendBigEndian(source)
      buffer.appendBigEndian(info.time.seconds)
      buffer.appendBigEndian(info.time.fraction)
      buffer.appendBigEndian(info.timestamp)
      buffer.appendBigEndian(info.packetCount)
      buffer.appendBigEndian(info.byteCount)
      for block in blocks { block.append(to: &buffer) }
    case .receiverReport(let source, let blocks):
      count = blocks.count
      buffer.appendBigEndian(source)
      for block in blocks { block.append(to: &buffer) }
    case .sourceDescription(let sources):
      count = sources.count
      for source in sources {
        buffer.appendBigEndian(source.source)
        if let name = source.canonicalName {
          precondition(name.utf8.count <= 255, "a canonical name has at most 255 bytes")
          buffer += [1, UInt8(name.utf8.count)] + Array(name.utf8)
        }
        // One byte of 0 at least ends the items.
        repeat { buffer.append(0) } while (buffer.count - start) % 4 != 0
      }
    case .goodbye(let sources):
      count = sources.count
      for source in sources { buffer.appendBigEndian(source) }
    case .other(_, let number, let content):
      count = Int(number)
      buffer += content
    }
    let byteCount = buffer.count - start
    precondition(count <= 31 && byteCount % 4 == 0 && byteCount <= 1 << 18)
    buffer[start] = 0x80 | UInt8(count)
    buffer[start + 2] = UInt8(truncatingIfNeeded: (byteCount / 4 - 1) >> 8)
    buffer[start + 3] = UInt8(truncatingIfNeeded: byteCount / 4 - 1)
  }

  /// The bytes of a compound packet.
  ///
  /// - Precondition: each packet can be written; a report comes first.
  public static func encode(_ packets: [RTCPPacket]) -> [UInt8] {
    var bytes: [UInt8] = []
    for packet in packets { packet.append(to: &bytes) }
    return bytes
  }
}

extension ReportBlock {
  func append(to buffer: inout [UInt8]) {
    buffer.appendBigEndian(source)
    let lost = UInt32(bitPattern: cumulativeLost) & 0xFF_FFFF
    buffer.appendBigEndian(UInt32(fractionLost) << 24 | lost)
    buffer.appendBigEndian(highestSequenceNumber)
    buffer.appendBigEndian(jitter)
    buffer.appendBigEndian(lastSenderReport)
    buffer.appendBigEndian(delaySinceLastSenderReport)
  }
}
