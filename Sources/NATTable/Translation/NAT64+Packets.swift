public import IPPacket
public import SansIO
import TransportAddress

/// Parsed packets through a NAT64.
extension NAT64 {
  /// What becomes of a packet.
  public enum Verdict: Hashable, Sendable {
    /// It goes on, translated like this: an IPv6 packet that was hairpinned stays IPv6.
    case forward(Packet)
    /// It ends here.
    case drop(DropReason)
    /// It is a fragment that came before the first of its datagram; see
    /// ``NATTable/Verdict/hold(_:)``.
    case hold(HoldToken)

    /// The translated packet, or nil if it was dropped.
    public var packet: Packet? {
      if case .forward(let packet) = self { packet } else { nil }
    }
  }

  /// Translates a packet of an IPv6 host, and remembers that it went out.
  ///
  /// - Complexity: O(1) on average, besides removing what has expired.
  public mutating func outbound(_ packet: Packet, at now: Instant) -> Verdict {
    do throws(DropReason) {
      try checkEnds(packet.source.address, packet.destination.address)
    } catch {
      return .drop(error)
    }
    let isHairpin = table.isOwn(packet.destination.address)
    switch table.outbound(packet, at: now) {
    case .forward(let translated) where isHairpin: return .forward(translated)
    case .forward(let translated):
      return verdict { () throws(TranslationFailure) in
        try translator.toIPv4(translated)
      }
    case .drop(let reason): return .drop(.table(reason))
    case .hold(let token): return .hold(token)
    }
  }

  /// Finds the IPv6 host that a packet from an IPv4 host is for, if its filter lets it in.
  ///
  /// - Complexity: O(1) on average, besides removing what has expired.
  public mutating func inbound(_ packet: Packet, at now: Instant) -> Verdict {
    let translated = verdict { () throws(TranslationFailure) in try translator.toIPv6(packet) }
    guard case .forward(let packet) = translated else {
      expire(at: now)
      return translated
    }
    switch table.inbound(packet, at: now) {
    case .forward(let packet): return .forward(packet)
    case .drop(let reason): return .drop(.table(reason))
    case .hold(let token): return .hold(token)
    }
  }

  private func verdict(_ translate: () throws(TranslationFailure) -> Packet) -> Verdict {
    do throws(TranslationFailure) {
      return .forward(try translate())
    } catch {
      return .drop(.translation(error))
    }
  }

  /// What a packet of an IPv6 host must be to be looked at: for an IPv4 host, and not from one.
  func checkEnds(_ source: IPAddress, _ destination: IPAddress) throws(DropReason) {
    // RFC 6146 §3.5: what the NAT64 itself has sent must not come round again.
    if translator.embedded(source) != nil { throw .hairpinLoop }
    do throws(TranslationFailure) {
      try translator.checkSource(source)
      try translator.checkEmbedded(destination)
    } catch {
      throw .translation(error)
    }
  }
}

extension NAT64.Verdict: CustomStringConvertible {
  /// `forward UDP …` or `drop: …`.
  public var description: String {
    switch self {
    case .forward(let packet): "forward \(packet)"
    case .drop(let reason): "drop: \(reason)"
    case .hold: "hold: the datagram's first fragment has not come yet (RFC 4787 §11)"
    }
  }
}
