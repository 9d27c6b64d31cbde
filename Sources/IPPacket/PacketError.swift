/// Why bytes are not a packet that can be translated: where, and what is wrong there.
@frozen
public struct PacketError: Error, Hashable, Sendable {
  /// In bytes from the packet's start.
  public var offset: Int

  /// What is wrong.
  public var reason: Reason

  /// An error at an offset in bytes.
  @inlinable
  public init(offset: Int, reason: Reason) {
    self.offset = offset
    self.reason = reason
  }

  /// What can be wrong with the bytes of a packet.
  @frozen
  public enum Reason: Hashable, Sendable, CaseIterable {
    /// The packet ends within a header.
    case truncated
    /// The version is neither 4 nor 6.
    case unknownVersion
    /// A header states less than its own least length.
    case headerTooShort
    /// The IP header states more bytes than there are.
    case lengthBeyondPacket
    /// The IPv4 header's checksum is wrong.
    case wrongHeaderChecksum
    /// More than eight IPv6 extension headers stand before the transport header.
    case tooManyExtensionHeaders
    /// The first fragment ends within the transport header (RFC 1858 §3).
    case tinyFragment
    /// The ICMP error's checksum is wrong (RFC 5508 REQ-3).
    case wrongErrorChecksum
    /// The checksum of the IPv4 header in an ICMP error is wrong (RFC 5508 REQ-3a).
    case wrongEmbeddedChecksum
    /// The ICMP message is of a type that no NAT translates.
    case unsupportedMessage
    /// The ICMP error embeds a later fragment, which has no ports.
    case embeddedFragment
  }
}

extension PacketError: CustomStringConvertible {
  /// The reason, with the offset.
  public var description: String { "\(reason), at byte \(offset)" }
}

extension PacketError.Reason: CustomStringConvertible {
  /// The reason as a phrase with its section.
  public var description: String {
    switch self {
    case .truncated: "the packet ends within a header"
    case .unknownVersion: "the version is neither 4 nor 6 (RFC 791 §3.1, RFC 8200 §3)"
    case .headerTooShort: "a header says that it is shorter than it can be (RFC 791 §3.1)"
    case .lengthBeyondPacket: "the length is more than there are bytes (RFC 791 §3.1)"
    case .wrongHeaderChecksum: "the header's checksum is wrong (RFC 791 §3.1)"
    case .tooManyExtensionHeaders: "there are more than eight extension headers (RFC 8200 §4)"
    case .tinyFragment: "the first fragment does not hold the transport header (RFC 1858 §3)"
    case .wrongErrorChecksum: "the ICMP error's checksum is wrong (RFC 5508 §4, REQ-3)"
    case .wrongEmbeddedChecksum:
      "the checksum of the IP header in the ICMP error is wrong (RFC 5508 §4.1, REQ-3a)"
    case .unsupportedMessage: "this kind of ICMP message crosses no NAT (RFC 5508 §8)"
    case .embeddedFragment: "the error is about a fragment without ports (RFC 5508 §4)"
    }
  }
}
