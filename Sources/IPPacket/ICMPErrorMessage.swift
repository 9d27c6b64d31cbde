public import TransportAddress

/// An ICMP error that a router itself sends to the sender of a packet (RFC 792, RFC 4443).
public struct ICMPErrorMessage: Hashable, Sendable {
  /// What happened: type and code.
  public var kind: ICMPError.Kind

  /// The message's second word: an MTU, a pointer or nothing.
  public var parameter: UInt32

  /// An error with its second word.
  public init(_ kind: ICMPError.Kind, parameter: UInt32 = 0) {
    self.kind = kind
    self.parameter = parameter
  }

  /// The packet's time to live, or hop limit, is used up.
  public static func timeExceeded(isV6: Bool) -> Self {
    Self(isV6 ? ICMPError.Kind(type: 3, code: 0) : .timeExceeded)
  }

  /// The packet is longer than the next link takes: "fragmentation needed and DF set" (RFC 792, RFC
  /// 1191 §4), or "packet too big" (RFC 4443 §3.2).
  public static func tooBig(mtu: Int, isV6: Bool) -> Self {
    let mtu = UInt32(clamping: mtu)
    return isV6
      ? Self(ICMPError.Kind(type: 2, code: 0), parameter: mtu)
      : Self(.fragmentationNeeded, parameter: min(mtu, 0xFFFF))
  }

  /// Writes the error as a packet, addressed to the sender of the packet that it is about.
  ///
  /// There is none about an error, in IPv4 a later fragment, or a packet from or to more than one
  /// host (RFC 1122 §3.2.2, RFC 4443 §2.4).
  /// - Parameter reporter: an address of the router's on the sender's side.
  /// - Returns: its length; nil if there must be none or the buffer is too short.
  /// - Complexity: O(its length), which is 576 bytes at most in IPv4, 1280 in IPv6.
  public func write(
    about packet: Span<UInt8>, from reporter: IPAddress, into output: inout MutableSpan<UInt8>
  ) -> Int? {
    guard let ip = try? IPLayout(packet, at: 0, isWhole: true), mayAnswer(packet, ip) else {
      return nil
    }
    let source = packet.address(at: ip.source, isV6: ip.isV6)
    let header = ip.isV6 ? 40 : 20
    let embedded = min(ip.end, (ip.isV6 ? 1280 : 576) - header - 8)
    let length = header + 8 + embedded
    guard output.count >= length else { return nil }
    switch (reporter, source) {
    case (.v4(let reporter), .v4(let source)):
      // RFC 1812 §4.3.2.5: precedence 6, internetwork control
      output.writeIPv4Header(
        length, .icmp, from: reporter, to: source, typeOfService: 0xC0, mayFragment: false)
    case (.v6(let reporter), .v6(let source)):
      output.writeIPv6Header(length - 40, .icmpv6, from: reporter, to: source)
    case (.v4, .v6), (.v6, .v4): return nil
    }
    output[header] = kind.type
    output[header + 1] = kind.code
    output.write(UInt16(truncatingIfNeeded: parameter >> 16), at: header + 4)
    output.write(UInt16(truncatingIfNeeded: parameter), at: header + 6)
    output.copy(packet, 0..<embedded, to: header + 8)
    output.writeMessageChecksum(at: header, end: length, isV6: ip.isV6)
    return length
  }

  private func mayAnswer(_ packet: Span<UInt8>, _ ip: IPLayout) -> Bool {
    if !ip.isV6, (ip.fragment?.offset ?? 0) > 0 { return false }
    switch packet.address(at: ip.source, isV6: ip.isV6).classification {
    case .unspecified, .thisNetwork, .loopback, .multicast, .broadcast: return false
    default: break
    }
    switch packet.address(at: ip.destination, isV6: ip.isV6).classification {
    case .multicast, .broadcast: return false
    default: break
    }
    if ip.protocol == .icmp || ip.protocol == .icmpv6 {
      guard ip.transport < ip.end, (ip.fragment?.offset ?? 0) == 0 else { return false }
      let type = packet[ip.transport]
      // In IPv4 the queries are known, and all else may be an error; in IPv6 the number says it.
      return ip.isV6 ? type >= 128 : type == 0 || type == 8 || (13...18).contains(type)
    }
    return true
  }
}

extension MutableSpan<UInt8> {
  /// Writes the header of a packet that begins here, without options.
  @inlinable
  package mutating func writeIPv4Header(
    _ length: Int, _ protocol: TransportProtocol, from source: IPv4Address,
    to destination: IPv4Address, typeOfService: UInt8, mayFragment: Bool
  ) {
    let length = UInt32(UInt16(truncatingIfNeeded: length))
    write(doubleWord: 0x4500_0000 | UInt32(typeOfService) << 16 | length, at: 0)
    write(doubleWord: mayFragment ? 0 : 0x4000, at: 4)
    write(doubleWord: 64 << 24 | UInt32(`protocol`.rawValue) << 16, at: 8)
    write(source, at: 12)
    write(destination, at: 16)
    var checksum = Checksum()
    checksum.add(span, in: 0..<20)
    write(checksum.value, at: 10)
  }

  /// Writes the header of a packet that begins here, without extensions.
  package mutating func writeIPv6Header(
    _ payload: Int, _ protocol: TransportProtocol, from source: IPv6Address,
    to destination: IPv6Address
  ) {
    write(0x6000, at: 0)
    write(0, at: 2)
    write(UInt16(truncatingIfNeeded: payload), at: 4)
    self[6] = `protocol`.rawValue
    self[7] = 64
    write(source, at: 8)
    write(destination, at: 24)
  }
}
