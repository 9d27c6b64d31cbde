import STUNCodec

/// What goes between a client and its relay: data from or for a peer, in an envelope.
extension PacketWords {
  /// A Send or Data indication with what is in it: `Send "Hello"`; nil if that is neither text nor STUN.
  static func relayed(_ message: borrowing STUNMessageView) -> String? {
    guard let data = message.data, let content = content(bytes(data)) else { return nil }
    return "\(message.type.method) \(content)"
  }

  /// ChannelData with what is in it: `0x4000 "Hello"`; nil if the payload is none.
  static func channelData(_ payload: [UInt8]) -> String? {
    guard let message = try? ChannelDataView(payload.span.bytes),
      // In a datagram there is at most padding behind it.
      payload.count - 4 - message.data.byteCount < 4
    else { return nil }
    let data = bytes(message.data)
    return "\(message.channel) \(content(data) ?? "\(data.count) bytes")"
  }

  private static func content(_ data: [UInt8]) -> String? {
    stun(data) ?? text(data[...]) ?? media(data)
  }

  private static func bytes(_ span: RawSpan) -> [UInt8] {
    span.byteOffsets.map { span.unsafeLoadUnaligned(fromByteOffset: $0, as: UInt8.self) }
  }
}
