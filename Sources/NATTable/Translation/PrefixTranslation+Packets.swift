public import IPPacket
import TransportAddress

/// Packets through a prefix translation, parsed or as bytes in place (RFC 6296 §2).
///
/// Only addresses change, and in a way that leaves every sum over them as it was: no checksum need
/// be touched, not even that of an ICMPv6 error in which another packet's addresses change too.
extension PrefixTranslation {
  /// Why a packet does not go on.
  public enum DropReason: String, Error, Hashable, Sendable, CaseIterable {
    /// Its address on the side that it comes from is behind the other prefix, or none of both.
    case notInPrefix
    /// Its address has no word that could be adjusted: all candidates are 0xFFFF (RFC 6296 §3.4,
    /// §3.5).
    case noAdjustableWord
  }

  /// What becomes of a packet's bytes.
  public enum ByteVerdict: Hashable, Sendable {
    /// They have been translated and go on: outwards, or inwards if that is where the receiver is.
    case forward
    /// They end here, unchanged.
    case drop(DropReason)
    /// They are no IPv6 packet; unchanged.
    case malformed(PacketError)
  }

  // MARK: - Bytes

  /// Translates the bytes of a packet from the inside, its IPv6 header first.
  ///
  /// One to an outside address of the same network turns round, as RFC 4787 REQ-9 wants of a NAT.
  /// - Complexity: O(1).
  public func outbound(_ bytes: inout MutableSpan<UInt8>) -> ByteVerdict {
    rewrite(&bytes) { (source, destination) throws(DropReason) in
      source = try sent(source)
      if isOutside(destination) { destination = try received(destination) }
    } embedded: { (source, destination) throws(DropReason) in
      // An error from the inside is about a packet that came in.
      destination = try sent(destination)
      if isInside(source) { source = try sent(source) }
    }
  }

  /// Translates the bytes of a packet from the outside, its IPv6 header first.
  ///
  /// - Complexity: O(1).
  public func inbound(_ bytes: inout MutableSpan<UInt8>) -> ByteVerdict {
    rewrite(&bytes) { (_, destination) throws(DropReason) in
      destination = try received(destination)
    } embedded: { (source, _) throws(DropReason) in
      // An error from the outside is about a packet that went out.
      source = try received(source)
    }
  }

  private typealias Exchange = (inout IPv6Address, inout IPv6Address) throws(DropReason) -> Void

  private func rewrite(
    _ bytes: inout MutableSpan<UInt8>, ends: Exchange, embedded: Exchange
  ) -> ByteVerdict {
    do throws(PacketError) {
      let ip = try IPLayout(bytes.span, at: 0, isWhole: true)
      guard ip.isV6 else { throw PacketError(offset: 0, reason: .unknownVersion) }
      let inner = quoted(bytes.span, ip)
      do throws(DropReason) {
        // All that can fail comes before the first byte is written.
        let outer = try exchanged(bytes.span, at: 8, ends)
        if let inner {
          let about = try exchanged(bytes.span, at: inner + 8, embedded)
          bytes.write(about.source, at: inner + 8)
          bytes.write(about.destination, at: inner + 24)
        }
        bytes.write(outer.source, at: 8)
        bytes.write(outer.destination, at: 24)
        return .forward
      } catch {
        return .drop(error)
      }
    } catch {
      return .malformed(error)
    }
  }

  private func exchanged(
    _ bytes: Span<UInt8>, at offset: Int, _ exchange: Exchange
  ) throws(DropReason) -> (source: IPv6Address, destination: IPv6Address) {
    var source = bytes.addressV6(at: offset)
    var destination = bytes.addressV6(at: offset + 16)
    try exchange(&source, &destination)
    return (source, destination)
  }

  /// Where the packet begins that an ICMPv6 error quotes; nil for any other packet, and if less
  /// than its header is there.
  private func quoted(_ bytes: Span<UInt8>, _ ip: IPLayout) -> Int? {
    let start = ip.transport + 8
    guard ip.protocol == .icmpv6, (ip.fragment?.offset ?? 0) == 0, start + 40 <= ip.end,
      bytes[ip.transport] < 128, bytes[start] >> 4 == 6
    else { return nil }
    return start
  }

  // MARK: - Parsed packets

  /// Translates a packet from the inside.
  public func outbound(_ packet: Packet) throws(DropReason) -> Packet {
    var translated = packet
    translated.source.address = try sent(packet.source.address)
    if isOutside(packet.destination.address) {
      translated.destination.address = try received(packet.destination.address)
    }
    if case .error(var error) = packet.content {
      error.embedded.destination.address = try sent(error.embedded.destination.address)
      if isInside(error.embedded.source.address) {
        error.embedded.source.address = try sent(error.embedded.source.address)
      }
      translated.content = .error(error)
    }
    return translated
  }

  /// Translates a packet from the outside.
  public func inbound(_ packet: Packet) throws(DropReason) -> Packet {
    var translated = packet
    translated.destination.address = try received(packet.destination.address)
    if case .error(var error) = packet.content {
      error.embedded.source.address = try received(error.embedded.source.address)
      translated.content = .error(error)
    }
    return translated
  }

  // MARK: - Addresses

  private func sent(_ address: IPv6Address) throws(DropReason) -> IPv6Address {
    guard isInside(address) else { throw .notInPrefix }
    guard let outside = outside(of: address) else { throw .noAdjustableWord }
    return outside
  }

  private func received(_ address: IPv6Address) throws(DropReason) -> IPv6Address {
    guard isOutside(address) else { throw .notInPrefix }
    guard let inside = inside(of: address) else { throw .noAdjustableWord }
    return inside
  }

  private func sent(_ address: IPAddress) throws(DropReason) -> IPAddress {
    guard case .v6(let address) = address else { throw .notInPrefix }
    return .v6(try sent(address))
  }

  private func received(_ address: IPAddress) throws(DropReason) -> IPAddress {
    guard case .v6(let address) = address else { throw .notInPrefix }
    return .v6(try received(address))
  }

  private func isInside(_ address: IPv6Address) -> Bool { address.high & mask == inside.high }

  private func isOutside(_ address: IPv6Address) -> Bool { address.high & mask == outside.high }

  private func isInside(_ address: IPAddress) -> Bool {
    if case .v6(let address) = address { isInside(address) } else { false }
  }

  private func isOutside(_ address: IPAddress) -> Bool {
    if case .v6(let address) = address { isOutside(address) } else { false }
  }

  private var mask: UInt64 { UInt64.max << UInt64(64 - length) }
}

extension Span<UInt8> {
  fileprivate func addressV6(at offset: Int) -> IPv6Address {
    guard case .v6(let address) = address(at: offset, isV6: true) else {
      return IPv6Address(high: 0, low: 0)
    }
    return address
  }
}

extension PrefixTranslation.DropReason: CustomStringConvertible {
  /// The reason as a phrase with its section.
  public var description: String {
    switch self {
    case .notInPrefix: "the address is not behind the prefix (RFC 6296 §2)"
    case .noAdjustableWord:
      "no word of the address can be adjusted, as it is 0xFFFF (RFC 6296 §3.4)"
    }
  }
}
