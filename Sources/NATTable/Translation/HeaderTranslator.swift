public import IPPacket
import TransportAddress

/// Translation between the headers of IPv4 and IPv6, each packet by itself (RFC 7915).
///
///     IPv6   64:ff9b::203.0.113.7 ──▶ 64:ff9b::198.51.100.1   UDP, TCP, ICMPv6 │ payload
///                     │                        │
///     IPv4        203.0.113.7     ──▶     198.51.100.1        UDP, TCP, ICMP   │ payload
///
/// Both IPv6 addresses embed the IPv4 ones behind the prefix (RFC 6052), so that no table is
/// needed: ``NAT64`` has one, and leaves the headers to this. A packet changes its length, so that
/// it is written anew into a buffer of the caller's.
public struct HeaderTranslator: Sendable {
  /// The prefix that IPv4 addresses are embedded behind.
  public let prefix: EmbeddedIPv4Prefix

  /// The longest packet that the next link towards IPv4 takes, in bytes; kept within 68 to 65 535.
  public var ipv4MTU = 1500 {
    didSet { ipv4MTU = min(65535, max(68, ipv4MTU)) }
  }

  /// The longest packet that the next link towards IPv6 takes, in bytes; kept within 1280 to 65
  /// 535.
  public var ipv6MTU = 1500 {
    didSet { ipv6MTU = min(65535, max(1280, ipv6MTU)) }
  }

  /// The longest IPv6 packet that surely arrives, in bytes: what may be fragmented is cut to this
  /// (RFC 7915 §4.1). At least 1280, which every IPv6 link takes; more where the network is known.
  public var lowestIPv6MTU = 1280 {
    didSet { lowestIPv6MTU = min(65535, max(1280, lowestIPv6MTU)) }
  }

  /// Where the Identification of IPv4 packets without a Fragment header comes from (RFC 7915 §5.1).
  var identifications: IdentificationGenerator

  /// A translator without configuration but its prefix.
  public init(_ prefix: EmbeddedIPv4Prefix = .wellKnown, randomSeed: UInt64 = 0) {
    self.prefix = prefix
    identifications = IdentificationGenerator(seed: randomSeed)
  }

  /// A packet in the output buffer.
  public struct Output: Hashable, Sendable {
    /// In bytes.
    public var length: Int

    /// Whether it is IPv6.
    public var isV6: Bool

    /// How it is to be cut up, as it is too long for the way ahead; nil if it can go as it is.
    public var fragmentation: Fragmentation?
  }

  /// Translates an IPv4 packet to IPv6 (RFC 7915 §4).
  ///
  /// - Throws: ``TranslationFailure``; the output's content is then of no use.
  /// - Complexity: O(n) for n bytes, which are copied.
  public func toIPv6(
    _ bytes: Span<UInt8>, into output: inout MutableSpan<UInt8>
  ) throws(TranslationFailure) -> Output {
    let plan = try planIPv6(bytes, capacity: output.count)
    return writeIPv6(plan, bytes, into: &output)
  }

  /// Translates an IPv6 packet to IPv4 (RFC 7915 §5).
  ///
  /// - Throws: ``TranslationFailure``; the output's content is then of no use.
  /// - Complexity: O(n) for n bytes, which are copied.
  public mutating func toIPv4(
    _ bytes: Span<UInt8>, into output: inout MutableSpan<UInt8>
  ) throws(TranslationFailure) -> Output {
    let plan = try planIPv4(bytes, capacity: output.count)
    try checkEnds(bytes, plan.ip)
    if let embedded = plan.message?.embedded { try checkEnds(bytes, embedded.ip) }
    return writeIPv4(plan, bytes, into: &output)
  }

  private func checkEnds(_ bytes: Span<UInt8>, _ ip: IPLayout) throws(TranslationFailure) {
    try checkEmbedded(bytes.address(at: ip.source, isV6: true))
    try checkEmbedded(bytes.address(at: ip.destination, isV6: true))
  }

  /// The IPv4 host that an IPv6 address stands for.
  func embedded(_ address: IPAddress) -> IPv4Address? {
    guard case .v6(let address) = address else { return nil }
    return prefix.host(in: address)
  }

  func checkEmbedded(_ address: IPAddress) throws(TranslationFailure) {
    guard let host = embedded(address) else { throw .untranslatable(.notEmbedded) }
    guard mayEmbed(host) else { throw .untranslatable(.notGlobal) }
  }

  /// RFC 6052 §3.1: the well-known prefix is for hosts that the whole Internet can reach. Examples
  /// must be possible, so that the addresses for documentation count as such.
  func mayEmbed(_ host: IPv4Address) -> Bool {
    guard prefix == .wellKnown else { return true }
    switch IPAddress.v4(host).classification {
    case .global, .documentation: return true
    default: return false
    }
  }
}

/// What is known about a translation before a byte of it is written; nothing can fail after it.
struct TranslationPlan {
  var ip: IPLayout
  /// Of the translated packet, in bytes.
  var length: Int
  /// How an ICMP message changes; nil for any other protocol.
  var message: MessagePlan?

  struct MessagePlan {
    var type: UInt8
    var code: UInt8
    /// The second word of an error: a pointer, an MTU or nothing.
    var parameter: UInt32 = 0
    var embedded: EmbeddedPlan?
  }

  /// The packet in an ICMP error.
  struct EmbeddedPlan {
    var ip: IPLayout
    /// The length of its header when translated.
    var header: Int
    /// How much of what follows its header is copied, as far as it is there and has room.
    var payload: Int
    /// What follows the packet in the error (RFC 4884 §7), in the bytes before the translation.
    var extensions: Range<Int> = 0..<0
    /// The length of header and payload, filled up with zeros if extensions follow.
    var filled: Int {
      extensions.isEmpty ? header + payload : max(128, (header + payload + 7) & ~7)
    }
    /// The type of the ICMP query that it is; nil for another protocol or a later fragment.
    var queryType: UInt8?
  }
}
