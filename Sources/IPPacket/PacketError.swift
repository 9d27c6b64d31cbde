/// Why bytes are not a packet that can be translated: where, and what is wrong there.
@frozen
public struct PacketError: Error, Hashable, Sendable {
  /// In bytes from the packet's start.
  public var offset: Int

  public var reason: Reason

  @inlinable
  public init(offset: Int, reason: Reason) {
    self.offset = offset
    self.reason = reason
  }

  @frozen
  public enum Reason: Hashable, Sendable, CaseIterable {
    case truncated
    case unknownVersion
    case headerTooShort
    case lengthBeyondPacket
    case wrongHeaderChecksum
    case tooManyExtensionHeaders
    case tinyFragment
    case wrongErrorChecksum
    case wrongEmbeddedChecksum
    case unsupportedMessage
    case embeddedFragment
  }
}

extension PacketError: CustomStringConvertible {
  public var description: String { "\(reason), at byte \(offset)" }
}

extension PacketError.Reason: CustomStringConvertible {
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
