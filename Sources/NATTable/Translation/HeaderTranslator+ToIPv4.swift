import IPPacket
import TransportAddress

/// From IPv6 to IPv4 (RFC 7915 §5).
extension HeaderTranslator {
  /// Reads an IPv6 packet, and decides on everything about its translation but the addresses.
  func planIPv4(
    _ bytes: Span<UInt8>, capacity: Int
  ) throws(TranslationFailure) -> TranslationPlan {
    let ip = try IPLayout(translating: bytes)
    guard ip.isV6 else { throw .untranslatable(.wrongVersion) }
    try checkSource(bytes.address(at: ip.source, isV6: true))
    try checkExtensionHeaders(bytes, ip)
    guard bytes[7] > 1 else { throw .hopLimitExceeded }
    try checkTransport(bytes, ip)

    var plan = TranslationPlan(ip: ip, length: 20 + ip.end - ip.transport)
    if ip.protocol == .icmpv6 {
      let message = try planMessageInIPv4(bytes, ip)
      plan.message = message
      if let embedded = message.embedded {
        plan.length = 28 + embedded.filled + embedded.extensions.count
      }
    }
    // An IPv6 sender relies on no router fragmenting its packets; only what is as short as
    // IPv6 lets it be is cut all the same.
    if plan.length > ipv4MTU, plan.length > 1260 {
      throw .tooBig(mtu: max(1280, ipv4MTU + 20))
    }
    guard plan.length <= capacity else { throw .outputTooShort(needed: plan.length) }
    return plan
  }

  private func planMessageInIPv4(
    _ bytes: Span<UInt8>, _ ip: IPLayout
  ) throws(TranslationFailure) -> TranslationPlan.MessagePlan {
    let kind = ICMPError.Kind(type: bytes[ip.transport], code: bytes[ip.transport + 1])
    if let type = Echo.inIPv4(kind.type) { return TranslationPlan.MessagePlan(type: type, code: 0) }
    guard let translated = kind.inIPv4 else { throw .untranslatable(.unknownMessage) }
    try verifyError(bytes, ip)
    let lengthOfDatagram = Int(bytes[ip.transport + 4]) * 8
    let embedded = try planEmbedded(
      bytes, ip, cut: kind.type == 1 || kind.type == 3 ? lengthOfDatagram : 0)
    var plan = TranslationPlan.MessagePlan(
      type: translated.type, code: translated.code, embedded: embedded)
    let parameter = bytes.doubleWord(at: ip.transport + 4)
    switch (kind.type, kind.code) {
    case (2, _):
      plan.parameter = mtuInIPv4(parameter, hadFragmentHeader: embedded.ip.fragment != nil)
    case (4, 0):
      guard let pointer = ICMPError.Kind.pointerInIPv4(parameter) else {
        throw .untranslatable(.unknownMessage)
      }
      plan.parameter = UInt32(pointer) << 24
    default: break
    }
    // RFC 4884 §4: ICMPv4 states the length of what extensions follow, in words of four bytes.
    if !embedded.extensions.isEmpty { plan.parameter |= UInt32(embedded.filled / 4) << 16 }
    return plan
  }

  /// Writes the packet, whose addresses embed IPv4 ones; the plan has seen to it that it fits.
  mutating func writeIPv4(
    _ plan: TranslationPlan, _ bytes: Span<UInt8>, into output: inout MutableSpan<UInt8>
  ) -> Output {
    let ip = plan.ip
    writeIPv4Header(
      ip, bytes, at: 0, length: plan.length, timeToLive: bytes[7] - 1, into: &output)
    if let message = plan.message {
      write(message, ip, bytes, end: plan.length, into: &output)
    } else {
      output.copy(bytes, ip.transport..<ip.end, to: 20)
      output.exchangePseudoHeader(ip, bytes, at: 20, end: plan.length)
    }
    var result = Output(length: plan.length, isV6: false)
    if plan.length > ipv4MTU { result.fragmentation = Fragmentation(mtu: ipv4MTU) }
    return result
  }

  /// Writes an IPv4 header without options (RFC 7915 §5.1).
  private mutating func writeIPv4Header(
    _ ip: IPLayout, _ bytes: Span<UInt8>, at start: Int, length: Int, timeToLive: UInt8,
    into output: inout MutableSpan<UInt8>
  ) {
    let source = embedded(bytes.address(at: ip.source, isV6: true)) ?? IPv4Address(rawValue: 0)
    let destination =
      embedded(bytes.address(at: ip.destination, isV6: true)) ?? IPv4Address(rawValue: 0)
    let number: TransportProtocol = ip.protocol == .icmpv6 ? .icmp : ip.protocol
    output[start] = 0x45
    output[start + 1] = bytes[ip.start] << 4 | bytes[ip.start + 1] >> 4
    output.write(UInt16(truncatingIfNeeded: min(65535, length)), at: start + 2)
    if let fragment = ip.fragment {
      // RFC 7915 §5.1.1: a fragment keeps the number that it has in common with the others.
      output.write(UInt16(truncatingIfNeeded: fragment.identification), at: start + 4)
      let offset = fragment.offset >> 3
      output.write(offset | (fragment.moreFollow ? 0x2000 : 0), at: start + 6)
    } else if length > 1260 {
      // It will not be fragmented, so the number means nothing (RFC 6864 §4.1).
      output.write(0, at: start + 4)
      output.write(0x4000, at: start + 6)
    } else {
      let identification =
        start == 0 ? identifications.next(from: source, to: destination, number) : 0
      output.write(identification, at: start + 4)
      output.write(0, at: start + 6)
    }
    output[start + 8] = timeToLive
    output[start + 9] = number.rawValue
    output.write(0, at: start + 10)
    output.write(source, at: start + 12)
    output.write(destination, at: start + 16)
    var checksum = Checksum()
    checksum.add(output.span, in: start..<start + 20)
    output.write(checksum.value, at: start + 10)
  }

  private mutating func write(
    _ message: TranslationPlan.MessagePlan, _ ip: IPLayout, _ bytes: Span<UInt8>, end: Int,
    into output: inout MutableSpan<UInt8>
  ) {
    if let embedded = message.embedded {
      output.write(UInt16(truncatingIfNeeded: message.parameter >> 16), at: 24)
      output.write(UInt16(truncatingIfNeeded: message.parameter), at: 26)
      let inner = embedded.ip
      // Its length was that of the whole packet, of which this is the beginning.
      let stated = 40 + Int(bytes.word(at: inner.start + 4)) - (inner.transport - inner.start)
      writeIPv4Header(
        inner, bytes, at: 28, length: 20 + max(0, stated), timeToLive: bytes[inner.start + 7],
        into: &output)
      output.copy(bytes, inner.transport..<inner.transport + embedded.payload, to: 48)
      let innerEnd = 48 + embedded.payload
      if let type = embedded.queryType {
        output[48] = type
        output.exchangePseudoHeader(
          inner, bytes, at: 48, end: innerEnd, oldType: bytes[inner.transport], stated: stated)
      } else {
        output.exchangePseudoHeader(inner, bytes, at: 48, end: innerEnd)
      }
      output.writeExtensions(embedded, bytes, from: innerEnd, to: 28 + embedded.filled)
    } else {
      output.copy(bytes, ip.transport + 4..<ip.end, to: 24)
    }
    output[20] = message.type
    output[21] = message.code
    output.writeMessageChecksum(at: 20, end: end, isV6: false)
  }

  /// RFC 7915 §5.1: a routing header must be at its end; §5.1.1: nothing but the transport header
  /// may follow a Fragment header.
  private func checkExtensionHeaders(
    _ bytes: Span<UInt8>, _ ip: IPLayout
  ) throws(TranslationFailure) {
    var next = bytes[6]
    var offset = 40
    var isBehindFragment = false
    // Every header up to the transport's has been measured already.
    while offset + 8 <= ip.transport {
      if isBehindFragment { throw .untranslatable(.headersBehindFragment) }
      if next == 43, bytes[offset + 3] != 0 { throw .segmentsLeft(offset: offset + 3) }
      isBehindFragment = next == 44
      let length = isBehindFragment ? 8 : (Int(bytes[offset + 1]) + 1) * 8
      next = bytes[offset]
      offset += length
    }
    // The authentication header counts too.
    if isBehindFragment, next == 51 { throw .untranslatable(.headersBehindFragment) }
  }
}
