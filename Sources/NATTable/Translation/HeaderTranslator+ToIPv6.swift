import IPPacket
import TransportAddress

/// From IPv4 to IPv6 (RFC 7915 §4).
extension HeaderTranslator {
  /// Reads an IPv4 packet, and decides on everything about its translation.
  func planIPv6(
    _ bytes: Span<UInt8>, capacity: Int
  ) throws(TranslationFailure) -> TranslationPlan {
    let ip = try IPLayout(translating: bytes)
    guard !ip.isV6 else { throw .untranslatable(.wrongVersion) }
    // RFC 7915 §4.1: an error may come from a router without an address of its own; it helps all
    // the same.
    let isError =
      ip.protocol == .icmp && ip.transport < ip.end && !isEcho(bytes[ip.transport])
    if !isError { try checkSource(bytes.address(at: ip.source, isV6: false)) }
    guard isError || mayEmbed(bytes.addressV4(at: ip.source)),
      mayEmbed(bytes.addressV4(at: ip.destination))
    else { throw .untranslatable(.notGlobal) }
    if hasSourceRoute(bytes, ip) { throw .sourceRouted }
    guard bytes[8] > 1 else { throw .hopLimitExceeded }
    try checkTransport(bytes, ip)

    var plan = TranslationPlan(ip: ip, length: 0)
    plan.length = ip.headerLengthInIPv6 + ip.end - ip.transport
    if ip.protocol == .icmp {
      let message = try planMessageInIPv6(bytes, ip)
      plan.message = message
      if let embedded = message.embedded {
        plan.length = 48 + embedded.filled + embedded.extensions.count
      }
    }
    let isWhole = bytes.word(at: 6) & 0x4000 != 0
    if isWhole, plan.length > ipv6MTU { throw .tooBig(mtu: ipv6MTU - 20) }
    guard plan.length <= capacity else { throw .outputTooShort(needed: plan.length) }
    return plan
  }

  private func isEcho(_ type: UInt8) -> Bool { Echo.inIPv6(type) != nil }

  private func planMessageInIPv6(
    _ bytes: Span<UInt8>, _ ip: IPLayout
  ) throws(TranslationFailure) -> TranslationPlan.MessagePlan {
    let kind = ICMPError.Kind(type: bytes[ip.transport], code: bytes[ip.transport + 1])
    if let type = Echo.inIPv6(kind.type) { return TranslationPlan.MessagePlan(type: type, code: 0) }
    guard let translated = kind.inIPv6 else { throw .untranslatable(.unknownMessage) }
    try verifyError(bytes, ip)
    let lengthOfDatagram = Int(bytes[ip.transport + 5]) * 4
    let embedded = try planEmbedded(
      bytes, ip, cut: kind.type == 3 || kind.type == 11 || kind.type == 12 ? lengthOfDatagram : 0)
    var plan = TranslationPlan.MessagePlan(
      type: translated.type, code: translated.code, embedded: embedded)
    switch kind.type {
    case 3 where kind.code == 4:
      let length = Int(bytes.word(at: embedded.ip.start + 2))
      plan.parameter = mtuInIPv6(bytes.word(at: ip.transport + 6), totalLength: length)
    case 3 where kind.code == 2: plan.parameter = 6  // the next header field
    case 12:
      guard let pointer = ICMPError.Kind.pointerInIPv6(bytes[ip.transport + 4]) else {
        throw .untranslatable(.unknownMessage)
      }
      plan.parameter = UInt32(pointer)
    default: break
    }
    fit(&plan)
    return plan
  }

  /// RFC 4443 §2.4(c): an error is cut off so that it arrives everywhere; extensions stay whole, or
  /// are left out where they have no room, or ICMPv6 no place for their length (RFC 4884 §4.6).
  private func fit(_ plan: inout TranslationPlan.MessagePlan) {
    guard var embedded = plan.embedded else { return }
    let room = 1280 - 48
    if plan.type != 1 && plan.type != 3 || embedded.extensions.count > room - 128 {
      embedded.extensions = 0..<0
    }
    let most = room - embedded.extensions.count
    embedded.payload = min(
      embedded.payload, (embedded.extensions.isEmpty ? most : most & ~7) - embedded.header)
    if !embedded.extensions.isEmpty { plan.parameter |= UInt32(embedded.filled / 8) << 24 }
    plan.embedded = embedded
  }

  /// Writes the packet; the plan has seen to it that all there is fits.
  func writeIPv6(
    _ plan: TranslationPlan, _ bytes: Span<UInt8>, into output: inout MutableSpan<UInt8>
  ) -> Output {
    let ip = plan.ip
    let header = writeIPv6Header(
      ip, bytes, at: 0, payload: plan.length - ip.headerLengthInIPv6, hopLimit: bytes[8] - 1,
      into: &output)
    if let message = plan.message {
      write(message, ip, bytes, at: header, end: plan.length, into: &output)
    } else {
      output.copy(bytes, ip.transport..<ip.end, to: header)
      output.exchangePseudoHeader(ip, bytes, at: header, end: plan.length)
    }
    var result = Output(length: plan.length, isV6: true)
    if plan.length > lowestIPv6MTU, bytes.word(at: 6) & 0x4000 == 0 {
      result.fragmentation = Fragmentation(
        mtu: lowestIPv6MTU, identification: UInt32(bytes.word(at: 4)))
    }
    return result
  }

  /// Writes an IPv6 header, and a Fragment header if the packet is one (RFC 7915 §4.1).
  ///
  /// - Returns: where the transport header begins.
  private func writeIPv6Header(
    _ ip: IPLayout, _ bytes: Span<UInt8>, at start: Int, payload: Int, hopLimit: UInt8,
    into output: inout MutableSpan<UInt8>
  ) -> Int {
    let trafficClass = bytes[ip.start + 1]
    output[start] = 0x60 | trafficClass >> 4
    output[start + 1] = trafficClass << 4
    output.write(0, at: start + 2)
    let extra = ip.fragment == nil ? 0 : 8
    output.write(UInt16(truncatingIfNeeded: min(65535, payload + extra)), at: start + 4)
    let next = ip.protocol == .icmp ? TransportProtocol.icmpv6.rawValue : ip.protocol.rawValue
    output[start + 6] = ip.fragment == nil ? next : 44
    output[start + 7] = hopLimit
    output.write(prefix.address(for: bytes.addressV4(at: ip.source)), at: start + 8)
    output.write(prefix.address(for: bytes.addressV4(at: ip.destination)), at: start + 24)
    guard let fragment = ip.fragment else { return start + 40 }
    output[start + 40] = next
    output[start + 41] = 0
    output.write(fragment.offset | (fragment.moreFollow ? 1 : 0), at: start + 42)
    output.write(0, at: start + 44)
    output.write(UInt16(truncatingIfNeeded: fragment.identification), at: start + 46)
    return start + 48
  }

  private func write(
    _ message: TranslationPlan.MessagePlan, _ ip: IPLayout, _ bytes: Span<UInt8>,
    at start: Int, end: Int, into output: inout MutableSpan<UInt8>
  ) {
    if let embedded = message.embedded {
      output.write(UInt16(truncatingIfNeeded: message.parameter >> 16), at: start + 4)
      output.write(UInt16(truncatingIfNeeded: message.parameter), at: start + 6)
      let inner = embedded.ip
      // Its length was that of the whole packet, of which this is the beginning.
      let stated = Int(bytes.word(at: inner.start + 2)) - (inner.transport - inner.start)
      let header = writeIPv6Header(
        inner, bytes, at: start + 8, payload: stated, hopLimit: bytes[inner.start + 8],
        into: &output)
      output.copy(bytes, inner.transport..<inner.transport + embedded.payload, to: header)
      let innerEnd = header + embedded.payload
      if let type = embedded.queryType {
        output[header] = type
        output.exchangePseudoHeader(
          inner, bytes, at: header, end: innerEnd, oldType: bytes[inner.transport], stated: stated)
      } else {
        output.exchangePseudoHeader(inner, bytes, at: header, end: innerEnd)
      }
      output.writeExtensions(embedded, bytes, from: innerEnd, to: start + 8 + embedded.filled)
    } else {
      output.copy(bytes, ip.transport + 4..<ip.end, to: start + 4)
    }
    output[start] = message.type
    output[start + 1] = message.code
    output.writeMessageChecksum(at: start, end: end, isV6: true)
  }
}

extension HeaderTranslator {
  /// RFC 791 §3.1: a loose or strict source route whose pointer is not behind its last address.
  private func hasSourceRoute(_ bytes: Span<UInt8>, _ ip: IPLayout) -> Bool {
    var offset = 20
    while offset < ip.transport {
      let option = bytes[offset]
      if option == 0 { return false }
      if option == 1 {
        offset += 1
        continue
      }
      guard offset + 1 < ip.transport, bytes[offset + 1] >= 2 else { return false }
      let length = Int(bytes[offset + 1])
      if option == 131 || option == 137, offset + 2 < ip.transport {
        if Int(bytes[offset + 2]) <= length { return true }
      }
      offset += length
    }
    return false
  }
}
