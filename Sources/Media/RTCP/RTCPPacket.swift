/// An RTCP packet; several in a row make a compound packet, which a datagram has (RFC 3550 §6.1).
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
///     |V=2|P|  count  |      type     |   length in words, less one   |
///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
public enum RTCPPacket: Hashable, Sendable {
  /// Who sends says how much, and what it has received of others (RFC 3550 §6.4.1).
  case senderReport(source: UInt32, SenderInfo, [ReportBlock])
  /// Who sends nothing says what it has received (RFC 3550 §6.4.2).
  case receiverReport(source: UInt32, [ReportBlock])
  /// Who the sources are (RFC 3550 §6.5).
  case sourceDescription([SourceDescription])
  /// These sources have left (RFC 3550 §6.6).
  case goodbye([UInt32])
  /// Another type, with its count and the bytes behind the header, whole words of 4.
  case other(type: UInt8, count: UInt8, content: [UInt8])

  /// How much a source has sent by now.
  public struct SenderInfo: Hashable, Sendable {
    /// Now.
    public var time: NTPTime
    /// Now, counted as the source's timestamps are.
    public var timestamp: UInt32
    /// How many packets it has sent.
    public var packetCount: UInt32
    /// How many bytes of payload they had.
    public var byteCount: UInt32

    /// An account with these fields.
    public init(time: NTPTime, timestamp: UInt32, packetCount: UInt32, byteCount: UInt32) {
      (self.time, self.timestamp) = (time, timestamp)
      (self.packetCount, self.byteCount) = (packetCount, byteCount)
    }
  }

  /// Who a source is; items other than the canonical name are left out.
  public struct SourceDescription: Hashable, Sendable {
    /// The source.
    public var source: UInt32
    /// What stays the same if the source's number changes, 255 bytes at most; nil if it is not said.
    public var canonicalName: String?

    /// A description with these fields.
    public init(source: UInt32, canonicalName: String?) {
      (self.source, self.canonicalName) = (source, canonicalName)
    }
  }

  /// The type's number.
  public var type: UInt8 {
    switch self {
    case .senderReport: 200
    case .receiverReport: 201
    case .sourceDescription: 202
    case .goodbye: 203
    case .other(let type, _, _): type
    }
  }
}

extension RTCPPacket: CustomStringConvertible {
  /// `sender report with 1 block`.
  public var description: String {
    func counted(_ count: Int, _ noun: String) -> String {
      "\(count) \(noun)\(count == 1 ? "" : "s")"
    }
    return switch self {
    case .senderReport(_, _, let blocks): "sender report with \(counted(blocks.count, "block"))"
    case .receiverReport(_, let blocks): "receiver report with \(counted(blocks.count, "block"))"
    case .sourceDescription(let sources): "description of \(counted(sources.count, "source"))"
    case .goodbye(let sources): "goodbye of \(counted(sources.count, "source"))"
    case .other(let type, _, _): "RTCP of type \(type)"
    }
  }
}
