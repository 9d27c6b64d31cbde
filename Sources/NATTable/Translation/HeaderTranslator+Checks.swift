import IPPacket
import TransportAddress

/// What both directions look at before they translate.
extension HeaderTranslator {
  /// RFC 7915 §4.1, §5.1: a packet without a host's source address is dropped silently.
  func checkSource(_ address: IPAddress) throws(TranslationFailure) {
    switch address.classification {
    case .unspecified, .thisNetwork, .loopback, .multicast, .broadcast, .linkLocal:
      throw .untranslatable(.illegalSource)
    default: break
    }
  }

  /// Whether the transport header is there whose checksum must change.
  func checkTransport(_ bytes: Span<UInt8>, _ ip: IPLayout) throws(TranslationFailure) {
    let isLater = (ip.fragment?.offset ?? 0) > 0
    let isCutUp = isLater || ip.fragment?.moreFollow == true
    let needed: Int
    switch ip.protocol {
    case .icmp, .icmpv6:
      // Either version's is the other's alone, and a checksum over the whole is not to be had.
      guard (ip.protocol == .icmpv6) == ip.isV6 else { throw .untranslatable(.unknownMessage) }
      if isCutUp { throw .untranslatable(.fragmentedMessage) }
      needed = 8
    case .udp: needed = isLater ? 0 : 8
    case .tcp: needed = isLater ? 0 : 20
    default: needed = 0
    }
    guard ip.end - ip.transport >= needed else {
      throw .malformed(PacketError(offset: ip.end, reason: isCutUp ? .tinyFragment : .truncated))
    }
    // RFC 7915 §4.5: IPv6 wants a checksum, which only the whole datagram's bytes give.
    if ip.protocol == .udp, !ip.isV6, isCutUp, !isLater, bytes.word(at: ip.transport + 6) == 0 {
      throw .untranslatable(.missingChecksum)
    }
  }

  /// RFC 5508 REQ-3: translating would give a damaged error a right checksum again.
  func verifyError(_ bytes: Span<UInt8>, _ ip: IPLayout) throws(TranslationFailure) {
    do throws(PacketError) {
      try PacketLayout.verifyMessage(bytes, ip)
    } catch {
      throw .malformed(error)
    }
  }

  /// Reads the packet in an ICMP error (RFC 7915 §4.3, §5.3).
  ///
  /// - Parameter cut: how long it is if extensions follow (RFC 4884 §4); or 0.
  func planEmbedded(
    _ bytes: Span<UInt8>, _ outer: IPLayout, cut: Int
  ) throws(TranslationFailure) -> TranslationPlan.EmbeddedPlan {
    var ip: IPLayout
    do throws(PacketError) {
      ip = try IPLayout(bytes, at: outer.transport + 8, isWhole: false)
    } catch {
      throw .malformed(error)
    }
    guard ip.isV6 == outer.isV6 else {
      throw .malformed(PacketError(offset: ip.start, reason: .unknownVersion))
    }
    ip.end = min(ip.end, outer.end, cut == 0 ? outer.end : ip.start + cut)
    guard ip.transport <= ip.end else {
      throw .malformed(PacketError(offset: ip.end, reason: .truncated))
    }
    guard
      ip.isV6
        || mayEmbed(bytes.addressV4(at: ip.source)) && mayEmbed(bytes.addressV4(at: ip.destination))
    else { throw .untranslatable(.notGlobal) }
    var plan = TranslationPlan.EmbeddedPlan(
      ip: ip, header: ip.isV6 ? 20 : ip.headerLengthInIPv6, payload: ip.end - ip.transport)
    if cut > 0, ip.start + cut < outer.end { plan.extensions = ip.start + cut..<outer.end }
    if ip.protocol == .icmp || ip.protocol == .icmpv6 {
      guard (ip.protocol == .icmpv6) == ip.isV6 else { throw .untranslatable(.unknownMessage) }
      guard (ip.fragment?.offset ?? 0) == 0 else { return plan }
      guard plan.payload > 0 else {
        throw .malformed(PacketError(offset: ip.end, reason: .truncated))
      }
      let type = bytes[ip.transport]
      guard let query = ip.isV6 ? Echo.inIPv4(type) : Echo.inIPv6(type) else {
        throw .untranslatable(.embeddedError)
      }
      plan.queryType = query
    }
    return plan
  }
}

extension IPLayout {
  /// Reads the header of a packet that is to be translated.
  init(translating bytes: Span<UInt8>) throws(TranslationFailure) {
    do throws(PacketError) {
      try self.init(bytes, at: 0, isWhole: true)
    } catch {
      throw .malformed(error)
    }
  }

  /// How long the header is in IPv6: only a fragment needs a Fragment header (RFC 7915 §4.1).
  var headerLengthInIPv6: Int { fragment == nil ? 40 : 48 }
}
