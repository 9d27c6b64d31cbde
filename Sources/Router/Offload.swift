import IPPacket
import TransportAddress

/// Checksum and segmentation work that a kernel left to the device (virtio-net header).
///
/// A network card computes checksums and segments TCP faster than a processor. Between two hosts on
/// one machine neither is necessary, and a segment of 64 KiB is translated as fast as one of 1500
/// bytes.
public struct Offload: Hashable, Sendable {
  /// Where the transport header with the partial checksum begins, in bytes; nil if it is complete.
  public var checksumStart: Int?
  /// Where the checksum stands, in bytes from ``checksumStart``.
  public var checksumOffset = 0
  /// The payload of each segment in bytes; 0 if the packet is not to be segmented.
  public var segmentSize = 0
  /// The length of the headers of each segment, in bytes.
  public var headerLength = 0

  /// No work left.
  public init() {}

  /// No work left: the packet is complete.
  public static let none = Offload()

  /// A checksum that covers the pseudo-header alone, with the addresses in it.
  struct PartialChecksum: Hashable {
    var start: Int
    /// Where the checksum stands, in bytes from the packet's start.
    var offset: Int
    var value: UInt16
    fileprivate var source: IPv4Address
    fileprivate var destination: IPv4Address
  }

  /// The partial checksum as it is before translation; nil if it is complete, or out of the packet.
  func begin(_ bytes: Span<UInt8>) -> PartialChecksum? {
    guard let start = checksumStart, let ip = try? IPLayout(bytes, at: 0, isWhole: true), !ip.isV6,
      start >= ip.transport, start <= ip.end, (0...0xFFFF).contains(checksumOffset),
      start + checksumOffset + 2 <= ip.end
    else { return nil }
    let offset = start + checksumOffset
    return PartialChecksum(
      start: start, offset: offset, value: bytes.word(at: offset),
      source: bytes.addressV4(at: ip.source), destination: bytes.addressV4(at: ip.destination))
  }

  /// Writes the translated packet's partial checksum, which covers the addresses alone.
  ///
  /// The table takes every checksum for a complete one, so that what it wrote is of no use.
  func finish(_ bytes: inout MutableSpan<UInt8>, _ partial: PartialChecksum?) {
    guard let partial else { return }
    var delta = ChecksumDelta()
    delta.replace(partial.source.rawValue, by: bytes.span.addressV4(at: 12).rawValue)
    delta.replace(partial.destination.rawValue, by: bytes.span.addressV4(at: 16).rawValue)
    // A partial checksum is the sum itself, a complete one its complement.
    bytes.write(~delta.applied(to: ~partial.value), at: partial.offset)
  }
}

extension MutableSpan<UInt8> {
  /// Completes a partial checksum: adds the transport header and the payload.
  ///
  /// - Complexity: O(n).
  mutating func completeChecksum(_ partial: Offload.PartialChecksum) {
    guard let ip = try? IPLayout(span, at: 0, isWhole: true) else { return }
    var checksum = Checksum()
    checksum.add(span, in: partial.start..<ip.end)
    // RFC 768: 0 would say that there is none.
    write(
      ip.protocol == .udp && checksum.value == 0 ? 0xFFFF : checksum.value, at: partial.offset)
  }
}
