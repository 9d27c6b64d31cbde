public import IPPacket
import TransportAddress

/// The same translation of parsed packets, for those who have no bytes.
extension HeaderTranslator {
  /// Translates a packet of IPv4 to IPv6 (RFC 7915 §4).
  public func toIPv6(_ packet: Packet) throws(TranslationFailure) -> Packet {
    try checkFragment(packet)
    try checkSource(packet.source.address)
    var translated = packet
    translated.source = try toIPv6(packet.source)
    translated.destination = try toIPv6(packet.destination)
    if packet.protocol == .icmp { translated.protocol = .icmpv6 }
    if case .error(var error) = packet.content {
      guard let kind = error.kind.inIPv6 else { throw .untranslatable(.unknownMessage) }
      error.kind = kind
      error.embedded.source = try toIPv6(error.embedded.source)
      error.embedded.destination = try toIPv6(error.embedded.destination)
      if error.embedded.protocol == .icmp { error.embedded.protocol = .icmpv6 }
      translated.content = .error(error)
    }
    return translated
  }

  /// Translates a packet of IPv6 to IPv4 (RFC 7915 §5).
  public func toIPv4(_ packet: Packet) throws(TranslationFailure) -> Packet {
    try checkFragment(packet)
    try checkSource(packet.source.address)
    var translated = packet
    translated.source = try toIPv4(packet.source)
    translated.destination = try toIPv4(packet.destination)
    if packet.protocol == .icmpv6 { translated.protocol = .icmp }
    if case .error(var error) = packet.content {
      guard let kind = error.kind.inIPv4 else { throw .untranslatable(.unknownMessage) }
      error.kind = kind
      error.embedded.source = try toIPv4(error.embedded.source)
      error.embedded.destination = try toIPv4(error.embedded.destination)
      if error.embedded.protocol == .icmpv6 { error.embedded.protocol = .icmp }
      translated.content = .error(error)
    }
    translated.fragment?.identification &= 0xFFFF
    return translated
  }

  func toIPv6(_ endpoint: TransportAddress) throws(TranslationFailure) -> TransportAddress {
    guard case .v4(let host) = endpoint.address else { throw .untranslatable(.wrongVersion) }
    guard mayEmbed(host) else { throw .untranslatable(.notGlobal) }
    return TransportAddress(.v6(prefix.address(for: host)), port: endpoint.port)
  }

  func toIPv4(_ endpoint: TransportAddress) throws(TranslationFailure) -> TransportAddress {
    guard case .v6 = endpoint.address else { throw .untranslatable(.wrongVersion) }
    try checkEmbedded(endpoint.address)
    guard let host = embedded(endpoint.address) else { throw .untranslatable(.notEmbedded) }
    return TransportAddress(.v4(host), port: endpoint.port)
  }

  private func checkFragment(_ packet: Packet) throws(TranslationFailure) {
    guard let fragment = packet.fragment, fragment.moreFollow || fragment.offset > 0 else { return }
    if packet.protocol == .icmp || packet.protocol == .icmpv6 {
      throw .untranslatable(.fragmentedMessage)
    }
  }
}
