internal import ByteOrder
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
    bytes.storeBigEndian(MessageType(.indication, method).rawValue, at: start)
    bytes.storeBigEndian(UInt16(end - start - STUNHeader.byteCount), at: start + 2)
    bytes.storeBigEndian(STUNHeader.magicCookie, at: start + 4)
    bytes.storeBigEndian(id.high, at: start + 8)
    bytes.storeBigEndian(id.low, at: start + 12)
    bytes.storeBigEndian(AttributeType.xorPeerAddress.rawValue, at: start + 20)
    bytes.storeBigEndian(UInt16(headerByteCount - STUNHeader.byteCount - 8), at: start + 22)
    bytes.storeBigEndian(xored.port, at: start + 26)
    switch xored.address {
    case .v4(let address):
      bytes.storeBigEndian(UInt16(AddressFamily.ipv4.rawValue), at: start + 24)
      bytes.storeBigEndian(address.rawValue, at: start + 28)
    case .v6(let address):
      bytes.storeBigEndian(UInt16(AddressFamily.ipv6.rawValue), at: start + 24)
      bytes.storeBigEndian(address.high, at: start + 28)
      bytes.storeBigEndian(address.low, at: start + 36)
    }
    bytes.storeBigEndian(AttributeType.data.rawValue, at: payload.lowerBound - 4)
    bytes.storeBigEndian(UInt16(payload.count), at: payload.lowerBound - 2)
    for offset in payload.upperBound..<end { bytes.storeBigEndian(UInt8(0), at: offset) }
    return start..<end
  }
}

extension ChannelData {
  /// Writes the header, and the padding that a stream needs, around data that stay where they are.
  ///
  /// - Returns: the bytes of the whole message; nil where headroom or tail are too short.
  static func writeHeader(
    _ channel: ChannelNumber, around payload: Range<Int>, isPadded: Bool,
    numbers: ClosedRange<UInt16> = ChannelNumber.validValues, in buffer: inout MutableSpan<UInt8>
  ) -> Range<Int>? {
    let start = payload.lowerBound - ChannelDataView.headerByteCount
    var bytes = buffer.mutableBytes
    do throws(STUNEncodingError) {
      let count = try writeHeader(
        channel: channel, dataByteCount: payload.count, isPadded: isPadded, at: start,
        numbers: numbers, into: &bytes)
      return start..<start + count
    } catch {
      return nil
    }
  }
}
