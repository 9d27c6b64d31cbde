import TransportAddress

extension Packet {
  /// The packet as bytes with right checksums, for tests, captures and drivers that send by
  /// themselves.
  ///
  /// What a NAT does not look at has plain values: sequence numbers and options are none, an error
  /// embeds headers without payload. A later fragment carries the payload alone.
  ///
  /// - Parameter payload: what follows the transport header; cut off at 65 000 bytes.
  public func bytes(payload: [UInt8] = [], timeToLive: UInt8 = 64) -> [UInt8] {
    let payload = payload.prefix(65_000)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(128 + payload.count)
    bytes.appendHeader(source.address, destination.address, `protocol`, timeToLive, fragment)
    let start = bytes.count
    if !isLaterFragment { appendTransportHeader(to: &bytes, payloadLength: payload.count) }
    bytes += payload
    if !isLaterFragment { writeTransportChecksum(&bytes, at: start) }
    bytes.writeLengthAndChecksum(at: 0)
    return bytes
  }

  private func appendTransportHeader(to bytes: inout [UInt8], payloadLength: Int) {
    switch content {
    case .datagram where `protocol` == .udp:
      bytes.append(words: source.port, destination.port, UInt16(8 + payloadLength), 0)
    case .segment(let flags):
      bytes.append(words: source.port, destination.port, 0, 0, 0, 0)
      bytes.append(words: 5 << 12 | UInt16(flags.rawValue), 0xFFFF, 0, 0)
    case .query: bytes.append(words: `protocol` == .icmp ? 8 << 8 : 128 << 8, 0, source.port, 1)
    case .reply: bytes.append(words: `protocol` == .icmp ? 0 : 129 << 8, 0, destination.port, 1)
    case .error(let error):
      bytes.append(words: UInt16(error.kind.type) << 8 | UInt16(error.kind.code), 0, 0, 0)
      error.embedded.append(to: &bytes)
    case .datagram: break
    }
  }

  /// Puts the checksum into the transport header at `start`.
  private func writeTransportChecksum(_ bytes: inout [UInt8], at start: Int) {
    let offset: Int
    switch (`protocol`, content) {
    case (.udp, _): offset = start + 6
    case (.tcp, _): offset = start + 16
    case (.icmp, _), (.icmpv6, _): offset = start + 2
    default: return
    }
    guard bytes.count >= offset + 2 else { return }
    var checksum = Checksum()
    checksum.add(bytes.span, in: start..<bytes.count)
    if `protocol` != .icmp {
      checksum.add(source.address)
      checksum.add(destination.address)
      checksum.add(UInt16(bytes.count - start))
      checksum.add(UInt16(`protocol`.rawValue))
    }
    bytes.set(`protocol` == .udp && checksum.value == 0 ? 0xFFFF : checksum.value, at: offset)
  }
}

extension ICMPError.Embedded {
  /// Appends the IP header and eight bytes, as if the packet had had no payload.
  fileprivate func append(to bytes: inout [UInt8]) {
    let start = bytes.count
    bytes.appendHeader(source.address, destination.address, `protocol`, 1, nil)
    let asker = isReply ? destination.port : source.port
    switch `protocol` {
    case .udp: bytes.append(words: source.port, destination.port, 8, 0)
    case .icmp: bytes.append(words: isReply ? 0 : 8 << 8, 0, asker, 1)
    case .icmpv6: bytes.append(words: isReply ? 129 << 8 : 128 << 8, 0, asker, 1)
    default: bytes.append(words: source.port, destination.port, 0, 0)
    }
    bytes.writeLengthAndChecksum(at: start)
  }
}

extension [UInt8] {
  fileprivate mutating func append(words: UInt16...) {
    for word in words { append(word) }
  }

  private mutating func append(_ word: UInt16) {
    append(UInt8(word >> 8))
    append(UInt8(word & 0xFF))
  }

  private mutating func append(_ address: IPAddress) {
    address.forEachWord { append($0) }
  }

  fileprivate mutating func set(_ word: UInt16, at offset: Int) {
    self[offset] = UInt8(word >> 8)
    self[offset + 1] = UInt8(word & 0xFF)
  }

  /// Appends an IP header (RFC 791 §3.1, RFC 8200 §3) of which `writeLengthAndChecksum` writes the
  /// length later.
  fileprivate mutating func appendHeader(
    _ source: IPAddress, _ destination: IPAddress, _ protocol: TransportProtocol,
    _ timeToLive: UInt8, _ fragment: Fragment?
  ) {
    let number = UInt16(`protocol`.rawValue)
    let identification = fragment?.identification ?? 0
    let low = UInt16(truncatingIfNeeded: identification)
    let offset = fragment?.offset ?? 0
    let moreFollow = fragment?.moreFollow == true
    let isV6 = if case .v6 = source { true } else { false }
    if isV6 {
      append(words: 0x6000, 0, 0, (fragment == nil ? number : 44) << 8 | UInt16(timeToLive))
    } else {
      append(words: 0x4500, 0, low, offset >> 3 | (moreFollow ? 0x2000 : 0))
      append(words: UInt16(timeToLive) << 8 | number, 0)
    }
    append(source)
    append(destination)
    if isV6, fragment != nil {
      // RFC 8200 §4.5
      let high = UInt16(truncatingIfNeeded: identification >> 16)
      append(words: number << 8, offset & 0xFFF8 | (moreFollow ? 1 : 0), high, low)
    }
  }

  /// Writes the length, and in IPv4 the checksum, of the header at `start` of the last packet here.
  fileprivate mutating func writeLengthAndChecksum(at start: Int) {
    let length = count - start
    if self[start] >> 4 == 6 { return set(UInt16(truncatingIfNeeded: length - 40), at: start + 4) }
    set(UInt16(truncatingIfNeeded: length), at: start + 2)
    var checksum = Checksum()
    checksum.add(span, in: start..<start + 20)
    set(checksum.value, at: start + 10)
  }
}

extension Checksum {
  fileprivate mutating func add(_ address: IPAddress) {
    address.forEachWord { add($0) }
  }
}

extension IPAddress {
  /// The words of the address in network order.
  fileprivate func forEachWord(_ body: (UInt16) -> Void) {
    switch self {
    case .v4(let address):
      body(UInt16(address.rawValue >> 16))
      body(UInt16(truncatingIfNeeded: address.rawValue))
    case .v6(let address):
      for shift in stride(from: 48, through: 0, by: -16) {
        body(UInt16(truncatingIfNeeded: address.high >> UInt64(shift)))
      }
      for shift in stride(from: 48, through: 0, by: -16) {
        body(UInt16(truncatingIfNeeded: address.low >> UInt64(shift)))
      }
    }
  }
}
