/// The protocol of a packet on a shared media port, told by its first byte (RFC 7983 §7).
///
///     first byte   protocol
///     0 to 3       STUN
///     16 to 19     ZRTP
///     20 to 63     DTLS
///     64 to 79     TURN ChannelData
///     128 to 191   RTP or RTCP
///     the rest     unknown, to be dropped (RFC 9443 gives 80 to 127 and 192 to 255 to QUIC)
///
/// Only a packet from a TURN server's own address can be ChannelData.
public enum PacketKind: Hashable, Sendable, CaseIterable {
  /// STUN (RFC 8489).
  case stun
  /// ZRTP (RFC 6189).
  case zrtp
  /// DTLS (RFC 9147).
  case dtls
  /// TURN ChannelData (RFC 8656 §12.4).
  case channelData
  /// RTP (RFC 3550 §5.1).
  case rtp
  /// RTCP (RFC 3550 §6).
  case rtcp
  /// A first byte of none of these, or no byte at all.
  case unknown

  /// The kind of the packet that begins with these bytes; `unknown` when there are none.
  ///
  /// RTP and RTCP share a range of the first byte. The second one of RTCP is 192 to 223 (RFC 5761 §4).
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

  /// The kind of the packet that begins with these bytes.
  public init(_ bytes: [UInt8]) {
    self.init(bytes.span.bytes)
  }
}

extension PacketKind: CustomStringConvertible {
  /// The protocol's name: `STUN`.
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
