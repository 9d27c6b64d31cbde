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
    let payload = Array(payload.prefix(65_000))
    var body: [UInt8]
    if isLaterFragment {
      body = payload
    } else {
      body = transportHeader(payload)
      body += payload
      sealTransport(&body)
    }
    return Self.header(
      source.address, destination.address, `protocol`, body.count, timeToLive, fragment) + body
  }

  private func transportHeader(_ payload: [UInt8]) -> [UInt8] {
    switch content {
    case .datagram where `protocol` == .udp:
      return big(source.port) + big(destination.port) + big(UInt16(8 + payload.count)) + [0, 0]
    case .segment(let flags):
      return big(source.port) + big(destination.port) + [0, 0, 0, 0, 0, 0, 0, 0, 5 << 4]
        + [flags.rawValue, 0xFF, 0xFF, 0, 0, 0, 0]
    case .query: return [`protocol` == .icmp ? 8 : 128, 0, 0, 0] + big(source.port) + [0, 1]
    case .reply: return [`protocol` == .icmp ? 0 : 129, 0, 0, 0] + big(destination.port) + [0, 1]
    case .error(let error):
      return [error.kind.type, error.kind.code, 0, 0, 0, 0, 0, 0] + error.embedded.bytes
    case .datagram: return []
    }
  }

  /// Puts the checksum into a transport header and its payload.
  private func sealTransport(_ body: inout [UInt8]) {
    let place: Int
    switch (`protocol`, content) {
    case (.udp, _): place = 6
    case (.tcp, _): place = 16
    case (.icmp, _), (.icmpv6, _): place = 2
    default: return
    }
    guard body.count >= place + 2 else { return }
    var checksum = Checksum()
    checksum.add(body.span, in: 0..<body.count)
    if `protocol` != .icmp {
      let addresses = source.address.bytes + destination.address.bytes
      checksum.add(addresses.span, in: 0..<addresses.count)
      checksum.add(UInt16(body.count))
      checksum.add(UInt16(`protocol`.rawValue))
    }
    let value = `protocol` == .udp && checksum.value == 0 ? 0xFFFF : checksum.value
    body.replaceSubrange(place..<place + 2, with: big(value))
  }

  fileprivate static func header(
    _ source: IPAddress, _ destination: IPAddress, _ protocol: TransportProtocol,
    _ length: Int, _ timeToLive: UInt8, _ fragment: Fragment?
  ) -> [UInt8] {
    let addresses = source.bytes + destination.bytes
    if case .v6 = source {
      let inner: [UInt8]
      if let fragment {
        let low = UInt16(truncatingIfNeeded: fragment.identification)
        let high = UInt16(truncatingIfNeeded: fragment.identification >> 16)
        inner =
          [`protocol`.rawValue, 0] + big(fragment.offset & 0xFFF8 | (fragment.moreFollow ? 1 : 0))
          + big(high) + big(low)
      } else {
        inner = []
      }
      let next = fragment == nil ? `protocol`.rawValue : 44
      return [0x60, 0, 0, 0] + big(UInt16(length + inner.count)) + [next, timeToLive] + addresses
        + inner
    }
    var header: [UInt8] = [0x45, 0] + big(UInt16(20 + length))
    header += big(UInt16(truncatingIfNeeded: fragment?.identification ?? 0))
    header += big((fragment?.offset ?? 0) >> 3 | (fragment?.moreFollow == true ? 0x2000 : 0))
    header += [timeToLive, `protocol`.rawValue, 0, 0] + addresses
    var checksum = Checksum()
    checksum.add(header.span, in: 0..<20)
    header.replaceSubrange(10..<12, with: big(checksum.value))
    return header
  }
}

extension ICMPError.Embedded {
  /// The IP header and eight bytes, as if the packet had had no payload.
  fileprivate var bytes: [UInt8] {
    let first: [UInt8] =
      switch `protocol` {
      case .udp: big(source.port) + big(destination.port) + [0, 8, 0, 0]
      case .icmp:
        [isReply ? 0 : 8, 0, 0, 0] + big(isReply ? destination.port : source.port) + [0, 1]
      case .icmpv6:
        [isReply ? 129 : 128, 0, 0, 0] + big(isReply ? destination.port : source.port) + [0, 1]
      default: big(source.port) + big(destination.port) + [0, 0, 0, 0]
      }
    return Packet.header(source.address, destination.address, `protocol`, 8, 1, nil) + first
  }
}

extension IPAddress {
  /// The address in network order.
  fileprivate var bytes: [UInt8] {
    switch self {
    case .v4(let address):
      stride(from: 24, through: 0, by: -8).map {
        UInt8(truncatingIfNeeded: address.rawValue >> UInt32($0))
      }
    case .v6(let address):
      [address.high, address.low].flatMap { half in
        stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: half >> UInt64($0)) }
      }
    }
  }
}

private func big(_ word: UInt16) -> [UInt8] {
  [UInt8(truncatingIfNeeded: word >> 8), UInt8(truncatingIfNeeded: word)]
}
