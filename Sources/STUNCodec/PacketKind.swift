/// Which of the protocols that share a media port a packet belongs to, told by its first byte.
///
///     first byte   protocol
///     0 to 3       STUN
///     16 to 19     ZRTP
///     20 to 63     DTLS
///     64 to 79     TURN ChannelData
///     128 to 191   RTP or RTCP
///     the rest     nothing: RFC 7983 has them dropped (RFC 9443 gives 80 to 127 and 192 on to QUIC)
///
/// RFC 7983 §7. A packet from a TURN server's own address alone can be ChannelData.
public enum PacketKind: Hashable, Sendable, CaseIterable {
  case stun
  case zrtp
  case dtls
  case channelData
  case rtp
  case rtcp
  case unknown

  /// The kind of the packet that opens with these bytes; `unknown` when there are none.
  ///
  /// RTP and RTCP share a range; the second byte tells them apart, 192 to 223 being RTCP's (RFC 5761
  /// §4).
  ///
  /// - Complexity: O(1).
  @inlinable
  public init(_ bytes: RawSpan) {
    guard bytes.byteCount > 0 else {
      self = .unknown
      return
    }
    switch bytes.byte(at: 0) {
    case 0...3: self = .stun
    case 16...19: self = .zrtp
    case 20...63: self = .dtls
    case 64...79: self = .channelData
    case 128...191:
      self = bytes.byteCount > 1 && (192...223).contains(bytes.byte(at: 1)) ? .rtcp : .rtp
    default: self = .unknown
    }
  }

  /// The kind of the packet that opens with these bytes.
  public init(_ bytes: [UInt8]) {
    self.init(bytes.span.bytes)
  }
}

extension PacketKind: CustomStringConvertible {
  public var description: String {
    switch self {
    case .stun: "STUN"
    case .zrtp: "ZRTP"
    case .dtls: "DTLS"
    case .channelData: "ChannelData"
    case .rtp: "RTP"
    case .rtcp: "RTCP"
    case .unknown: "unknown"
    }
  }
}
