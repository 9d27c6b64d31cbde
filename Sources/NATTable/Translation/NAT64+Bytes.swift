public import IPPacket
public import SansIO
import TransportAddress

/// The bytes of packets through a NAT64. A packet changes its length, so that it is written into a
/// buffer of the caller's. 56 bytes more than the packet has are enough: an IPv6 header with a Fragment
/// header is 28 bytes longer than an IPv4 header, and so is that of the packet in an ICMP error.
extension NAT64 {
  /// What becomes of a packet's bytes.
  public enum ByteVerdict: Hashable, Sendable {
    /// The translated packet is in the output.
    case forward(HeaderTranslator.Output)
    /// They end here, and are unchanged.
    case drop(DropReason)
    /// A fragment before the first of its datagram: keep them, unchanged, for the token.
    case hold(HoldToken)
  }

  /// Translates a packet of an IPv6 host.
  ///
  /// A packet to another host of the same NAT64 stays IPv6 (RFC 6146 §3.8).
  /// - Parameters:
  ///   - bytes: the packet; one that is forwarded is used up, as its addresses are exchanged in
  ///     place.
  ///   - output: where the translated packet is written.
  /// - Complexity: O(n) for n bytes, which are copied.
  public mutating func outbound(
    _ bytes: inout MutableSpan<UInt8>, into output: inout MutableSpan<UInt8>, at now: Instant
  ) -> ByteVerdict {
    expire(at: now)
    do throws(DropReason) {
      return try translateOut(&bytes, into: &output, at: now)
    } catch {
      return .drop(error)
    }
  }

  private mutating func translateOut(
    _ bytes: inout MutableSpan<UInt8>, into output: inout MutableSpan<UInt8>, at now: Instant
  ) throws(DropReason) -> ByteVerdict {
    let plan = try plan(for: bytes.span, capacity: output.count)
    let ip = plan.ip
    let destination = bytes.span.address(at: ip.destination, isV6: true)
    try checkEnds(bytes.span.address(at: ip.source, isV6: true), destination)
    let isHairpin = table.isOwn(destination)
    if isHairpin, output.count < ip.end {
      throw .translation(.outputTooShort(needed: ip.end))
    }
    switch table.outbound(&bytes, at: now) {
    case .forward where isHairpin:
      output.copy(bytes.span, 0..<ip.end, to: 0)
      output[7] -= 1
      return .forward(HeaderTranslator.Output(length: ip.end, isV6: true))
    case .forward: return .forward(translator.writeIPv4(plan, bytes.span, into: &output))
    case .drop(let reason): throw .table(reason)
    case .hold(let token): return .hold(token)
    case .malformed(let error): throw .translation(.malformed(error))
    }
  }

  private func plan(
    for bytes: Span<UInt8>, capacity: Int
  ) throws(DropReason) -> TranslationPlan {
    do throws(TranslationFailure) {
      return try translator.planIPv4(bytes, capacity: capacity)
    } catch {
      throw .translation(error)
    }
  }

  /// Translates a packet of an IPv4 host.
  ///
  /// - Parameters:
  ///   - bytes: the packet, which stays as it is.
  ///   - output: where the translated packet is written; its content is of no use unless forwarded.
  /// - Complexity: O(n) for n bytes, which are copied.
  public mutating func inbound(
    _ bytes: Span<UInt8>, into output: inout MutableSpan<UInt8>, at now: Instant
  ) -> ByteVerdict {
    expire(at: now)
    let translated: HeaderTranslator.Output
    do throws(TranslationFailure) {
      translated = try translator.toIPv6(bytes, into: &output)
    } catch {
      return .drop(.translation(error))
    }
    switch table.inbound(&output, at: now) {
    case .forward: return .forward(translated)
    case .drop(let reason): return .drop(.table(reason))
    case .hold(let token): return .hold(token)
    case .malformed(let error): return .drop(.translation(.malformed(error)))
    }
  }

  /// The ICMP error that the sender of a dropped packet should be told with; nil for silence.
  ///
  /// - Parameter fromInside: whether an IPv6 host sent it.
  public static func answer(to reason: DropReason, fromInside: Bool) -> ICMPErrorMessage? {
    switch reason {
    case .table(let reason): ICMPErrorMessage(reason, isV6: fromInside)
    case .translation(let failure): failure.answer(isV6: fromInside)
    case .hairpinLoop: nil
    }
  }
}
