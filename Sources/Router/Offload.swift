import IPPacket
import NATTable
import TransportAddress

/// What a kernel has left for the network card to do, as a TUN device tells it with each packet.
///
/// A card computes checksums and cuts up long TCP segments faster than a processor. Between two
/// hosts on one machine nobody has to do either, and a segment of 64 KiB is translated as quickly as
/// one of 1500 bytes.
public struct Offload: Hashable, Sendable {
  /// Where the transport header begins whose checksum is begun only; nil if it is complete.
  public var checksumStart: Int?
  /// From there, where the checksum stands.
  public var checksumOffset = 0
  /// How much payload each segment is to have, or 0 if the packet is not to be cut up.
  public var segmentSize = 0
  /// The length of the headers that each segment gets.
  public var headerLength = 0

  public init() {}

  public static let none = Offload()

  /// A checksum that covers the pseudo-header so far, with the addresses that it covers.
  struct PartialChecksum: Hashable {
    var start: Int
    var place: Int
    var value: UInt16
    fileprivate var source: IPv4Address
    fileprivate var destination: IPv4Address
  }

  /// The checksum that is begun, as it is before translation.
  func begin(_ bytes: Span<UInt8>) -> PartialChecksum? {
    guard let start = checksumStart, let header = IPv4Header(bytes), start >= header.headerLength,
      checksumOffset >= 0, start + checksumOffset + 2 <= header.totalLength
    else { return nil }
    let place = start + checksumOffset
    return PartialChecksum(
      start: start, place: place, value: bytes.networkWord(at: place), source: header.source,
      destination: header.destination)
  }

  /// Begins the checksum for the translated packet: of what has changed only the addresses count so
  /// far. The table, which takes every checksum for a complete one, has spoilt it.
  func finish(_ bytes: inout MutableSpan<UInt8>, _ partial: PartialChecksum?) {
    guard let partial else { return }
    var delta = ChecksumDelta()
    delta.replace(partial.source, by: bytes.span.networkAddress(at: 12))
    delta.replace(partial.destination, by: bytes.span.networkAddress(at: 16))
    // What is begun is the sum itself, where a complete checksum is its complement.
    bytes.putNetworkWord(~delta.applied(to: ~partial.value), at: partial.place)
  }
}

extension ChecksumDelta {
  fileprivate mutating func replace(_ old: IPv4Address, by new: IPv4Address) {
    replace(UInt16(old.rawValue >> 16), by: UInt16(new.rawValue >> 16))
    replace(
      UInt16(truncatingIfNeeded: old.rawValue), by: UInt16(truncatingIfNeeded: new.rawValue))
  }
}

extension MutableSpan<UInt8> {
  /// Does what was left to the network card: sums up the transport header and the payload.
  ///
  /// - Complexity: O(n).
  mutating func completeChecksum(_ partial: Offload.PartialChecksum) {
    guard let header = IPv4Header(span) else { return }
    var checksum = Checksum()
    checksum.add(span, in: partial.start..<header.totalLength)
    let isUDP = header.protocol == 17
    // RFC 768: 0 would say that there is none.
    putNetworkWord(isUDP && checksum.value == 0 ? 0xFFFF : checksum.value, at: partial.place)
  }
}
