/// What a NAT, as the router that it is, does about the next link's MTU (RFC 4787 §10, REQ-13).
public enum LinkFit: Hashable, Sendable {
  /// The packet can go as it is.
  case fits
  /// It may be cut up, and must be (REQ-13a).
  case fragment(Fragmentation)
  /// It must stay whole: it ends here, and its sender is told (REQ-13).
  case tooBig(ICMPErrorMessage)

  /// Looks at a packet's length and, in IPv4, its DF bit; bytes that are no packet fit.
  ///
  /// To be asked before the packet is translated: its sender must recognise it in the error.
  /// - Parameter mtu: the longest packet that the next link takes, in bytes.
  /// - Complexity: O(1).
  public init(_ packet: Span<UInt8>, mtu: Int) {
    guard packet.count > mtu, packet.count >= 20 else {
      self = .fits
      return
    }
    let isV6 = packet[0] >> 4 == 6
    let length = isV6 ? 40 + Int(packet.word(at: 4)) : Int(packet.word(at: 2))
    if length <= mtu {
      // What is too long is padding of the link before.
      self = .fits
    } else if isV6 || packet.word(at: 6) & 0x4000 != 0 {
      self = .tooBig(.tooBig(mtu: mtu, isV6: isV6))
    } else {
      self = .fragment(Fragmentation(mtu: mtu))
    }
  }
}
