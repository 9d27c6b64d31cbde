internal import STUNCodec
internal import TransportAddress

/// A Send or Data indication written around data that stays where it is (RFC 8656 §11).
///
///     headroom                                        payload      tail
///     ┌──────────────┬───────────────────┬───────────┬────────────┬─────────┐
///     │ STUN header  │ XOR-PEER-ADDRESS  │ DATA, its │ the data   │ padding │
///     │ 20 bytes     │ 12 or 24 bytes    │ 4 bytes   │            │ 0 to 3  │
///     └──────────────┴───────────────────┴───────────┴────────────┴─────────┘
///
/// Both kinds have the same two attributes, so one function writes them.
enum IndicationHeader {
  /// The headroom that a peer of either family needs.
  static var maximumByteCount: Int { 48 }

  /// The bytes of padding that may follow the data.
  static var maximumPadding: Int { 3 }

  /// How many bytes stand before the data, for this peer.
  static func byteCount(for peer: IPAddress) -> Int {
    switch peer {
    case .v4: STUNHeader.byteCount + 12 + 4
    case .v6: STUNHeader.byteCount + 24 + 4
    }
  }

  /// Writes header and padding around the payload.
  ///
  /// - Returns: the bytes of the whole indication; nil where headroom or tail are too short, or a
  ///   message cannot be as long.
  static func write(
    _ method: STUNMethod, id: TransactionID, peer: TransportAddress, around payload: Range<Int>,
    in buffer: inout MutableSpan<UInt8>
  ) -> Range<Int>? {
    let headerByteCount = byteCount(for: peer.address)
    let start = payload.lowerBound - headerByteCount
    let end = payload.upperBound + (-payload.count & 3)
    guard start >= 0, end <= buffer.count, end - start <= STUNHeader.maximumMessageByteCount else {
      return nil
    }
    let xored = peer.xored(with: id)
    var bytes = buffer.mutableBytes
    bytes.store(MessageType(.indication, method).rawValue, at: start)
    bytes.store(UInt16(end - start - STUNHeader.byteCount), at: start + 2)
    bytes.store(STUNHeader.magicCookie, at: start + 4)
    bytes.store(id.high, at: start + 8)
    bytes.store(id.low, at: start + 12)
    bytes.store(AttributeType.xorPeerAddress.rawValue, at: start + 20)
    bytes.store(UInt16(headerByteCount - STUNHeader.byteCount - 8), at: start + 22)
    bytes.store(xored.port, at: start + 26)
    switch xored.address {
    case .v4(let address):
      bytes.store(UInt16(AddressFamily.ipv4.rawValue), at: start + 24)
      bytes.store(address.rawValue, at: start + 28)
    case .v6(let address):
      bytes.store(UInt16(AddressFamily.ipv6.rawValue), at: start + 24)
      bytes.store(address.high, at: start + 28)
      bytes.store(address.low, at: start + 36)
    }
    bytes.store(AttributeType.data.rawValue, at: payload.lowerBound - 4)
    bytes.store(UInt16(payload.count), at: payload.lowerBound - 2)
    for offset in payload.upperBound..<end { bytes.store(UInt8(0), at: offset) }
    return start..<end
  }
}

/// A ChannelData message written around data that stays where it is (RFC 8656 §12.4).
enum ChannelDataHeader {
  /// Writes the header, and the padding that a stream needs (RFC 8656 §12.5).
  ///
  /// - Returns: the bytes of the whole message; nil where headroom or tail are too short.
  static func write(
    _ channel: ChannelNumber, around payload: Range<Int>, isPadded: Bool,
    in buffer: inout MutableSpan<UInt8>
  ) -> Range<Int>? {
    let start = payload.lowerBound - ChannelDataView.headerByteCount
    let end = payload.upperBound + (isPadded ? -payload.count & 3 : 0)
    guard start >= 0, end <= buffer.count, payload.count <= ChannelData.maximumByteCount else {
      return nil
    }
    var bytes = buffer.mutableBytes
    bytes.store(channel.rawValue, at: start)
    bytes.store(UInt16(payload.count), at: start + 2)
    for offset in payload.upperBound..<end { bytes.store(UInt8(0), at: offset) }
    return start..<end
  }
}

extension MutableRawSpan {
  /// Stores a number, its highest byte first; traps past the end.
  @_lifetime(self: copy self)
  fileprivate mutating func store<Value: FixedWidthInteger & BitwiseCopyable>(
    _ value: Value, at offset: Int
  ) {
    storeBytes(of: value.bigEndian, toByteOffset: offset, as: Value.self)
  }
}
