public import IPPacket
public import SansIO
import TransportAddress

/// Translation in place: the bytes of an IPv4 or IPv6 packet, from its first header on.
extension NATTable {
  /// What becomes of a packet's bytes.
  public enum ByteVerdict: Hashable, Sendable {
    /// They have been translated and go on.
    case forward
    /// They end here, unchanged.
    case drop(DropReason)
    /// A fragment before the first of its datagram: keep them, unchanged, for the token.
    case hold(HoldToken)
    /// They are no packet that could be translated; unchanged.
    case malformed(PacketError)
  }

  /// Translates a packet from the inside.
  ///
  /// - Complexity: O(1) on average; O(n) for an ICMP error of n bytes.
  public mutating func outbound(
    _ bytes: inout MutableSpan<UInt8>, at now: Instant
  ) -> ByteVerdict {
    translate(&bytes, at: now, fromInside: true)
  }

  /// Translates a packet from the outside.
  ///
  /// - Complexity: O(1) on average; O(n) for an ICMP error of n bytes.
  public mutating func inbound(
    _ bytes: inout MutableSpan<UInt8>, at now: Instant
  ) -> ByteVerdict {
    translate(&bytes, at: now, fromInside: false)
  }

  private mutating func translate(
    _ bytes: inout MutableSpan<UInt8>, at now: Instant, fromInside: Bool
  ) -> ByteVerdict {
    do throws(PacketError) {
      let ip = try IPLayout(bytes.span, at: 0, isWhole: true)
      return try translate(&bytes, ip, at: now, fromInside: fromInside)
    } catch {
      return .malformed(error)
    }
  }

  /// Translates a packet whose IP header has been read, at the time that ``expire(at:)`` was told.
  package mutating func translate(
    _ bytes: inout MutableSpan<UInt8>, _ ip: IPLayout, fromInside: Bool
  ) -> ByteVerdict {
    makeUnique()
    do throws(PacketError) {
      return try translate(&bytes, ip, at: nil, fromInside: fromInside)
    } catch {
      return .malformed(error)
    }
  }

  /// - Parameter now: nil if the table knows the time.
  @inline(__always)
  private mutating func translate(
    _ bytes: inout MutableSpan<UInt8>, _ ip: IPLayout, at now: Instant?, fromInside: Bool
  ) throws(PacketError) -> ByteVerdict {
    var packet = Packet(bytes.span, ip)
    let layout = try PacketLayout(bytes.span, ip, reading: &packet)
    if let now { expire(at: now) }
    switch fromInside ? outbound(&packet) : inbound(&packet) {
    case .forward:
      layout.write(packet, into: &bytes)
      if fromInside, layout.canBeFragmented(bytes.span) { renumber(packet, &bytes) }
      return .forward
    case .drop(let reason): return .drop(reason)
    case .hold(let token): return .hold(token)
    }
  }
}

extension NATTable {
  /// Gives a datagram that may be fragmented an Identification that no other host behind the
  /// address uses (RFC 6864 §5.3.1); that of any other means nothing.
  private mutating func renumber(_ packet: Packet, _ bytes: inout MutableSpan<UInt8>) {
    guard configuration.rewritesIdentification, case .v4(let source) = packet.source.address,
      case .v4(let destination) = packet.destination.address
    else { return }
    bytes.replaceIdentification(
      by: identifications.next(from: source, to: destination, packet.protocol))
  }
}
